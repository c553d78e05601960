import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../database/sql.ts'

export type Leaver = {
  id: string
  email: string
  username: string | null
  display_name: string | null
}

/** Locked until the transaction ends: of two deletions at once, one finds nobody. */
export const lockLeaver = (em: EntityManager, userId: string) =>
  firstRow(
    em,
    sql<Leaver>`select id, email, username, display_name from users where id = ${userId} for update`,
  )

/** What was asked for by this address and is not answered yet. */
export const forgetRequests = (em: EntityManager, { email }: Leaver) =>
  rows(em, sql`delete from account_requests where email = ${email}`)

/** Mails to this address, whoever caused them. Those of the person go with the person. */
export const forgetMails = (em: EntityManager, { email }: Leaver) =>
  rows(em, sql`delete from mails where recipient = ${email}`)

/** Invitations that are still to be sent say who invites: from now on 'somebody' does. */
export const forgetInviter = (em: EntityManager, { email, username, display_name }: Leaver) =>
  rows(
    em,
    sql`update mails set data = data || '{"inviter": null}'
      where template = 'invitation'
        and data ->> 'inviter' in (${email}, ${username}, ${display_name})`,
  )

/** With sessions, tokens, second factor, feedback and whatever else hangs on a person. */
export const deleteUser = (em: EntityManager, { id }: Leaver) =>
  rows(em, sql`delete from users where id = ${id}`)
