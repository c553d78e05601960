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

export type EndReason =
  | 'logout'
  | 'logout_everywhere'
  | 'ended_by_user'
  | 'refreshed_twice'
  | 'password_changed'
  | 'password_reset'
  | 'email_changed'
  | 'second_factor_changed'
  | 'account_disabled'
  | 'account_deleted'

type End = { userId: string; reason: EndReason; now: Date }

/** false: this person has no such session that still runs. */
export const endSession = async (
  em: EntityManager,
  sessionId: string,
  { userId, reason, now }: End,
): Promise<boolean> => {
  const ended = await firstRow(
    em,
    sql`update sessions set ended_at = ${now}, ended_reason = ${reason}
      where id = ${sessionId} and user_id = ${userId} and ended_at is null and expires_at > ${now}
      returning id`,
  )
  return ended !== null
}

/** Ends all of a person's sessions but one, and says how many that were. */
export const endAllSessions = async (
  em: EntityManager,
  { userId, reason, now, except }: End & { except: string | null },
): Promise<number> => {
  const ended = await rows(
    em,
    sql`update sessions set ended_at = ${now}, ended_reason = ${reason}
      where user_id = ${userId} and ended_at is null
        and (${except}::bigint is null or id <> ${except}::bigint) returning id`,
  )
  return ended.length
}

const keptDays = 30

/** Forgets sessions that ended, or that nobody renewed, a month ago. */
export const deleteOldSessions = (em: EntityManager, now: Date) =>
  rows(
    em,
    sql`delete from sessions
      where least(ended_at, expires_at) < ${now}::timestamptz - make_interval(days => ${keptDays})`,
  )
