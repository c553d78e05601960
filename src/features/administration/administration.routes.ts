import { IdParams } from '../../http/id.ts'
import { route } from '../../http/route.ts'
import { enableAccount } from '../accounts/index.ts'
import { countAll } from './overview.queries.ts'
import { findUsers } from './users.queries.ts'
import {
  AdminOverview,
  AdminUserDetail,
  AdminUserFilter,
  AdminUserPage,
  ChangeRole,
  DisableUser,
} from './users.schemas.ts'
import { changeRole, disableUser, getAdminUser } from './users.service.ts'

/** Administrators act on the whole of Earshot: what they are in their own workspace does not matter. */
const common = { tag: 'Administration', access: 'admin', role: 'viewer', scope: 'session' } as const

const list = route({
  ...common,
  method: 'get',
  path: '/api/admin/users',
  summary: 'Everybody who has an account, newest first',
  query: AdminUserFilter,
  status: 200,
  response: AdminUserPage,
  handler: async ({ ctx, query }) => {
    const { items, nextCursor } = await findUsers(ctx.em, query)
    const present = ({ createdAt, lastSeenAt, ...user }: (typeof items)[number]) => ({
      ...user,
      createdAt: createdAt.toISOString(),
      lastSeenAt: lastSeenAt?.toISOString() ?? null,
    })
    return { items: items.map(present), nextCursor }
  },
})

const get = route({
  ...common,
  method: 'get',
  path: '/api/admin/users/{id}',
  summary: 'One person: sessions, API tokens, workspaces, when last seen',
  params: IdParams,
  status: 200,
  response: AdminUserDetail,
  handler: ({ ctx, params }) => getAdminUser(ctx, params.id),
})

const disable = route({
  ...common,
  method: 'post',
  path: '/api/admin/users/{id}/disable',
  summary: 'Shut somebody out at once',
  description:
    'Sessions end, API tokens and links are refused, and a mail says why. What they own stays. ' +
    'Disabling twice is disabling once. Not oneself, and not the last admin (409).',
  params: IdParams,
  body: DisableUser,
  status: 200,
  response: AdminUserDetail,
  handler: async ({ ctx, actor, params, body }) => {
    await disableUser(ctx, { adminId: actor.userId, id: params.id, reason: body.reason })
    return getAdminUser(ctx, params.id)
  },
})

const enable = route({
  ...common,
  method: 'post',
  path: '/api/admin/users/{id}/enable',
  summary: 'Let somebody in again; sessions that were ended stay so',
  params: IdParams,
  status: 200,
  response: AdminUserDetail,
  handler: async ({ ctx, params }) => {
    await enableAccount(ctx, params.id)
    return getAdminUser(ctx, params.id)
  },
})

const role = route({
  ...common,
  limit: 'sensitive',
  method: 'put',
  path: '/api/admin/users/{id}/role',
  summary: 'Make somebody an administrator, or one no more',
  description: 'Needs your own password, and your code where a second factor is on.',
  params: IdParams,
  body: ChangeRole,
  status: 200,
  response: AdminUserDetail,
  handler: async ({ ctx, actor, params, body }) => {
    await changeRole(ctx, { adminId: actor.userId, id: params.id }, body)
    return getAdminUser(ctx, params.id)
  },
})

const overview = route({
  ...common,
  method: 'get',
  path: '/api/admin/overview',
  summary: 'How many people, workspaces, waiting mails; what went wrong in 24 hours',
  status: 200,
  response: AdminOverview,
  handler: ({ ctx }) => countAll(ctx.em, ctx.clock.now()),
})

export const administrationRoutes = [list, get, disable, enable, role, overview]
