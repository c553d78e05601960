import {
  sealAudit,
  sealAuditTask,
  watchAudit,
  watchAuditTask,
} from '../src/features/audit/index.ts'
import { worker } from './worker.ts'

export const sealAuditWorker = worker(sealAuditTask, sealAudit)
export const watchAuditWorker = worker(watchAuditTask, watchAudit)
