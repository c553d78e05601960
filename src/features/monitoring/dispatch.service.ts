import type { Context } from '../../context.ts'
import { rows, sql } from '../../database/sql.ts'
import { enqueue } from '../../queues/task.ts'
import { collectProfileTask } from './monitoring.tasks.ts'

const mostProfilesATick = 1_000

/**
 * One tick: the profiles with something due, however many jobs there are, and one task for each. A
 * profile whose task still waits or runs gets no second one; a task that gets lost is added again by
 * the next tick, because the due time stands in PostgreSQL until the run is stored.
 */
export async function dispatchDueProfiles(
  ctx: Pick<Context, 'em' | 'clock' | 'queues'>,
): Promise<number> {
  const due = await rows<{ workspace_id: string; profile_id: string }>(
    ctx.em,
    sql`select workspace_id, profile_id
      from due_profiles(${ctx.clock.now()}::timestamptz, ${mostProfilesATick})`,
  )
  await Promise.all(due.map((one) => wakeProfile(ctx, one.workspace_id, one.profile_id)))
  return due.length
}

export const wakeProfile = (
  ctx: Pick<Context, 'queues'>,
  workspaceId: string,
  profileId: string,
): Promise<void> =>
  enqueue(
    ctx.queues,
    collectProfileTask,
    { workspaceId, profileId },
    { deduplication: { id: `profile-${profileId}` } },
  )
