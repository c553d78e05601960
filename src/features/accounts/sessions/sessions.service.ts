import type { Context } from '../../../context.ts'
import { AppError } from '../../../core/errors.ts'
import { findHomeWorkspaceId } from '../../workspaces/index.ts'
import type { User } from '../user.entity.ts'
import {
  hashesOf,
  newFamily,
  newSecret,
  readRefreshToken,
  writeRefreshToken,
} from './refresh-token.ts'
import type { Session } from './session.entity.ts'
import { SessionEntity } from './session.entity.ts'
import { createSession, endFamily, endSession, rotateRefresh } from './sessions.repository.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'config' | 'log'>

const dayMs = 86_400_000
const expiryFrom = (now: Date, { auth }: Context['config']) =>
  new Date(now.getTime() + auth.refreshTokenDays * dayMs)

/** Where somebody signs in from, kept so that they recognise the session later. */
export type Visitor = { userAgent: string | null; ip: string | null }

/** Opens a session in the person's own workspace; the refresh token is shown this once. */
export async function openSession(
  { em, clock, config }: Needs,
  user: Pick<User, 'id'>,
  visitor: Visitor,
): Promise<{ sessionId: string; refreshToken: string }> {
  const workspaceId = await findHomeWorkspaceId(em, user.id)
  if (!workspaceId) throw new AppError('forbidden', 'This person is a member of no workspace.')
  const token = { family: newFamily(), secret: newSecret() }
  const now = clock.now()
  const session = await createSession(em, {
    userId: user.id,
    workspaceId,
    ...hashesOf(token),
    userAgent: visitor.userAgent?.slice(0, 300) ?? null,
    ip: visitor.ip,
    now,
    expiresAt: expiryFrom(now, config),
  })
  return { sessionId: session.id, refreshToken: writeRefreshToken(token) }
}

const refused = () => new AppError('unauthorized', 'This refresh token is not good: sign in again.')

/** Trades a refresh token for the next one. A token shown twice has leaked: its session ends. */
export async function refreshSession(
  { em, clock, config, log }: Needs,
  refreshToken: string,
): Promise<{ sessionId: string; userId: string; refreshToken: string }> {
  const token = readRefreshToken(refreshToken)
  if (!token) throw refused()
  const now = clock.now()
  const next = { family: token.family, secret: newSecret() }
  const rotated = await rotateRefresh(em, {
    ...hashesOf(token),
    nextSecretHash: hashesOf(next).secretHash,
    now,
    expiresAt: expiryFrom(now, config),
  })
  if (rotated) {
    const { id: sessionId, user_id: userId } = rotated
    return { sessionId, userId, refreshToken: writeRefreshToken(next) }
  }
  const ended = await endFamily(em, { ...hashesOf(token), now })
  if (ended) {
    log.warn({ userId: ended.user_id, sessionId: ended.id }, 'a used refresh token was shown again')
  }
  throw refused()
}

/** Ends a session at once: every token that names it is refused from now on. */
export const closeSession = ({ em, clock }: Pick<Needs, 'em' | 'clock'>, sessionId: string) =>
  endSession(em, sessionId, clock.now())

export const getSession = (em: Context['em'], id: string): Promise<Session> =>
  em.findOneOrFail(SessionEntity, { id })
