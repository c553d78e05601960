import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import { auditActions } from '../../audit/actions.ts'
import { CursorTime } from '../../core/instant.ts'
import type { Json } from '../../core/json.ts'
import { decodeCursor, encodeCursor } from '../../core/paging.ts'
import { rows, sql } from '../../database/sql.ts'
import type { ActivityFilter, AdminAuditFilter, AuditFilter } from './audit.schemas.ts'

export type AuditRow = {
  id: string
  /** To the microsecond: what the next page starts behind. */
  at: string
  workspace_id: string | null
  action: string
  outcome: 'success' | 'failure' | 'denied'
  actor_kind: 'user' | 'token' | 'task' | 'cli' | 'anonymous'
  actor_id: string | null
  actor_name: string | null
  actor_email: string | null
  object_kind: string | null
  object_id: string | null
  request_id: string | null
  details: { [key: string]: Json }
  /** They are a member of the row's workspace. */
  actor_is_member: boolean
  personal: { ip?: string | null; userAgent?: string | null; email?: string } | null
}
export type AuditRowPage = { items: AuditRow[]; nextCursor: string | null }

const Cursor = z.tuple([CursorTime, z.string().regex(/^\d{1,18}$/)])

const placeOf = (cursor: string | undefined) => {
  const [at, id] = cursor ? decodeCursor(cursor, Cursor) : [null, null]
  return { at, id }
}

/** One more than is shown was asked for: whether there is a next page. */
function pageOf(found: AuditRow[], limit: number): AuditRowPage {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return {
    items,
    nextCursor: found.length > limit && last ? encodeCursor([last.at, last.id]) : null,
  }
}

/** A noun finds each of its actions, by name: LIKE may use no index under row-level security. */
const actionsOf = (action: string | undefined) =>
  action === undefined
    ? null
    : auditActions.filter((one) => one === action || one.startsWith(`${action}.`))

const columns = sql`l.id::text,
  to_char(l.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
  l.workspace_id::text, l.action, l.outcome, l.actor_kind, l.actor_id::text,
  u.display_name as actor_name, u.email as actor_email,
  exists (select from memberships m where m.workspace_id = l.workspace_id
    and m.user_id = l.actor_id) as actor_is_member,
  l.object_kind, l.object_id, l.request_id, l.details, l.personal`

const newestFirst = sql`order by l.at desc, l.id desc`

/** The workspace's own rows, as row-level security shows them. */
export async function findAudit(em: EntityManager, filter: AuditFilter): Promise<AuditRowPage> {
  const { at, id } = placeOf(filter.cursor)
  const actions = actionsOf(filter.action)
  // Only what is asked: a plan for 'is null or' would walk the whole log.
  const wanted = sql.join(
    [
      sql`true`,
      ...(at ? [sql`(l.at, l.id) < (${at}::timestamptz, ${id}::bigint)`] : []),
      ...(actions ? [sql`l.action = any(${actions}::text[])`] : []),
      ...(filter.outcome ? [sql`l.outcome = ${filter.outcome}`] : []),
      ...(filter.actor ? [sql`l.actor_id = ${filter.actor}::bigint`] : []),
      ...(filter.from ? [sql`l.at >= ${filter.from}::timestamptz`] : []),
      ...(filter.to ? [sql`l.at <= ${filter.to}::timestamptz`] : []),
    ],
    sql` and `,
  )
  const found = await rows(
    em,
    sql<AuditRow>`select ${columns} from audit_log l left join users u on u.id = l.actor_id
      where ${wanted} ${newestFirst} limit ${filter.limit + 1}`,
  )
  return pageOf(found, filter.limit)
}

/** Every chain's rows, for administrators. */
export async function findAllAudit(
  em: EntityManager,
  filter: AdminAuditFilter,
): Promise<AuditRowPage> {
  const { at, id } = placeOf(filter.cursor)
  const found = await rows(
    em,
    sql<AuditRow>`select ${columns}
      from audit_page(${at}::timestamptz, ${id}::bigint, ${filter.limit + 1}::int,
        ${actionsOf(filter.action)}::text[], ${filter.outcome ?? null}::text,
        ${filter.actor ?? null}::bigint, ${filter.workspace ?? null}::bigint,
        ${filter.from ?? null}::timestamptz, ${filter.to ?? null}::timestamptz) l
      left join users u on u.id = l.actor_id ${newestFirst}`,
  )
  return pageOf(found, filter.limit)
}

/** What a person did, and what was done to their account, in whichever chain it stands. */
export async function findActivity(
  em: EntityManager,
  userId: string,
  filter: ActivityFilter,
): Promise<AuditRowPage> {
  const { at, id } = placeOf(filter.cursor)
  const found = await rows(
    em,
    sql<AuditRow>`select ${columns}
      from audit_of_person(${userId}::bigint, ${at ?? 'infinity'}::timestamptz,
        ${id ?? '0'}::bigint, ${filter.limit + 1}::int) l
      left join users u on u.id = l.actor_id ${newestFirst}`,
  )
  return pageOf(found, filter.limit)
}
