import { z } from 'zod'
import { defineTask } from '../../queues/task.ts'

/** Folds what has changed into the rollups. Readers add what is not folded yet, so it may be late. */
export const foldTask = defineTask({
  queue: 'upkeep',
  name: 'fold-rollups',
  payload: z.object({}),
  options: { attempts: 2, removeOnComplete: 10, removeOnFail: 100 },
})
