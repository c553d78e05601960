import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../database/sql.ts'

/**
 * Counts a refusal of the credential. One may be the platform's mistake: only the second in a row
 * disables the profile. Gives whether it is disabled now.
 */
export async function recordUnauthorized(
  em: EntityManager,
  profileId: string,
  message: string,
): Promise<boolean> {
  const [row] = await rows(
    em,
    sql<{ state: string }>`update credential_profiles set
        unauthorized_count = unauthorized_count + 1,
        state = case when unauthorized_count >= 1 then 'disabled' else state end,
        state_reason = case when unauthorized_count >= 1 then ${message} else state_reason end,
        updated_at = now()
      where id = ${profileId}::bigint returning state`,
  )
  return row?.state === 'disabled'
}

/** A call went through: the refusals before it are forgotten. Writes only where there were any. */
export async function clearUnauthorized(em: EntityManager, profileId: string): Promise<void> {
  await rows(
    em,
    sql`update credential_profiles set unauthorized_count = 0, updated_at = now()
      where id = ${profileId}::bigint and unauthorized_count > 0`,
  )
}

/** No call before `until`. A later end that is already set stands, with its reason. */
export async function pauseProfile(
  em: EntityManager,
  profileId: string,
  until: Date,
  reason: string,
): Promise<void> {
  await rows(
    em,
    sql`update credential_profiles set paused_until = ${until}::timestamptz,
        pause_reason = ${reason}, updated_at = now()
      where id = ${profileId}::bigint
        and (paused_until is null or paused_until < ${until}::timestamptz)`,
  )
}

/** The platform accepted the credential: it counts as proven. A pause stays: it is about calls. */
export async function recordVerified(
  em: EntityManager,
  profileId: string,
  now: Date,
): Promise<void> {
  await rows(
    em,
    sql`update credential_profiles set verified_at = ${now}::timestamptz, unauthorized_count = 0,
        state = 'active', state_reason = null, updated_at = now()
      where id = ${profileId}::bigint`,
  )
}
