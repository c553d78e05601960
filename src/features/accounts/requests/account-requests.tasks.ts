import { z } from 'zod'
import { defineTask } from '../../../queues/task.ts'

/** Finds out what people without a session asked for. It carries nothing: who they are is a row. */
export const answerRequestsTask = defineTask({
  queue: 'mail',
  name: 'answer-account-requests',
  payload: z.object({}),
  options: { attempts: 2, removeOnComplete: 10, removeOnFail: 100 },
})
