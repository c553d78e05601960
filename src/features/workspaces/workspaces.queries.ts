import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, sql } from '../../database/sql.ts'
import type { MemberRole } from './membership.entity.ts'

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

/** Where a person works after signing in: the personal workspace, else the oldest membership. */
export const findHomeWorkspaceId = async (em: EntityManager, userId: string) => {
  const row = await firstRow(
    em,
    sql<{ id: string }>`
      select w.id from memberships m join workspaces w on w.id = m.workspace_id
      where m.user_id = ${userId}
      order by w.kind = 'personal' and m.role = 'owner' desc, m.created_at, w.id limit 1`,
  )
  return row?.id ?? null
}
