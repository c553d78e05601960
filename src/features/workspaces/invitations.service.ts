import type { EntityManager } from '@mikro-orm/postgresql'
import { recordAudit } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import { AppError, notFound } from '../../core/errors.ts'
import { forWorkspace } from '../../database/database.ts'
import { queueMail } from '../mail/index.ts'
import { refuseFlood } from './invitation-flood.service.ts'
import { findPerson } from './invitations.queries.ts'
import {
  countInvitations,
  findInvitations,
  type InvitationRow,
  insertInvitation,
  lockInvitation,
  renewInvitation,
  revokeInvitation,
  tidyInvitations,
} from './invitations.repository.ts'
import type { Invite } from './invitations.schemas.ts'
import { isMemberAddress, type Place } from './members.repository.ts'
import { allowRole } from './members.service.ts'
import type { Workspace } from './workspace.entity.ts'
import { requireRole } from './workspace-rights.ts'
import { lockWorkspace } from './workspaces.repository.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'origin' | 'limits'>

const goodForMs = 7 * 86_400_000
/** Mails to strangers: a workspace is no way to send many of them. */
const mostOpen = 100
const mostADay = 200
const resendAfterMs = 5 * 60_000

/** In the workspace of the path, as its owner; whatever is counted there stays so until the end. */
const asOwner = <T>(
  ctx: Needs,
  place: Place,
  work: (ctx: Needs, workspace: Pick<Workspace, 'id' | 'name' | 'kind'>) => Promise<T>,
): Promise<T> =>
  forWorkspace(ctx.em, place.workspaceId).transactional(async (inner) => {
    const em = inner as EntityManager
    const workspace = await lockWorkspace(em, place.workspaceId)
    await requireRole(em, place, 'owner')
    if (!workspace) throw notFound('Workspace')
    return work({ ...ctx, em }, workspace)
  })

async function sendInvitation(
  ctx: Needs,
  { id, email, role }: InvitationRow,
  { workspaceName, inviterId }: { workspaceName: string; inviterId: string },
): Promise<void> {
  await refuseFlood(ctx, { to: email, inviterId })
  const inviter = (await findPerson(ctx.em, inviterId))?.name ?? null
  const data = { invitationId: id, workspaceName, inviter, role }
  await queueMail(ctx, { userId: null, to: email, template: 'invitation', data })
}

const auditOf = (workspaceId: string, { id, email, role }: InvitationRow, more = {}) => ({
  workspaceId,
  object: { kind: 'invitation', id },
  details: { role, ...more },
  email,
})

export async function listInvitations(ctx: Pick<Needs, 'em'>, place: Place) {
  await requireRole(ctx.em, place, 'owner')
  return findInvitations(forWorkspace(ctx.em, place.workspaceId))
}

/** Asks an address in. It says nothing of whether that address has an account. */
export const invite = (ctx: Needs, place: Place, { email, role }: Invite): Promise<InvitationRow> =>
  asOwner(ctx, place, async (inside, workspace) => {
    allowRole(workspace.kind, role)
    const { em, clock } = inside
    const now = clock.now()
    if (await isMemberAddress(em, workspace.id, email)) {
      throw new AppError('conflict', 'This address belongs to a member already.')
    }
    await tidyInvitations(em, email, now)
    await refuseTooMany(em, now)
    const made = await insertInvitation(em, {
      workspaceId: workspace.id,
      email,
      role,
      invitedBy: place.userId,
      now,
      expiresAt: new Date(now.getTime() + goodForMs),
    })
    if (!made) {
      const message = 'This address holds an open invitation: send that one again, or revoke it.'
      throw new AppError('conflict', message)
    }
    await sendInvitation(inside, made, { workspaceName: workspace.name, inviterId: place.userId })
    await recordAudit(inside, { action: 'member.invited', ...auditOf(workspace.id, made) })
    return made
  })

async function refuseTooMany(em: EntityManager, now: Date): Promise<void> {
  const { open, lately } = await countInvitations(em, now)
  if (open >= mostOpen) {
    const message = `${mostOpen} invitations are open: more only when some are answered or revoked.`
    throw new AppError('conflict', message)
  }
  if (lately < mostADay) return
  const message = `A workspace may send ${mostADay} invitations a day. Try again tomorrow.`
  throw new AppError('rate_limited', message, { retryAfterS: 3_600 })
}

async function getOpen(em: EntityManager, invitationId: string): Promise<InvitationRow> {
  const found = await lockInvitation(em, invitationId)
  if (!found) throw notFound('Invitation')
  return found
}

export const revoke = (ctx: Needs, place: Place, invitationId: string): Promise<void> =>
  asOwner(ctx, place, async (inside, { id }) => {
    const invitation = await getOpen(inside.em, invitationId)
    await revokeInvitation(inside.em, invitationId, inside.clock.now())
    await recordAudit(inside, { action: 'member.invitation_revoked', ...auditOf(id, invitation) })
  })

/** Sends a new link, good for seven days from now; the one before opens nothing any more. */
export const resend = (ctx: Needs, place: Place, invitationId: string): Promise<InvitationRow> =>
  asOwner(ctx, place, async (inside, { id, name }) => {
    const now = inside.clock.now().getTime()
    const invitation = await getOpen(inside.em, invitationId)
    const waitMs = invitation.expires_at.getTime() - goodForMs + resendAfterMs - now
    if (waitMs > 0) {
      const retryAfterS = Math.ceil(waitMs / 1_000)
      const message = 'It was sent a moment ago. Give the mail five minutes to arrive.'
      throw new AppError('rate_limited', message, { retryAfterS })
    }
    const renewed = await renewInvitation(inside.em, invitationId, new Date(now + goodForMs))
    if (!renewed) throw notFound('Invitation')
    await sendInvitation(inside, renewed, { workspaceName: name, inviterId: place.userId })
    const event = auditOf(id, renewed, { again: true })
    await recordAudit(inside, { action: 'member.invited', ...event })
    return renewed
  })
