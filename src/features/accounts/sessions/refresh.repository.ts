import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, sql } from '../../../database/sql.ts'

export type Rotation = {
  familyHash: string
  secretHash: string
  nextSecretHash: string
  now: Date
  expiresAt: Date
}

/** However often it is renewed, after half a year somebody signs in again. */
const longestDays = 180

/** Swaps the secret for the next one; of several that try at once one wins. null: not this secret. */
export const rotateRefresh = (em: EntityManager, rotation: Rotation) =>
  firstRow(
    em,
    sql<{ id: string; user_id: string }>`
      update sessions set refresh_hash = ${rotation.nextSecretHash},
        previous_hash = ${rotation.secretHash}, rotated_at = ${rotation.now},
        last_seen_at = ${rotation.now},
        expires_at = least(${rotation.expiresAt}::timestamptz,
          greatest(expires_at, created_at + make_interval(days => ${longestDays})))
      where refresh_family = ${rotation.familyHash} and refresh_hash = ${rotation.secretHash}
        and ended_at is null and expires_at > ${rotation.now}
        and exists (select from users where users.id = sessions.user_id and users.is_active)
      returning id, user_id`,
  )

type Shown = Pick<Rotation, 'familyHash' | 'secretHash' | 'now'> & { graceS: number }

/** Whether it is the secret that was swapped a moment ago: two tabs, or an answer that got lost. */
export const wasJustRotated = async (em: EntityManager, shown: Shown): Promise<boolean> => {
  const found = await firstRow(
    em,
    sql`select from sessions
      where refresh_family = ${shown.familyHash} and previous_hash = ${shown.secretHash}
        and rotated_at > ${shown.now}::timestamptz - make_interval(secs => ${shown.graceS})
        and ended_at is null and expires_at > ${shown.now}`,
  )
  return found !== null
}

export type Reused = { id: string; user_id: string; workspace_id: string }

/** A known family with a secret that is not good any more: somebody uses a token a second time. */
export const endFamily = (em: EntityManager, { familyHash, secretHash, now, graceS }: Shown) =>
  firstRow(
    em,
    sql<Reused>`
      update sessions set ended_at = ${now}, ended_reason = 'refreshed_twice'
      where refresh_family = ${familyHash} and refresh_hash <> ${secretHash}
        and not coalesce(previous_hash = ${secretHash}
          and rotated_at > ${now}::timestamptz - make_interval(secs => ${graceS}), false)
        and ended_at is null and expires_at > ${now}
      returning id, user_id, workspace_id`,
  )
