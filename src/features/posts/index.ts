export { endStreams, type Ingested, ingestPosts, storeFreshNumbers } from './posts.repository.ts'
export { sampleMinute } from './sampling.ts'
