import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, sql } from '../../../database/sql.ts'

type Candidate = {
  id: string
  email: string
  display_name: string | null
  password_hash: string
  is_active: boolean
  is_verified: boolean
  has_second_factor: boolean
}

/** Who may be signing in. null: nobody has this address. */
export const findCandidate = (em: EntityManager, email: string) =>
  firstRow(
    em,
    sql<Candidate>`
      select u.id, u.email, u.display_name, u.password_hash, u.is_active, u.is_verified,
        exists (select from second_factors f
          where f.user_id = u.id and f.confirmed_at is not null) as has_second_factor
      from users u where u.email = ${email}`,
  )

/**
 * Holds the person still while a session is opened. false: they may not sign in, or their password
 * is another one since `provenAt`.
 */
export const holdForSignIn = async (
  em: EntityManager,
  { userId, provenAt }: { userId: string; provenAt: Date },
): Promise<boolean> => {
  const found = await firstRow(
    em,
    sql`select id from users where id = ${userId} and is_active and is_verified
      and (password_changed_at is null or password_changed_at <= ${provenAt}) for share`,
  )
  return found !== null
}
