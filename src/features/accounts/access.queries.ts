import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from '../../database/sql.ts'

export type LiveSession = {
  user_id: string
  email: string
  role: 'user' | 'admin'
  session_id: string
  workspace_id: string
  member_role: 'owner' | 'editor' | 'viewer'
  /** Not noted for a minute or more. */
  unseen: boolean
}

/**
 * The live session of a token, with its person and what they are in its workspace: one statement,
 * and none around it, because every request asks this and these tables are no tenant's.
 */
export async function findLiveSession(
  em: EntityManager,
  { sessionId, userId, now }: { sessionId: string; userId: string; now: Date },
): Promise<LiveSession | null> {
  const statement = sql<LiveSession>`
    select u.id as user_id, u.email, u.role, s.id as session_id, s.workspace_id,
      m.role as member_role, s.last_seen_at < ${now}::timestamptz - interval '1 minute' as unseen
    from sessions s
      join users u on u.id = s.user_id
      join memberships m on m.workspace_id = s.workspace_id and m.user_id = s.user_id
    where s.id = ${sessionId} and s.user_id = ${userId}
      and s.ended_at is null and s.expires_at > ${now} and u.is_active`
  const { rows } = await statement.execute(em.getKysely<object>() as never)
  return rows[0] ?? null
}
