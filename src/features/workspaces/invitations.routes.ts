import { z } from 'zod'
import { IdParams } from '../../http/id.ts'
import { route } from '../../http/route.ts'
import { accept, decline } from './invitation-answer.service.ts'
import type { InvitationRow } from './invitations.repository.ts'
import {
  InvitationList,
  InvitationParams,
  InvitationToken,
  InvitationView,
  Invite,
} from './invitations.schemas.ts'
import { invite, listInvitations, resend, revoke } from './invitations.service.ts'
import { WorkspaceView } from './workspaces.schemas.ts'

const tag = 'Workspaces'
const path = '/api/workspaces/{id}/invitations'
const inPath = { access: 'user', role: 'viewer', scope: 'session' } as const

const present = (row: InvitationRow, now: Date): z.infer<typeof InvitationView> => ({
  id: row.id,
  email: row.email,
  role: row.role,
  state: row.expires_at > now ? 'open' : 'expired',
  invitedBy: row.invited_by,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
})

const list = route({
  ...inPath,
  roleInPath: 'owner',
  method: 'get',
  path,
  tag,
  summary: 'Invitations that were not answered yet, the newest first',
  params: IdParams,
  status: 200,
  response: InvitationList,
  handler: async ({ ctx, actor, params }) => {
    const found = await listInvitations(ctx, { workspaceId: params.id, userId: actor.userId })
    return { items: found.map((row) => present(row, ctx.clock.now())) }
  },
})

const create = route({
  ...inPath,
  roleInPath: 'owner',
  method: 'post',
  path,
  tag,
  summary: 'Invite somebody by mail',
  description:
    'The link in the mail is good for seven days, for the person whose account has that address. ' +
    'The answer is the same whether or not there is one.',
  params: IdParams,
  body: Invite,
  status: 201,
  response: InvitationView,
  handler: async ({ ctx, actor, params, body }) => {
    const made = await invite(ctx, { workspaceId: params.id, userId: actor.userId }, body)
    return present(made, ctx.clock.now())
  },
})

const remove = route({
  ...inPath,
  roleInPath: 'owner',
  method: 'delete',
  path: `${path}/{invitationId}`,
  tag,
  summary: 'Take an invitation back: its link opens nothing any more',
  params: InvitationParams,
  status: 204,
  response: z.void(),
  handler: ({ ctx, actor, params }) =>
    revoke(ctx, { workspaceId: params.id, userId: actor.userId }, params.invitationId),
})

const again = route({
  ...inPath,
  roleInPath: 'owner',
  method: 'post',
  path: `${path}/{invitationId}/resend`,
  tag,
  summary: 'Send an invitation once more, with a new link for another seven days',
  params: InvitationParams,
  status: 200,
  response: InvitationView,
  handler: async ({ ctx, actor, params }) => {
    const place = { workspaceId: params.id, userId: actor.userId }
    return present(await resend(ctx, place, params.invitationId), ctx.clock.now())
  },
})

const acceptIt = route({
  ...inPath,
  method: 'post',
  path: '/api/invitations/accept',
  tag,
  summary: 'Join the workspace that an invitation is for',
  description:
    'Signed in with the address that the invitation was sent to. Every other token is refused alike.',
  body: InvitationToken,
  status: 200,
  response: WorkspaceView,
  handler: ({ ctx, actor, body }) => accept(ctx, actor.userId, body.token),
})

const declineIt = route({
  method: 'post',
  path: '/api/invitations/decline',
  tag,
  summary: 'Say no to an invitation; the link is enough, no account is needed',
  access: 'public',
  body: InvitationToken,
  status: 204,
  response: z.void(),
  handler: ({ ctx, body }) => decline(ctx, body.token),
})

export const invitationRoutes = [list, create, remove, again, acceptIt, declineIt]
