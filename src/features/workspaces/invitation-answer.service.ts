import type { EntityManager } from '@mikro-orm/postgresql'
import { recordAudit } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import { AppError, invalidField } from '../../core/errors.ts'
import { forWorkspace } from '../../database/database.ts'
import { hashOf } from './invitation-token.ts'
import { findInvitationByHash, findPerson } from './invitations.queries.ts'
import {
  closeAccepted,
  type InvitationRow,
  lockInvitation,
  revokeInvitation,
} from './invitations.repository.ts'
import { countMembers, countMemberships, insertMember } from './members.repository.ts'
import { lockPerson, lockWorkspace } from './workspaces.repository.ts'
import { getWorkspace } from './workspaces.service.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'origin'>

const mostMembers = 500
const mostMemberships = 200

/** One answer for a token that never was, was used, has run out, or was sent to somebody else. */
const refused = () =>
  invalidField(
    '/token',
    'This invitation is not good (any more), or it was not sent to your address. Ask for a new one.',
  )

type Found = { inside: Needs; invitation: InvitationRow; workspaceId: string }

/** Finds an open invitation by its link and holds it, with its workspace, until the end. */
async function withInvitation<T>(
  ctx: Needs,
  token: string,
  work: (found: Found) => Promise<T>,
): Promise<T> {
  const place = await findInvitationByHash(ctx.em, hashOf(token))
  if (!place) throw refused()
  const { id, workspace_id: workspaceId } = place
  return forWorkspace(ctx.em, workspaceId).transactional(async (inner) => {
    const inside = { ...ctx, em: inner as EntityManager }
    await lockWorkspace(inside.em, workspaceId)
    const invitation = await lockInvitation(inside.em, id)
    if (!invitation || invitation.expires_at <= ctx.clock.now()) throw refused()
    return work({ inside, invitation, workspaceId })
  })
}

/** Joins the workspace: only for whom the invitation was written, with an address that is proven. */
export const accept = (ctx: Needs, userId: string, token: string) =>
  withInvitation(ctx, token, async ({ inside, invitation, workspaceId }) => {
    const { em, clock } = inside
    const { id, role, email } = invitation
    const person = await findPerson(em, userId)
    if (!person?.is_verified || person.email !== email) throw refused()
    await refuseCrowds(em, workspaceId, userId)
    const now = clock.now()
    await insertMember(em, { workspaceId, userId, role, now })
    await closeAccepted(em, { id, userId, now })
    const object = { kind: 'user', id: userId }
    const event = { action: 'member.joined', workspaceId, object } as const
    await recordAudit(inside, { ...event, details: { role, invitationId: id } })
    return getWorkspace(em, { workspaceId, userId })
  })

async function refuseCrowds(em: EntityManager, workspaceId: string, userId: string): Promise<void> {
  await lockPerson(em, userId)
  if ((await countMembers(em, workspaceId)).members >= mostMembers) {
    throw new AppError('conflict', `A workspace has at most ${mostMembers} members.`)
  }
  if ((await countMemberships(em, userId)) >= mostMemberships) {
    throw new AppError('conflict', `A person is in at most ${mostMemberships} workspaces.`)
  }
}

/** Whoever holds the link may say no: that takes no account. */
export const decline = (ctx: Needs, token: string): Promise<void> =>
  withInvitation(ctx, token, async ({ inside, invitation, workspaceId }) => {
    await revokeInvitation(inside.em, invitation.id, inside.clock.now())
    const object = { kind: 'invitation', id: invitation.id }
    const event = { action: 'member.invitation_revoked', workspaceId, object } as const
    await recordAudit(inside, { ...event, details: { declined: true }, email: invitation.email })
  })
