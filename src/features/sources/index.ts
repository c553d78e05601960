export { presentSource } from './sources.presenter.ts'
export { mergeSourceDetails, storeSourceStatistics } from './sources.repository.ts'
export { AddedSource, AddedSources, AddSources, SourceView } from './sources.schemas.ts'
export { getSource, resolveHandles, storeSources } from './sources.service.ts'
