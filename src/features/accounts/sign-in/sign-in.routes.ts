import type { Request } from 'express'
import { z } from 'zod'
import type { Context } from '../../../context.ts'
import { route } from '../../../http/route.ts'
import { findMemberWorkspace } from '../../workspaces/index.ts'
import { issueAccessToken } from '../access/access-token.ts'
import { presentUser } from '../accounts.presenter.ts'
import { checkCredentials, getUser } from '../accounts.service.ts'
import {
  closeSession,
  getSession,
  openSession,
  refreshSession,
} from '../sessions/sessions.service.ts'
import type { User } from '../user.entity.ts'
import { Login, Me, Refresh, SignedIn, Tokens } from './sign-in.schemas.ts'

const tag = 'Accounts'

const visitorOf = (request: Request) => ({
  userAgent: request.get('user-agent') ?? null,
  ip: request.ip ?? null,
})

function tokensOf(
  { jwtSecret, config, clock }: Context,
  user: Pick<User, 'id' | 'email'>,
  opened: { sessionId: string; refreshToken: string },
): z.infer<typeof Tokens> {
  const minutes = config.auth.accessTokenMinutes
  const accessToken = issueAccessToken({
    secret: jwtSecret,
    userId: user.id,
    email: user.email,
    sessionId: opened.sessionId,
    minutes,
    now: clock.now(),
  })
  const { refreshToken } = opened
  return { tokenType: 'Bearer', accessToken, expiresIn: minutes * 60, refreshToken }
}

export async function signIn(ctx: Context, user: User, request: Request): Promise<SignedIn> {
  const opened = await openSession(ctx, user, visitorOf(request))
  return { ...tokensOf(ctx, user, opened), user: presentUser(user) }
}

const login = route({
  method: 'post',
  path: '/api/auth/login',
  tag,
  summary: 'Sign in with e-mail address and password',
  access: 'public',
  body: Login,
  status: 200,
  response: SignedIn,
  handler: async ({ ctx, body, request }) =>
    signIn(ctx, await checkCredentials(ctx, body), request),
})

const refresh = route({
  method: 'post',
  path: '/api/auth/refresh',
  tag,
  summary: 'Trade the refresh token for new tokens',
  description: 'Each refresh token is good once. One that is shown again ends its session.',
  access: 'public',
  // Asked for by programs at every start, and nothing that could be guessed.
  limit: 'plain',
  body: Refresh,
  status: 200,
  response: Tokens,
  handler: async ({ ctx, body }) => {
    const opened = await refreshSession(ctx, body.refreshToken)
    return tokensOf(ctx, await getUser(ctx.em, opened.userId), opened)
  },
})

const logout = route({
  method: 'post',
  path: '/api/auth/logout',
  tag,
  summary: 'End this session: all its tokens are refused from now on',
  access: 'user',
  role: 'viewer',
  scope: 'session',
  status: 204,
  response: z.void(),
  handler: async ({ ctx, actor }) => {
    if (actor.sessionId) await closeSession(ctx, actor.sessionId)
  },
})

const me = route({
  method: 'get',
  path: '/api/auth/me',
  tag,
  summary: 'The person, the workspace and the session behind this token',
  access: 'user',
  status: 200,
  response: Me,
  handler: async ({ ctx, actor }) => {
    const user = await getUser(ctx.em, actor.userId)
    const session = actor.sessionId ? await getSession(ctx.em, actor.sessionId) : null
    const workspace = await findMemberWorkspace(ctx.em, actor.workspaceId, actor.userId)
    return {
      user: presentUser(user),
      workspace: workspace as NonNullable<typeof workspace>,
      session: session && {
        id: session.id,
        createdAt: session.createdAt.toISOString(),
        expiresAt: session.expiresAt.toISOString(),
      },
    }
  },
})

export const signInRoutes = [login, refresh, logout, me]
