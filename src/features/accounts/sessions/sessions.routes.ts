import { z } from 'zod'
import { IdParams } from '../../../http/id.ts'
import { route } from '../../../http/route.ts'
import { findSessions } from './sessions.queries.ts'
import { LoggedOut, LogOutEverywhere, SessionFilter, SessionPage } from './sessions.schemas.ts'
import { endOwnSession, endOwnSessions } from './sessions.service.ts'

const own = { tag: 'Sessions', access: 'user', role: 'viewer', scope: 'session' } as const

const logout = route({
  ...own,
  method: 'post',
  path: '/api/auth/logout',
  summary: 'End this session: all its tokens are refused from now on',
  status: 204,
  response: z.void(),
  handler: async ({ ctx, actor }) => {
    const { sessionId } = actor
    if (sessionId) await endOwnSession(ctx, actor.userId, { sessionId, reason: 'logout' })
  },
})

const logoutEverywhere = route({
  ...own,
  method: 'post',
  path: '/api/auth/logout-everywhere',
  summary: 'End every session, or every other one: their tokens are refused from now on',
  description: 'API tokens go on working: they are revoked one by one.',
  body: LogOutEverywhere,
  status: 200,
  response: LoggedOut,
  handler: async ({ ctx, actor, body }) => ({
    ended: await endOwnSessions(ctx, actor.userId, body.keepThis ? actor.sessionId : null),
  }),
})

const list = route({
  ...own,
  method: 'get',
  path: '/api/auth/sessions',
  summary: 'Where you are signed in',
  query: SessionFilter,
  status: 200,
  response: SessionPage,
  handler: async ({ ctx, actor, query }) =>
    findSessions(ctx.em, actor.sessionId, {
      ...query,
      userId: actor.userId,
      now: ctx.clock.now(),
    }),
})

const end = route({
  ...own,
  method: 'delete',
  path: '/api/auth/sessions/{id}',
  summary: 'End one of your sessions',
  params: IdParams,
  status: 204,
  response: z.void(),
  handler: async ({ ctx, actor, params }) => {
    await endOwnSession(ctx, actor.userId, { sessionId: params.id, reason: 'ended_by_user' })
  },
})

export const sessionRoutes = [logout, logoutEverywhere, list, end]
