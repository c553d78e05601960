import type { EntityManager } from '@mikro-orm/postgresql'
import { recordAudit } from '../../../audit/audit.ts'
import type { Context } from '../../../context.ts'
import { notFound } from '../../../core/errors.ts'
import { findHomeWorkspaceId } from '../../workspaces/index.ts'
import { hashesOf, newFamily, newSecret, writeRefreshToken } from './refresh-token.ts'
import { createSession, type EndReason, endAllSessions, endSession } from './sessions.repository.ts'

const dayMs = 86_400_000
export const refreshExpiry = (now: Date, { auth }: Context['config']) =>
  new Date(now.getTime() + auth.refreshTokenDays * dayMs)

/** Opens a session, in the caller's transaction; the refresh token is shown this once. */
export async function openSession(
  { em, clock, config, origin }: Pick<Context, 'em' | 'clock' | 'config' | 'origin'>,
  { userId, workspaceId }: { userId: string; workspaceId: string },
): Promise<{ sessionId: string; refreshToken: string }> {
  const token = { family: newFamily(), secret: newSecret() }
  const now = clock.now()
  const session = await createSession(em, {
    userId,
    workspaceId,
    ...hashesOf(token),
    userAgent: origin.userAgent,
    ip: origin.ip,
    now,
    expiresAt: refreshExpiry(now, config),
  })
  return { sessionId: session.id, refreshToken: writeRefreshToken(token) }
}

/**
 * Ends a person's sessions, all but `except`, in the caller's transaction; gives how many that were.
 * Their tokens are refused from the commit on. Who calls it writes down why.
 */
export const endSessions = (
  { em, clock }: Pick<Context, 'em' | 'clock'>,
  userId: string,
  { except = null, reason }: { except?: string | null; reason: EndReason },
): Promise<number> => endAllSessions(em, { userId, reason, except, now: clock.now() })

type Needs = Pick<Context, 'em' | 'clock' | 'origin'>

/** Ends one of a person's own sessions. Throws `not_found` for another's and for one that ended. */
export const endOwnSession = (
  ctx: Needs,
  userId: string,
  { sessionId, reason }: { sessionId: string; reason: EndReason },
): Promise<void> =>
  ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    const ended = await endSession(em, sessionId, { userId, reason, now: ctx.clock.now() })
    if (!ended) throw notFound('Session')
    await recordAudit(
      { ...ctx, em },
      {
        action: 'session.ended',
        workspaceId: await findHomeWorkspaceId(em, userId),
        object: { kind: 'session', id: sessionId },
        details: { reason },
      },
    )
  })

/** Logs a person out everywhere; with `except` everywhere else. */
export const endOwnSessions = (
  ctx: Needs,
  userId: string,
  except: string | null,
): Promise<number> =>
  ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    const ended = await endSessions({ ...ctx, em }, userId, { except, reason: 'logout_everywhere' })
    await recordAudit(
      { ...ctx, em },
      {
        action: 'session.all_ended',
        workspaceId: await findHomeWorkspaceId(em, userId),
        object: { kind: 'user', id: userId },
        details: { ended, keptThis: except !== null },
      },
    )
    return ended
  })
