export {
  authorsOfPeriod,
  type Period,
  seriesOfWorkspace,
  sumsOfPeriod,
  weeksInside,
} from './period-sums.queries.ts'
export { allWorkspaces as workspacesOf, dataVersion, noteDataChange } from './rollups.repository.ts'
export { checkRollups, foldRollups, rebuildRollups } from './rollups.service.ts'
export { foldTask } from './rollups.tasks.ts'
