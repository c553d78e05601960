import type { EntityManager } from '@mikro-orm/postgresql'
import type { MemberRole } from '../../core/actor.ts'
import { firstRow, rows, sql } from '../../database/sql.ts'

export type InvitationRow = {
  id: string
  email: string
  role: MemberRole
  invited_by: string | null
  created_at: Date
  expires_at: Date
}

const columns = sql`id, email, role, invited_by, created_at, expires_at`
const isOpen = sql`accepted_at is null and revoked_at is null`

/** Open ones, with those that have run out: these can be sent again. */
export const findInvitations = (em: EntityManager) =>
  rows(em, sql<InvitationRow>`select ${columns} from invitations where ${isOpen} order by id desc`)

/** An open one, held until the transaction ends. */
export const lockInvitation = (em: EntityManager, id: string) =>
  firstRow(
    em,
    sql<InvitationRow>`select ${columns} from invitations where id = ${id} and ${isOpen} for update`,
  )

/** Of all who write to one address at once, one counts its mails at a time. */
export const holdAddress = (em: EntityManager, email: string) =>
  rows(em, sql`select pg_advisory_xact_lock(hashtextextended(${email}, 8))`)

/** How many are open, and how many were written in the last day. */
export async function countInvitations(em: EntityManager, now: Date) {
  const row = await firstRow(
    em,
    sql<{ open: number; lately: number }>`
      select count(*) filter (where ${isOpen} and expires_at > ${now}::timestamptz)::int as open,
        count(*) filter (where created_at > ${now}::timestamptz - interval '1 day')::int as lately
      from invitations`,
  )
  return row ?? { open: 0, lately: 0 }
}

/** What has run out makes room for a new one to the same address; what is long over is forgotten. */
export async function tidyInvitations(em: EntityManager, email: string, now: Date): Promise<void> {
  await rows(
    em,
    sql`update invitations set revoked_at = ${now}
      where email = ${email} and ${isOpen} and expires_at <= ${now}`,
  )
  await rows(
    em,
    sql`delete from invitations where coalesce(accepted_at, revoked_at, expires_at)
      < ${now}::timestamptz - interval '30 days'`,
  )
}

type NewInvitation = {
  workspaceId: string
  email: string
  role: MemberRole
  invitedBy: string
  now: Date
  expiresAt: Date
}

/** null: the address holds an open one. */
export const insertInvitation = (em: EntityManager, given: NewInvitation) =>
  firstRow(
    em,
    sql<InvitationRow>`
      insert into invitations (workspace_id, email, role, invited_by, created_at, expires_at)
      values (${given.workspaceId}, ${given.email}, ${given.role}, ${given.invitedBy},
        ${given.now}, ${given.expiresAt})
      on conflict (workspace_id, email) where ${isOpen} do nothing
      returning ${columns}`,
  )

/** The link that was sent before opens nothing from now on. */
export const renewInvitation = (em: EntityManager, id: string, expiresAt: Date) =>
  firstRow(
    em,
    sql<InvitationRow>`
      update invitations set expires_at = ${expiresAt}, token_hash = null where id = ${id}
      returning ${columns}`,
  )

export const revokeInvitation = (em: EntityManager, id: string, now: Date) =>
  rows(em, sql`update invitations set revoked_at = ${now}, token_hash = null where id = ${id}`)

export const closeAccepted = (
  em: EntityManager,
  { id, userId, now }: { id: string; userId: string; now: Date },
) =>
  rows(
    em,
    sql`update invitations set accepted_at = ${now}, accepted_by = ${userId}, token_hash = null
      where id = ${id}`,
  )

/** When the invitation's mail may go out at all. */
export const keepToken = (em: EntityManager, id: string, hash: string, now: Date) =>
  firstRow(
    em,
    sql<{ expires_at: Date }>`
      update invitations set token_hash = ${hash}
      where id = ${id} and ${isOpen} and expires_at > ${now} returning expires_at`,
  )
