import { z } from 'zod'
import { defineTask } from '../../../queues/task.ts'

/** Ticks: reads the screenshots that wait. The table says which; the queue holds no picture. */
export const readScreenshotsTask = defineTask({
  queue: 'media',
  name: 'read-screenshots',
  payload: z.object({}),
  options: { attempts: 2, removeOnComplete: 10, removeOnFail: 100 },
})
