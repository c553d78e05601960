export { digestOf } from './digest.queries.ts'
export { openSeededWorkspace } from './open-workspace.service.ts'
export { type Seeded, seedWorkspace } from './seed.service.ts'
