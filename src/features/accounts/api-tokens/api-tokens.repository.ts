import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../../database/sql.ts'
import type { Scope } from '../../../http/route.ts'

/** At most once a minute, whoever else noted it meanwhile. */
export const noteApiTokenUse = (
  em: EntityManager,
  { id, ip, now }: { id: string; ip: string | null; now: Date },
) =>
  rows(
    em,
    sql`update api_tokens set last_used_at = ${now}, last_used_ip = ${ip}
      where id = ${id}
        and (last_used_at is null or last_used_at < ${now}::timestamptz - interval '1 minute')`,
  )

type NewApiToken = {
  userId: string
  workspaceId: string
  name: string
  scopes: readonly Scope[]
  tokenHash: string
  hint: string
  now: Date
  expiresAt: Date | null
}

/** null: the person already has `most` live ones. Two who come at once wait for each other. */
export const createApiToken = async (em: EntityManager, token: NewApiToken, most: number) => {
  await rows(em, sql`select from users where id = ${token.userId} for update`)
  return firstRow(
    em,
    sql<{ id: string }>`
      insert into api_tokens (user_id, workspace_id, name, scopes, token_hash, hint, created_at,
        expires_at)
      select ${token.userId}::bigint, ${token.workspaceId}::bigint, ${token.name},
        ${[...token.scopes]}::text[], ${token.tokenHash}, ${token.hint}, ${token.now}::timestamptz,
        ${token.expiresAt}::timestamptz
      where (select count(*) from api_tokens where user_id = ${token.userId}
        and revoked_at is null
        and (expires_at is null or expires_at > ${token.now})) < ${most}
      returning id`,
  )
}

/** The workspace that it worked in. null: this person has no such live token. */
export const revokeApiToken = (
  em: EntityManager,
  { id, userId, now }: { id: string; userId: string; now: Date },
) =>
  firstRow(
    em,
    sql<{ workspace_id: string }>`
      update api_tokens set revoked_at = ${now}
      where id = ${id} and user_id = ${userId} and revoked_at is null
      returning workspace_id`,
  )

const keptDays = 30

/** Forgets tokens that were revoked, or ended, a month ago. */
export const deleteOldApiTokens = (em: EntityManager, now: Date) =>
  rows(
    em,
    sql`delete from api_tokens
      where least(revoked_at, expires_at) < ${now}::timestamptz - make_interval(days => ${keptDays})`,
  )
