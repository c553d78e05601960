import { z } from 'zod'
import { defineTask } from '../../queues/task.ts'

const Nothing = z.object({})
const options = { attempts: 2, removeOnComplete: 10, removeOnFail: 100 }

/** Counts hours whose tags changed. Readers count what waits themselves, so it may be late. */
export const countTagsTask = defineTask({
  queue: 'upkeep',
  name: 'count-tags',
  payload: Nothing,
  options,
})

/** Notes tags that enter the list of surprises. */
export const noteTrendingTask = defineTask({
  queue: 'upkeep',
  name: 'note-trending',
  payload: Nothing,
  options,
})
