import type { EntityManager } from '@mikro-orm/postgresql'
import type { z } from 'zod'
import { recordAudit } from '../../../audit/audit.ts'
import type { Context } from '../../../context.ts'
import { AppError } from '../../../core/errors.ts'
import { findHomeWorkspaceId } from '../../workspaces/index.ts'
import { issueAccessToken } from '../access/access-token.ts'
import { presentUser } from '../accounts.presenter.ts'
import { getUser } from '../accounts.service.ts'
import { passwordHashing } from '../password.ts'
import { rehashIfCheaper } from '../passwords/rehash.service.ts'
import { openSession } from '../sessions/sessions.service.ts'
import type { User } from '../user.entity.ts'
import { openChallenge } from './challenge.repository.ts'
import { beginTry, type LoginTry } from './lockout.service.ts'
import { noteFailedLogin } from './login-failure.service.ts'
import { findCandidate, holdForSignIn } from './sign-in.queries.ts'
import type { LoginAnswer, SignedIn, Tokens } from './sign-in.schemas.ts'

type Candidate = NonNullable<Awaited<ReturnType<typeof findCandidate>>>

const wrong = () => new AppError('unauthorized', 'The e-mail address or the password is wrong.')

/** No row has it: whoever looks for what belongs to nobody has the same work. */
const nobodysId = '0'

/**
 * Signs in, or asks for the second factor. One answer and the same work for an unknown address, a
 * wrong password, an address that is not verified and a disabled account. Throws `rate_limited`.
 */
export async function login(
  ctx: Context,
  { email, password }: { email: string; password: string },
): Promise<LoginAnswer> {
  const attempt = await beginTry(ctx, email)
  const provenAt = ctx.clock.now()
  const candidate = await findCandidate(ctx.em, email)
  const same = await matches(ctx, password, candidate, attempt)
  const workspaceId = await findHomeWorkspaceId(ctx.em, candidate?.id ?? nobodysId)
  const reason = reasonAgainst(candidate, same)
  if (!candidate || reason) {
    const tried = candidate && {
      userId: candidate.id,
      workspaceId,
      name: candidate.display_name,
    }
    await noteFailedLogin(ctx, { email, tried, reason: reason ?? 'unknown', attempt })
    throw wrong()
  }
  await attempt.forgive()
  const storedHash = candidate.password_hash
  await rehashIfCheaper(ctx, { userId: candidate.id, password, storedHash })
  if (candidate.has_second_factor) {
    return { secondFactor: await openChallenge(ctx, candidate.id) }
  }
  return signIn(ctx, { userId: candidate.id, provenAt, method: 'password' })
}

async function matches(
  { config }: Context,
  password: string,
  candidate: Candidate | null,
  attempt: LoginTry,
): Promise<boolean> {
  const stored = candidate?.password_hash ?? null
  try {
    return await passwordHashing.matches(password, stored, config.auth.passwordHashCost)
  } catch (error) {
    await attempt.takeBack()
    throw error
  }
}

function reasonAgainst(candidate: Candidate | null, same: boolean): string | null {
  if (!candidate) return 'unknown'
  if (!same) return 'wrong password'
  if (!candidate.is_active) return 'disabled'
  return candidate.is_verified ? null : 'not verified'
}

type Proven = { userId: string; provenAt: Date; method: 'password' | 'code' | 'recovery' }

/** Opens a session for somebody who has proven who they are. Throws `unauthorized`. */
export async function signIn(ctx: Context, proven: Proven): Promise<SignedIn> {
  const { userId, method } = proven
  const opened = await ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    if (!(await holdForSignIn(em, proven))) throw wrong()
    const workspaceId = await findHomeWorkspaceId(em, userId)
    if (!workspaceId) throw new AppError('forbidden', 'This person is a member of no workspace.')
    const session = await openSession({ ...ctx, em }, { userId, workspaceId })
    const object = { kind: 'session', id: session.sessionId }
    await recordAudit(
      { ...ctx, em },
      { action: 'login.succeeded', workspaceId, object, userId, details: { method } },
    )
    return session
  })
  const user = await getUser(ctx.em, userId)
  return { ...tokensOf(ctx, user, opened), user: presentUser(user) }
}

/** What a session's holder is given, at signing in and at each refresh. */
export function tokensOf(
  { jwtSecret, config, clock }: Pick<Context, 'jwtSecret' | 'config' | 'clock'>,
  user: Pick<User, 'id' | 'email'>,
  { sessionId, refreshToken }: { sessionId: string; refreshToken: string },
): z.infer<typeof Tokens> {
  const minutes = config.auth.accessTokenMinutes
  const accessToken = issueAccessToken({
    secret: jwtSecret,
    userId: user.id,
    email: user.email,
    sessionId,
    minutes,
    now: clock.now(),
  })
  return { tokenType: 'Bearer', accessToken, expiresIn: minutes * 60, refreshToken }
}
