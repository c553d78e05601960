import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../database/sql.ts'
import type { MemberRole } from '../../http/route.ts'

/** A workspace and a person. */
export type Place = { workspaceId: string; userId: string }

/** What a person is in a workspace; null when they are no member. */
export const findMembership = (em: EntityManager, { workspaceId, userId }: Place) =>
  firstRow(
    em,
    sql<{ role: MemberRole }>`
      select role from memberships where workspace_id = ${workspaceId} and user_id = ${userId}`,
  )

type MemberRow = {
  user_id: string
  email: string
  username: string | null
  display_name: string | null
  role: MemberRole
  created_at: Date
}

export const findMembers = (em: EntityManager, workspaceId: string) =>
  rows(
    em,
    sql<MemberRow>`
      select m.user_id, u.email, u.username, u.display_name, m.role, m.created_at
      from memberships m join users u on u.id = m.user_id
      where m.workspace_id = ${workspaceId} order by m.created_at, m.user_id`,
  )

export const findMember = async (em: EntityManager, { workspaceId, userId }: Place) =>
  (await findMembers(em, workspaceId)).find((one) => one.user_id === userId) ?? null

export async function countMembers(em: EntityManager, workspaceId: string) {
  const row = await firstRow(
    em,
    sql<{ members: number; owners: number }>`
      select count(*)::int as members, count(*) filter (where role = 'owner')::int as owners
      from memberships where workspace_id = ${workspaceId}`,
  )
  return row ?? { members: 0, owners: 0 }
}

export async function countMemberships(em: EntityManager, userId: string): Promise<number> {
  const row = await firstRow(
    em,
    sql<{ memberships: number }>`
      select count(*)::int as memberships from memberships where user_id = ${userId}`,
  )
  return row?.memberships ?? 0
}

export const isMemberAddress = async (em: EntityManager, workspaceId: string, email: string) =>
  (await firstRow(
    em,
    sql`select from memberships m join users u on u.id = m.user_id
      where m.workspace_id = ${workspaceId} and u.email = ${email}`,
  )) !== null

/** Who is a member already stays what they are. */
export const insertMember = (
  em: EntityManager,
  { workspaceId, userId, role, now }: Place & { role: MemberRole; now: Date },
) =>
  rows(
    em,
    sql`insert into memberships (workspace_id, user_id, role, created_at)
      values (${workspaceId}, ${userId}, ${role}, ${now}) on conflict do nothing`,
  )

export const updateMember = (
  em: EntityManager,
  { workspaceId, userId, role }: Place & { role: MemberRole },
) =>
  rows(
    em,
    sql`update memberships set role = ${role}
      where workspace_id = ${workspaceId} and user_id = ${userId}`,
  )

/** With the API tokens that they made for this workspace: coming back does not revive a token. */
export async function deleteMember(
  em: EntityManager,
  { workspaceId, userId, now }: Place & { now: Date },
): Promise<void> {
  await rows(
    em,
    sql`delete from memberships where workspace_id = ${workspaceId} and user_id = ${userId}`,
  )
  await rows(
    em,
    sql`update api_tokens set revoked_at = ${now}
      where workspace_id = ${workspaceId} and user_id = ${userId} and revoked_at is null`,
  )
}
