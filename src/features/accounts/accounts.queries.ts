import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../database/sql.ts'

export type ListedAccount = {
  id: string
  email: string
  role: 'user' | 'admin'
  isActive: boolean
  isVerified: boolean
  hasSecondFactor: boolean
  createdAt: Date
  lastSeenAt: Date | null
}

/** Everybody who has an account, in the order in which they came. */
export const listAccounts = (em: EntityManager): Promise<ListedAccount[]> =>
  rows(
    em,
    sql<ListedAccount>`
      select u.id, u.email, u.role, u.is_active as "isActive", u.is_verified as "isVerified",
        exists (select from second_factors f
          where f.user_id = u.id and f.confirmed_at is not null) as "hasSecondFactor",
        u.created_at as "createdAt",
        (select max(s.last_seen_at) from sessions s where s.user_id = u.id) as "lastSeenAt"
      from users u order by u.id`,
  )

/** null: nobody has this address. */
export const findAccountId = async (em: EntityManager, email: string): Promise<string | null> => {
  const found = await firstRow(
    em,
    sql<{ id: string }>`select id from users where email = lower(${email})`,
  )
  return found?.id ?? null
}
