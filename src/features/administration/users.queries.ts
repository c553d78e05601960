import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import { decodeCursor, encodeCursor } from '../../core/paging.ts'
import { firstRow, rows, sql } from '../../database/sql.ts'
import type { AdminUserFilter } from './users.schemas.ts'

type UserRow = {
  id: string
  email: string
  username: string | null
  displayName: string | null
  role: 'user' | 'admin'
  isActive: boolean
  isVerified: boolean
  hasSecondFactor: boolean
  createdAt: Date
  lastSeenAt: Date | null
}
type UserDetailRow = UserRow & {
  disabledAt: Date | null
  disabledReason: string | null
  sessions: number
  apiTokens: number
}

const columns = sql`u.id::text, u.email, u.username, u.display_name as "displayName", u.role,
  u.is_active as "isActive", u.is_verified as "isVerified", u.created_at as "createdAt",
  exists (select from second_factors f
    where f.user_id = u.id and f.confirmed_at is not null) as "hasSecondFactor",
  (select max(s.last_seen_at) from sessions s where s.user_id = u.id) as "lastSeenAt"`

const Cursor = z.tuple([z.string().regex(/^\d{1,18}$/)])

/** Everybody who has an account, the newest first. */
export async function findUsers(em: EntityManager, filter: AdminUserFilter) {
  const { search, role, active, verified, limit } = filter
  const [before] = filter.cursor ? decodeCursor(filter.cursor, Cursor) : [null]
  const wanted = sql.join(
    [
      sql`true`,
      ...(before ? [sql`u.id < ${before}::bigint`] : []),
      ...(role ? [sql`u.role = ${role}`] : []),
      ...(active ? [sql`u.is_active = ${active === 'true'}`] : []),
      ...(verified ? [sql`u.is_verified = ${verified === 'true'}`] : []),
      // No LIKE: what is typed has no wildcards.
      ...(search
        ? [
            sql`(starts_with(u.email, ${search}) or starts_with(u.username, ${search})
              or starts_with(lower(u.display_name), ${search}))`,
          ]
        : []),
    ],
    sql` and `,
  )
  const found = await rows(
    em,
    sql<UserRow>`select ${columns} from users u where ${wanted}
      order by u.id desc limit ${limit + 1}`,
  )
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return {
    items,
    nextCursor: found.length > limit && last ? encodeCursor([last.id]) : null,
  }
}

export const findUser = (em: EntityManager, id: string, now: Date) =>
  firstRow(
    em,
    sql<UserDetailRow>`select ${columns}, u.disabled_at as "disabledAt",
        u.disabled_reason as "disabledReason",
        (select count(*)::int from sessions s where s.user_id = u.id and s.ended_at is null
          and s.expires_at > ${now}::timestamptz) as sessions,
        (select count(*)::int from api_tokens t where t.user_id = u.id and t.revoked_at is null
          and (t.expires_at is null or t.expires_at > ${now}::timestamptz)) as "apiTokens"
      from users u where u.id = ${id}::bigint`,
  )
