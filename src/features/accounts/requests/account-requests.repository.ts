import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../../database/sql.ts'

export type RequestKind = 'register' | 'resend' | 'reset'

export type AccountRequest = {
  id: string
  kind: RequestKind
  email: string
  password_hash: string | null
  display_name: string | null
  ip: string | null
  user_agent: string | null
  request_id: string | null
}

type NewRequest = Omit<AccountRequest, 'id'> & { now: Date }

/** The same one row for an address that has an account and for one that has none. */
export const writeRequest = (em: EntityManager, asked: NewRequest) =>
  rows(
    em,
    sql`insert into account_requests
        (kind, email, password_hash, display_name, ip, user_agent, request_id, created_at)
      values (${asked.kind}, ${asked.email}, ${asked.password_hash}, ${asked.display_name},
        ${asked.ip}, ${asked.user_agent}, ${asked.request_id}, ${asked.now})`,
  )

/**
 * Takes the oldest one after `afterId` away, in the caller's transaction: what is rolled back is
 * there again. Two requests for one address wait for each other.
 */
export async function takeRequest(em: EntityManager, afterId: string) {
  const taken = await firstRow(
    em,
    sql<AccountRequest>`
      delete from account_requests
      where id = (select id from account_requests where id > ${afterId}
        order by id limit 1 for update skip locked)
      returning id, kind, email, password_hash, display_name, ip, user_agent, request_id`,
  )
  if (taken) await rows(em, sql`select pg_advisory_xact_lock(hashtextextended(${taken.email}, 7))`)
  return taken
}
