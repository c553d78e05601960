import type { EntityManager } from '@mikro-orm/postgresql'
import { recordAudit } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import { AppError, notFound } from '../../core/errors.ts'
import { forWorkspace } from '../../database/database.ts'
import type { MemberRole } from '../../http/route.ts'
import {
  countMembers,
  deleteMember,
  findMember,
  findMembership,
  updateMember,
} from './members.repository.ts'
import type { Workspace } from './workspace.entity.ts'
import { requireRole } from './workspace-rights.ts'
import { lockWorkspace } from './workspaces.repository.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'origin'>
/** Who asks, about whom, where. */
export type Subject = { workspaceId: string; userId: string; actorId: string }

/** A personal workspace is its one owner's: it is where that person signs in, and goes with them. */
export function allowRole(kind: Workspace['kind'], role: MemberRole): void {
  if (kind !== 'personal' || role !== 'owner') return
  const message = 'A personal workspace has one owner. Others can be editors or viewers in it.'
  throw new AppError('conflict', message)
}

async function keepAnOwner(em: EntityManager, workspaceId: string, leaving: MemberRole) {
  if (leaving !== 'owner') return
  const { owners } = await countMembers(em, workspaceId)
  if (owners > 1) return
  const message = 'A workspace needs an owner: make somebody else one first.'
  throw new AppError('conflict', message)
}

async function getMember(em: EntityManager, place: { workspaceId: string; userId: string }) {
  const member = await findMembership(em, place)
  if (!member) throw notFound('Member')
  return member
}

const inLocked = <T>(
  ctx: Needs,
  workspaceId: string,
  work: (em: EntityManager, kind: Workspace['kind']) => Promise<T>,
): Promise<T> =>
  forWorkspace(ctx.em, workspaceId).transactional(async (inner) => {
    const em = inner as EntityManager
    const workspace = await lockWorkspace(em, workspaceId)
    if (!workspace) throw notFound('Workspace')
    return work(em, workspace.kind)
  })

/** Gives a member another role. Of owners that step down at once, the last one is told no. */
export const changeRole = (ctx: Needs, subject: Subject, role: MemberRole) =>
  inLocked(ctx, subject.workspaceId, async (em, kind) => {
    const { workspaceId, userId, actorId } = subject
    await requireRole(em, { workspaceId, userId: actorId }, 'owner')
    const { role: before } = await getMember(em, subject)
    allowRole(kind, role === before ? 'viewer' : role)
    if (role !== before) {
      await keepAnOwner(em, workspaceId, before)
      await updateMember(em, { workspaceId, userId, role })
    }
    const changed = await findMember(em, subject)
    if (!changed) throw notFound('Member')
    if (role === before) return changed
    const object = { kind: 'user', id: userId }
    const details = { from: before, to: role }
    const event = { action: 'member.role_changed', workspaceId, object, details } as const
    await recordAudit({ ...ctx, em }, event)
    return changed
  })

/** Takes a member out; everybody may leave, except the last owner. */
export const removeMember = (ctx: Needs, subject: Subject): Promise<void> =>
  inLocked(ctx, subject.workspaceId, async (em) => {
    const { workspaceId, userId, actorId } = subject
    const least = userId === actorId ? 'viewer' : 'owner'
    await requireRole(em, { workspaceId, userId: actorId }, least)
    const { role } = await getMember(em, subject)
    await keepAnOwner(em, workspaceId, role)
    await deleteMember(em, { workspaceId, userId, now: ctx.clock.now() })
    const object = { kind: 'user', id: userId }
    const details = { role, left: userId === actorId }
    const event = { action: 'member.removed', workspaceId, object, details } as const
    await recordAudit({ ...ctx, em }, event)
  })
