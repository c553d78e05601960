import { route } from '../../http/route.ts'
import { presentActivity, presentAdminAuditRow, presentAuditRow } from './audit.presenter.ts'
import { findActivity, findAllAudit, findAudit } from './audit.queries.ts'
import {
  ActivityFilter,
  ActivityPage,
  AdminAuditFilter,
  AdminAuditPage,
  AuditFilter,
  AuditPage,
} from './audit.schemas.ts'

const tag = 'Audit'

const ofWorkspace = route({
  method: 'get',
  path: '/api/audit',
  tag,
  summary: 'What happened in this workspace, newest first',
  description:
    'Who did what to what, in which request, and how it went. From where, with which browser and ' +
    'with which typed address is for owners who are signed in: no API token is told.',
  access: 'user',
  query: AuditFilter,
  status: 200,
  response: AuditPage,
  handler: async ({ ctx, actor, query }) => {
    const { items, nextCursor } = await findAudit(ctx.em, query)
    const reader = { seesPersonal: actor.memberRole === 'owner' && actor.apiToken === null }
    return { items: items.map((row) => presentAuditRow(row, reader)), nextCursor }
  },
})

const ofMine = route({
  method: 'get',
  path: '/api/users/me/activity',
  tag,
  summary: 'What I did, and what was done to my account, newest first',
  description:
    'Over all workspaces: sign-ins and failed ones, sessions, devices, addresses, changes.',
  access: 'user',
  role: 'viewer',
  scope: 'session',
  query: ActivityFilter,
  status: 200,
  response: ActivityPage,
  handler: async ({ ctx, actor, query }) => {
    const { items, nextCursor } = await findActivity(ctx.em, actor.userId, query)
    return { items: items.map((row) => presentActivity(row, actor.userId)), nextCursor }
  },
})

const ofAll = route({
  method: 'get',
  path: '/api/admin/audit',
  tag,
  summary: 'What happened anywhere, newest first, for administrators',
  access: 'admin',
  role: 'viewer',
  scope: 'session',
  query: AdminAuditFilter,
  status: 200,
  response: AdminAuditPage,
  handler: async ({ ctx, query }) => {
    const { items, nextCursor } = await findAllAudit(ctx.em, query)
    return { items: items.map(presentAdminAuditRow), nextCursor }
  },
})

export const auditRoutes = [ofWorkspace, ofMine, ofAll]
