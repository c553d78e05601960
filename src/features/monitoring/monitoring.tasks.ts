import { z } from 'zod'
import { defineTask } from '../../queues/task.ts'

const Id = z.string().regex(/^\d+$/)

/** Ticks: finds what is due and adds one collect task a profile. */
export const dispatchDue = defineTask({
  queue: 'dispatch',
  name: 'dispatch-due',
  payload: z.object({}),
  options: { attempts: 2, removeOnComplete: 10, removeOnFail: 100 },
})

/** All due jobs of one profile. It names the profile and nothing else: no secret enters a queue. */
export const collectProfileTask = defineTask({
  queue: 'collect',
  name: 'collect-profile',
  payload: z.object({ workspaceId: Id, profileId: Id }),
  options: {
    attempts: 3,
    backoff: { type: 'exponential', delay: 1_000 },
    removeOnComplete: true,
    removeOnFail: 1_000,
  },
})
