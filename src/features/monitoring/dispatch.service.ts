import type { Context } from '../../context.ts'
import { rows, sql } from '../../database/sql.ts'
import { enqueue } from '../../queues/task.ts'
import { within } from '../../telemetry/timing.ts'
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

const wakeProfile = (
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

/** How long a request waits for the queue store. */
const nudgeMs = 1_000

/**
 * Wakes a profile at once for somebody who just asked for it. Only a hint: what is due stands in
 * PostgreSQL and the next tick finds it, so a queue store that is away delays the run and does not
 * fail the request, whose change is already kept.
 */
export async function nudgeProfile(
  ctx: Pick<Context, 'queues' | 'log'>,
  workspaceId: string,
  profileId: string,
): Promise<void> {
  try {
    await within(nudgeMs, wakeProfile(ctx, workspaceId, profileId))
  } catch (error) {
    ctx.log.warn(
      { profileId, err: error },
      'the queue store is away: the next tick wakes this profile',
    )
  }
}
