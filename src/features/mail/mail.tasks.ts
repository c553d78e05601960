import { z } from 'zod'
import { defineTask } from '../../queues/task.ts'

const Nothing = z.object({})
const options = { attempts: 2, removeOnComplete: 10, removeOnFail: 100 }

/** Sends what is due. It carries nothing: who is written to stands in PostgreSQL alone. */
export const sendMailsTask = defineTask({
  queue: 'mail',
  name: 'send-mails',
  payload: Nothing,
  options,
})

export const purgeMailsTask = defineTask({
  queue: 'mail',
  name: 'purge-mails',
  payload: Nothing,
  options,
})
