import type { EntityManager } from '@mikro-orm/postgresql'
import { AppError, notFound } from '../../core/errors.ts'
import { type MemberRole, memberRoles } from '../../http/route.ts'
import { findMembership, type Place } from './members.repository.ts'

/** What a person is in a workspace. Throws not_found: absent and foreign are one. */
export async function getMembership(em: EntityManager, place: Place) {
  const membership = await findMembership(em, place)
  if (!membership) throw notFound('Workspace')
  return membership
}

/**
 * Rights in the workspace that a path names, which need not be the active one. A stranger is told
 * that there is none, a member what is missing.
 */
export async function requireRole(em: EntityManager, place: Place, least: MemberRole) {
  const { role } = await getMembership(em, place)
  if (memberRoles.indexOf(role) < memberRoles.indexOf(least)) {
    const message = `This needs the role ${least} in this workspace; yours is ${role}.`
    throw new AppError('forbidden', message)
  }
  return role
}
