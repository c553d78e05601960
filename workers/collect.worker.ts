import { collectProfile, collectProfileTask } from '../src/features/monitoring/index.ts'
import { worker } from './worker.ts'

export const collectWorker = worker(collectProfileTask, (ctx, { workspaceId, profileId }) =>
  collectProfile(ctx, workspaceId, profileId),
)
