import { purgeAccess, purgeAccessTask } from '../src/features/accounts/index.ts'
import { worker } from './worker.ts'

export const purgeAccessWorker = worker(purgeAccessTask, purgeAccess)
