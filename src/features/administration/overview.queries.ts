import type { EntityManager } from '@mikro-orm/postgresql'
import type { AuditAction } from '../../audit/actions.ts'
import { firstRow, rows, sql } from '../../database/sql.ts'
import type { AdminOverview } from './users.schemas.ts'

type Counts = {
  users: AdminOverview['users']
  workspaces: number
  sessions: number
  mails: AdminOverview['mails']
}

const counted = {
  suspicious: 'suspicious.pattern',
  failedLogins: 'login.failed',
  lockedOut: 'login.locked_out',
  denied: 'access.denied',
  overLimits: 'rate_limit.exceeded',
} as const satisfies Record<keyof AdminOverview['security'], AuditAction>

/** How many there are of what an administrator looks after, at one moment. */
export async function countAll(em: EntityManager, now: Date): Promise<AdminOverview> {
  const since = new Date(now.getTime() - 86_400_000)
  const counts = await firstRow(
    em,
    sql<Counts>`
      select
        (select jsonb_build_object('all', count(*), 'admins', count(*) filter (where role = 'admin'),
          'disabled', count(*) filter (where not is_active),
          'unverified', count(*) filter (where not is_verified)) from users) as users,
        (select count(*)::int from workspaces) as workspaces,
        (select count(*)::int from sessions
          where ended_at is null and expires_at > ${now}::timestamptz) as sessions,
        (select jsonb_build_object(
          'waiting', count(*) filter (where sent_at is null and given_up_at is null),
          'givenUp', count(*) filter (where given_up_at > ${since}::timestamptz)) from mails) as mails`,
  )
  const found = await rows(
    em,
    sql<{ action: string; count: number }>`select action, count::int
      from audit_counts(${since}::timestamptz, ${Object.values(counted)}::text[])`,
  )
  const countOf = (action: AuditAction) => found.find((row) => row.action === action)?.count ?? 0
  const security = Object.fromEntries(
    Object.entries(counted).map(([name, action]) => [name, countOf(action)]),
  ) as AdminOverview['security']
  return { ...(counts as Counts), security }
}
