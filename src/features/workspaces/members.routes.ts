import { z } from 'zod'
import { IdParams } from '../../http/id.ts'
import { route } from '../../http/route.ts'
import { presentMember } from './members.presenter.ts'
import { findMembers } from './members.repository.ts'
import { ChangeMember, MemberList, MemberParams, MemberView } from './members.schemas.ts'
import { changeRole, removeMember } from './members.service.ts'
import { getMembership } from './workspace-rights.ts'

const tag = 'Workspaces'
const path = '/api/workspaces/{id}/members'
const inPath = { access: 'user', role: 'viewer', scope: 'session' } as const

const list = route({
  ...inPath,
  roleInPath: 'viewer',
  method: 'get',
  path,
  tag,
  summary: 'Who works in a workspace, the first first',
  params: IdParams,
  status: 200,
  response: MemberList,
  handler: async ({ ctx, actor, params }) => {
    await getMembership(ctx.em, { workspaceId: params.id, userId: actor.userId })
    return { items: (await findMembers(ctx.em, params.id)).map(presentMember) }
  },
})

const change = route({
  ...inPath,
  roleInPath: 'owner',
  method: 'patch',
  path: `${path}/{userId}`,
  tag,
  summary: 'Give a member another role',
  description: 'It counts from their next request on. 409 for the last owner.',
  params: MemberParams,
  body: ChangeMember,
  status: 200,
  response: MemberView,
  handler: async ({ ctx, actor, params, body }) => {
    const subject = { workspaceId: params.id, userId: params.userId, actorId: actor.userId }
    return presentMember(await changeRole(ctx, subject, body.role))
  },
})

const remove = route({
  ...inPath,
  roleInPath: 'viewer',
  method: 'delete',
  path: `${path}/{userId}`,
  tag,
  summary: 'Take a member out, as an owner; or leave',
  description:
    'It counts from their next request on, and ends the API tokens that they made here. 409 for the ' +
    'last owner.',
  params: MemberParams,
  status: 204,
  response: z.void(),
  handler: ({ ctx, actor, params }) =>
    removeMember(ctx, { workspaceId: params.id, userId: params.userId, actorId: actor.userId }),
})

export const memberRoutes = [list, change, remove]
