import type { z } from 'zod'
import { notFound } from '../../../core/errors.ts'
import { route } from '../../../http/route.ts'
import { findMemberWorkspace } from '../../workspaces/index.ts'
import { presentUser } from '../accounts.presenter.ts'
import { getUser } from '../accounts.service.ts'
import { refreshSession } from '../sessions/refresh.service.ts'
import { findSession } from '../sessions/sessions.queries.ts'
import { takeSecondStep } from './second-step.service.ts'
import { Login, LoginAnswer, Me, Refresh, SecondStep, SignedIn, Tokens } from './sign-in.schemas.ts'
import { login as logIn, tokensOf } from './sign-in.service.ts'

const tag = 'Accounts'

const login = route({
  method: 'post',
  path: '/api/auth/login',
  tag,
  summary: 'Sign in with e-mail address and password',
  description:
    'With a second factor the answer is a challenge in place of tokens: it goes to ' +
    'POST /api/auth/login/second-factor with a code. After five wrong tries from one address, that ' +
    'address waits before its next one at that account: 30 s, then twice as long each time.',
  access: 'public',
  body: Login,
  status: 200,
  response: LoginAnswer,
  handler: async ({ ctx, body }) => logIn(ctx, body),
})

const secondStep = route({
  method: 'post',
  path: '/api/auth/login/second-factor',
  tag,
  summary: 'Finish signing in with a code of the second factor, or a recovery code',
  description: 'A challenge is good for one session, for five minutes and for five tries.',
  access: 'public',
  body: SecondStep,
  status: 200,
  response: SignedIn,
  handler: async ({ ctx, body }) => takeSecondStep(ctx, body),
})

const refresh = route({
  method: 'post',
  path: '/api/auth/refresh',
  tag,
  summary: 'Trade the refresh token for new tokens',
  description:
    'Each refresh token is good once. One that is shown again ends its session; only within ten ' +
    'seconds, when two tabs refresh at once, it is answered with 409 and nothing ends.',
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

const me = route({
  method: 'get',
  path: '/api/auth/me',
  tag,
  summary: 'The person, the workspace and the session behind this token',
  access: 'user',
  status: 200,
  response: Me,
  handler: async ({ ctx, actor }): Promise<z.input<typeof Me>> => {
    const user = await getUser(ctx.em, actor.userId)
    const session = actor.sessionId ? await findSession(ctx.em, actor.sessionId) : null
    const workspace = await findMemberWorkspace(ctx.em, actor.workspaceId, actor.userId)
    if (!workspace) throw notFound('Workspace')
    return {
      user: presentUser(user),
      workspace,
      session: session && {
        id: session.id,
        createdAt: session.created_at.toISOString(),
        expiresAt: session.expires_at.toISOString(),
      },
    }
  },
})

export const signInRoutes = [login, secondStep, refresh, me]
