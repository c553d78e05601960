import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../database/sql.ts'
import { MembershipEntity } from './membership.entity.ts'
import { type Workspace, WorkspaceEntity } from './workspace.entity.ts'

type NewWorkspace = { userId: string; name: string; now: Date }

/** A person's own workspace, in the caller's transaction: no user is ever without one. */
export const createPersonalWorkspace = (em: EntityManager, given: NewWorkspace) =>
  insertWorkspace(em, { ...given, kind: 'personal' })

/** With its first owner, in the caller's transaction. */
export async function insertWorkspace(
  em: EntityManager,
  { userId, name, kind, now }: NewWorkspace & Pick<Workspace, 'kind'>,
): Promise<Workspace> {
  const workspace = em.create(WorkspaceEntity, { name, kind, createdAt: now })
  await em.flush()
  em.create(MembershipEntity, {
    workspaceId: workspace.id,
    userId,
    role: 'owner',
    createdAt: now,
  })
  await em.flush()
  return workspace
}

/**
 * Whoever changes a workspace or its members holds this until the transaction ends, so that each
 * sees what the one before left. Work in the workspace goes on meanwhile. null: no such workspace.
 */
export const lockWorkspace = (em: EntityManager, id: string) =>
  firstRow(
    em,
    sql<Pick<Workspace, 'id' | 'name' | 'kind'>>`
      select id, name, kind from workspaces where id = ${id} for no key update`,
  )

/** The same, and nothing may be written in the workspace either: for its end. */
export const closeWorkspace = (em: EntityManager, id: string) =>
  rows(em, sql`select from workspaces where id = ${id} for update`)

/** Two workspaces that one person opens at once are opened one after the other. */
export const lockPerson = (em: EntityManager, userId: string) =>
  rows(em, sql`select from users where id = ${userId} for no key update`)

export async function countOwnTeams(em: EntityManager, userId: string): Promise<number> {
  const row = await firstRow(
    em,
    sql<{ teams: number }>`
      select count(*)::int as teams from memberships m join workspaces w on w.id = m.workspace_id
      where m.user_id = ${userId} and m.role = 'owner' and w.kind = 'team'`,
  )
  return row?.teams ?? 0
}

export const renameWorkspace = (em: EntityManager, id: string, name: string) =>
  rows(em, sql`update workspaces set name = ${name} where id = ${id}`)

/** With all that stands in it. */
export const deleteWorkspaceRow = (em: EntityManager, id: string) =>
  rows(em, sql`delete from workspaces where id = ${id}`)
