import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { sql } from '../../../database/sql.ts'
import type { Scope } from '../../../http/route.ts'

type Person = {
  user_id: string
  email: string
  role: 'user' | 'admin'
  /** Not noted for a minute or more. */
  unseen: boolean
}

export type LiveSession = Person & {
  session_id: string
  workspace_id: string
  /** null: they are no member of the workspace that they name. */
  member_role: 'owner' | 'editor' | 'viewer' | null
}

export type LiveApiToken = Omit<LiveSession, 'session_id'> & { token_id: string; scopes: Scope[] }

/** One statement and no transaction around it: every request asks, and these are no tenant's tables. */
async function first<Row>(em: EntityManager, statement: RawBuilder<Row>): Promise<Row | null> {
  const { rows } = await statement.execute(em.getKysely<object>() as never)
  return rows[0] ?? null
}

/** The live session of a token, its person, and what they are in the workspace that is asked for. */
export const findLiveSession = (
  em: EntityManager,
  asked: { sessionId: string; userId: string; workspaceId: string | null; now: Date },
) =>
  first(
    em,
    sql<LiveSession>`
      select u.id as user_id, u.email, u.role, s.id as session_id, m.role as member_role,
        coalesce(${asked.workspaceId}::bigint, s.workspace_id) as workspace_id,
        s.last_seen_at < ${asked.now}::timestamptz - interval '1 minute' as unseen
      from sessions s
        join users u on u.id = s.user_id
        left join memberships m on m.user_id = s.user_id
          and m.workspace_id = coalesce(${asked.workspaceId}::bigint, s.workspace_id)
      where s.id = ${asked.sessionId} and s.user_id = ${asked.userId}
        and s.ended_at is null and s.expires_at > ${asked.now} and u.is_active`,
  )

/** The live API token with this hash, its owner, and what they are in its workspace. */
export const findLiveApiToken = (em: EntityManager, hash: string, now: Date) =>
  first(
    em,
    sql<LiveApiToken>`
      select u.id as user_id, u.email, u.role, t.id as token_id, t.scopes, t.workspace_id,
        m.role as member_role,
        coalesce(t.last_used_at < ${now}::timestamptz - interval '1 minute', true) as unseen
      from api_tokens t
        join users u on u.id = t.user_id
        left join memberships m on m.user_id = t.user_id and m.workspace_id = t.workspace_id
      where t.token_hash = ${hash} and t.revoked_at is null
        and (t.expires_at is null or t.expires_at > ${now}) and u.is_active`,
  )
