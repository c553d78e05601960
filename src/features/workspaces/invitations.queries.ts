import type { EntityManager } from '@mikro-orm/postgresql'
import type { Context } from '../../context.ts'
import { firstRow, sql } from '../../database/sql.ts'

/** Through the narrow doors: whoever asks these stands in no workspace yet. */
export const findInvitationByHash = (em: EntityManager, hash: string) =>
  firstRow(
    em,
    sql<{ id: string; workspace_id: string }>`
      select id, workspace_id from invitation_by_token(${hash})`,
  )

export const findInvitationWorkspace = async (em: EntityManager, id: string) =>
  (await firstRow(em, sql<{ id: string | null }>`select invitation_workspace(${id}) as id`))?.id ??
  null

/** Whether some workspace waits for this address (lower case). */
export async function hasOpenInvitation(
  { em, clock }: Pick<Context, 'em' | 'clock'>,
  email: string,
): Promise<boolean> {
  const now = clock.now()
  const row = await firstRow(
    em,
    sql<{ invited: boolean }>`select invited(${email}, ${now}::timestamptz) as invited`,
  )
  return row?.invited ?? false
}

/** Forgets every invitation to an address, in whatever workspace: its person goes. */
export const forgetInvitations = (em: EntityManager, email: string) =>
  firstRow(em, sql`select forget_invitations(${email})`)

type Answerer = { email: string; is_verified: boolean; name: string }

/** The person who invites or answers, as they are now. */
export const findPerson = (em: EntityManager, userId: string) =>
  firstRow(
    em,
    sql<Answerer>`select email, is_verified, coalesce(display_name, username, email) as name
      from users where id = ${userId}`,
  )
