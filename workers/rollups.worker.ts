import { foldRollups, foldTask } from '../src/features/rollups/index.ts'
import { worker } from './worker.ts'

export const rollupsWorker = worker(foldTask, (ctx) => foldRollups(ctx))
