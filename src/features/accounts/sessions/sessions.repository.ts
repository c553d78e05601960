import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../../database/sql.ts'
import { type Session, SessionEntity } from './session.entity.ts'

type NewSession = {
  userId: string
  workspaceId: string
  familyHash: string
  secretHash: string
  userAgent: string | null
  ip: string | null
  now: Date
  expiresAt: Date
}

export async function createSession(em: EntityManager, given: NewSession): Promise<Session> {
  const { familyHash, secretHash, now, ...rest } = given
  const session = em.create(SessionEntity, {
    ...rest,
    refreshFamily: familyHash,
    refreshHash: secretHash,
    createdAt: now,
    lastSeenAt: now,
    endedAt: null,
  })
  await em.flush()
  return session
}

/** At most once a minute, whoever else noted it meanwhile. */
export const noteSessionUse = (em: EntityManager, sessionId: string, now: Date) =>
  rows(
    em,
    sql`update sessions set last_seen_at = ${now}
      where id = ${sessionId} and last_seen_at < ${now}::timestamptz - interval '1 minute'`,
  )

export const endSession = (em: EntityManager, sessionId: string, now: Date) =>
  rows(em, sql`update sessions set ended_at = ${now} where id = ${sessionId} and ended_at is null`)

type Rotation = {
  familyHash: string
  secretHash: string
  nextSecretHash: string
  now: Date
  expiresAt: Date
}

/** Swaps the secret for the next one; of several that try at once one wins. null: not this secret. */
export const rotateRefresh = (em: EntityManager, rotation: Rotation) =>
  firstRow(
    em,
    sql<{ id: string; user_id: string }>`
      update sessions set refresh_hash = ${rotation.nextSecretHash},
        last_seen_at = ${rotation.now}, expires_at = ${rotation.expiresAt}
      where refresh_family = ${rotation.familyHash} and refresh_hash = ${rotation.secretHash}
        and ended_at is null and expires_at > ${rotation.now}
        and exists (select from users where users.id = sessions.user_id and users.is_active)
      returning id, user_id`,
  )

/** A known family with another secret: somebody uses a token a second time. null: no such session. */
export const endFamily = (
  em: EntityManager,
  { familyHash, secretHash, now }: Pick<Rotation, 'familyHash' | 'secretHash' | 'now'>,
) =>
  firstRow(
    em,
    sql<{ id: string; user_id: string }>`
      update sessions set ended_at = ${now}
      where refresh_family = ${familyHash} and refresh_hash <> ${secretHash}
        and ended_at is null returning id, user_id`,
  )
