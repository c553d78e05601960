import { z } from 'zod'
import type { Context } from '../../../context.ts'
import { defineTask } from '../../../queues/task.ts'
import { deleteOldApiTokens } from '../api-tokens/api-tokens.repository.ts'
import { purgeTokens } from '../links/account-tokens.repository.ts'
import { deleteOldSessions } from '../sessions/sessions.repository.ts'

export const purgeAccessTask = defineTask({
  queue: 'upkeep',
  name: 'purge-access',
  payload: z.object({}),
  options: { attempts: 2, removeOnComplete: 10, removeOnFail: 100 },
})

/** Forgets sessions, API tokens and links that have opened nothing for a while. */
export async function purgeAccess(ctx: Pick<Context, 'em' | 'clock'>): Promise<void> {
  const now = ctx.clock.now()
  await deleteOldSessions(ctx.em, now)
  await deleteOldApiTokens(ctx.em, now)
  await purgeTokens(ctx)
}
