import { z } from 'zod'
import { defineTask } from '../../queues/task.ts'

/** Removes from the stores outside what no row needs any more. */
export const removeSecretsTask = defineTask({
  queue: 'upkeep',
  name: 'remove-secrets',
  payload: z.object({}),
  options: { attempts: 2, removeOnComplete: 10, removeOnFail: 100 },
})
