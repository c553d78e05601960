import type { EntityManager } from '@mikro-orm/postgresql'
import { recordAudit } from '../../../audit/audit.ts'
import type { Context } from '../../../context.ts'
import { AppError } from '../../../core/errors.ts'
import { firstRow, sql } from '../../../database/sql.ts'
import { queueMail } from '../../mail/index.ts'
import { deviceOf } from './device.ts'
import { endFamily, type Reused, rotateRefresh, wasJustRotated } from './refresh.repository.ts'
import { hashesOf, newSecret, readRefreshToken, writeRefreshToken } from './refresh-token.ts'
import { refreshExpiry } from './sessions.service.ts'

/** So long after a swap the secret before it is a second tab's, not a thief's: no tokens, no alarm. */
const graceS = 10

type Needs = Pick<Context, 'em' | 'clock' | 'config' | 'log' | 'origin'>

const refused = () => new AppError('unauthorized', 'This refresh token is not good: sign in again.')

/** Trades a refresh token for the next one. A token shown twice has leaked: its session ends. */
export async function refreshSession(
  ctx: Needs,
  refreshToken: string,
): Promise<{ sessionId: string; userId: string; refreshToken: string }> {
  const token = readRefreshToken(refreshToken)
  if (!token) throw refused()
  const now = ctx.clock.now()
  const next = { family: token.family, secret: newSecret() }
  const shown = { ...hashesOf(token), now }
  const rotated = await rotateRefresh(ctx.em, {
    ...shown,
    nextSecretHash: hashesOf(next).secretHash,
    expiresAt: refreshExpiry(now, ctx.config),
  })
  if (rotated) {
    const { id: sessionId, user_id: userId } = rotated
    return { sessionId, userId, refreshToken: writeRefreshToken(next) }
  }
  if (await wasJustRotated(ctx.em, { ...shown, graceS })) {
    throw new AppError('conflict', 'This was refreshed a moment ago: use the new tokens.')
  }
  await ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    const reused = await endFamily(em, { ...shown, graceS })
    if (reused) await raiseAlarm({ ...ctx, em }, reused, now)
  })
  throw refused()
}

/** Says it to the person, to the log and to the audit log: one of two who hold the token stole it. */
async function raiseAlarm(ctx: Needs, reused: Reused, now: Date): Promise<void> {
  const { em, origin } = ctx
  const { id: sessionId, user_id: userId, workspace_id: workspaceId } = reused
  ctx.log.warn({ userId, sessionId }, 'a used refresh token was shown again')
  const person = await firstRow(
    em,
    sql<{ email: string; display_name: string | null }>`
      select email, display_name from users where id = ${userId}`,
  )
  if (person) {
    await queueMail(ctx, {
      userId,
      to: person.email,
      template: 'session_reused',
      data: {
        name: person.display_name,
        at: now.toISOString(),
        device: origin.userAgent && deviceOf(origin.userAgent),
        ip: origin.ip,
      },
    })
  }
  await recordAudit(ctx, {
    action: 'session.refreshed_twice',
    workspaceId,
    outcome: 'denied',
    object: { kind: 'session', id: sessionId },
    userId,
  })
}
