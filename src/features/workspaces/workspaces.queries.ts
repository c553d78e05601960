import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../database/sql.ts'
import type { MemberRole } from '../../http/route.ts'

type MemberWorkspace = {
  id: string
  name: string
  kind: 'personal' | 'team' | 'community'
  role: MemberRole
}

/** A workspace as one of its members sees it; null when the person is no member. */
export const findMemberWorkspace = (em: EntityManager, workspaceId: string, userId: string) =>
  firstRow(
    em,
    sql<MemberWorkspace>`
      select w.id, w.name, w.kind, m.role
      from workspaces w join memberships m on m.workspace_id = w.id
      where w.id = ${workspaceId} and m.user_id = ${userId}`,
  )

/** Every workspace that a person is a member of, their own first. How many is limited on joining. */
export const findWorkspacesOf = (em: EntityManager, userId: string) =>
  rows(
    em,
    sql<MemberWorkspace>`
      select w.id, w.name, w.kind, m.role
      from workspaces w join memberships m on m.workspace_id = w.id
      where m.user_id = ${userId}
      order by w.kind = 'personal' and m.role = 'owner' desc, m.created_at, w.id`,
  )

/** Where a person works after signing in: the personal workspace, else the oldest membership. */
export const findHomeWorkspaceId = async (em: EntityManager, userId: string) =>
  (await findWorkspacesOf(em, userId))[0]?.id ?? null
