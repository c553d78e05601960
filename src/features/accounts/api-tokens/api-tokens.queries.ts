import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../../database/sql.ts'
import type { Scope } from '../../../http/route.ts'

type ApiTokenRow = {
  id: string
  name: string
  scopes: Scope[]
  hint: string
  workspace_id: string
  created_at: Date
  last_used_at: Date | null
  last_used_ip: string | null
  expires_at: Date | null
}

const presentApiToken = (row: ApiTokenRow) => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes,
  hint: row.hint,
  workspaceId: row.workspace_id,
  createdAt: row.created_at.toISOString(),
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  lastUsedIp: row.last_used_ip,
  expiresAt: row.expires_at?.toISOString() ?? null,
})

const keptDays = 30

/** A person's tokens of every workspace, the newest first; expired ones for another month. */
export async function findApiTokens(em: EntityManager, userId: string, now: Date) {
  const found = await rows(
    em,
    sql<ApiTokenRow>`
      select id, name, scopes, hint, workspace_id, created_at, last_used_at, last_used_ip, expires_at
      from api_tokens where user_id = ${userId} and revoked_at is null
        and (expires_at is null
          or expires_at > ${now}::timestamptz - make_interval(days => ${keptDays}))
      order by id desc limit 1000`,
  )
  return found.map(presentApiToken)
}
