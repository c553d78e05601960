import { z } from 'zod'
import { defineTask } from '../../queues/task.ts'

const Nothing = z.object({})
const options = { attempts: 2, removeOnComplete: 10, removeOnFail: 100 }

/** Puts the chains' heads under seals. */
export const sealAuditTask = defineTask({
  queue: 'audit',
  name: 'seal-audit',
  payload: Nothing,
  options,
})

/** Looks through the audit log for suspicious patterns. */
export const watchAuditTask = defineTask({
  queue: 'audit',
  name: 'watch-audit',
  payload: Nothing,
  options,
})
