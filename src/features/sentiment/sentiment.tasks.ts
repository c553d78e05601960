import { z } from 'zod'
import { defineTask } from '../../queues/task.ts'

/** Scores what a workspace has not scored yet. */
export const scoreBacklog = defineTask({
  queue: 'enrich',
  name: 'score-backlog',
  payload: z.object({ workspaceId: z.string().regex(/^\d+$/) }),
  options: {
    attempts: 3,
    backoff: { type: 'exponential', delay: 2_000 },
    removeOnComplete: true,
    removeOnFail: 100,
  },
})
