export { allWorkspaces as workspacesOf } from './rollups.repository.ts'
export { checkRollups, foldRollups, type RollupCheck, rebuildRollups } from './rollups.service.ts'
export { foldTask } from './rollups.tasks.ts'
