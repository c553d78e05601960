import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { z } from 'zod'
import { CursorTime } from '../../../core/instant.ts'
import { decodeCursor, encodeCursor } from '../../../core/paging.ts'
import { firstRow, rows, sql } from '../../../database/sql.ts'
import { type FeedbackRow, feedbackColumns, feedbackTables } from '../feedback.queries.ts'
import type { AdminFeedbackFilter, FeedbackSort } from './admin-feedback.schemas.ts'

export type AdminFeedbackRow = FeedbackRow & {
  writer_id: string
  writer_email: string
  assigned_to: string | null
  assigned_email: string | null
}

type Order = {
  /** As a text that a cursor can carry. */
  key: RawBuilder<unknown>
  by: RawBuilder<unknown>
  isAfter: (key: string, id: string) => RawBuilder<unknown>
  cursorKey: z.ZodType<string>
}

const Digits = z.string().regex(/^[1-9]\d{0,17}$/)

/** The only orders there are: no word of a request becomes SQL. */
const orders: Record<FeedbackSort, Order> = {
  newest: {
    key: sql`f.id::text`,
    by: sql`f.id desc`,
    isAfter: (_key, id) => sql`f.id < ${id}::bigint`,
    cursorKey: Digits,
  },
  oldest: {
    key: sql`f.id::text`,
    by: sql`f.id`,
    isAfter: (_key, id) => sql`f.id > ${id}::bigint`,
    cursorKey: Digits,
  },
  updated: {
    key: sql`to_char(f.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
    by: sql`f.updated_at desc, f.id desc`,
    isAfter: (key, id) => sql`(f.updated_at, f.id) < (${key}::timestamptz, ${id}::bigint)`,
    cursorKey: CursorTime,
  },
  // Who has not rated comes last: nobody knows how they feel.
  least_satisfied: {
    key: sql`coalesce(f.satisfaction, 6)::text`,
    by: sql`coalesce(f.satisfaction, 6), f.id`,
    isAfter: (key, id) =>
      sql`(coalesce(f.satisfaction, 6), f.id) > (${key}::smallint, ${id}::bigint)`,
    cursorKey: z.string().regex(/^[1-6]$/),
  },
}

const columns = sql`${feedbackColumns}, w.id as writer_id, w.email as writer_email,
  a.id as assigned_to, a.email as assigned_email`
const tables = sql`${feedbackTables} join users w on w.id = f.user_id
  left join users a on a.id = f.assigned_to`

function conditionsOf(filter: AdminFeedbackFilter): RawBuilder<unknown> {
  const { type, status, assignedTo, from, to, minRating, text } = filter
  const wanted: [boolean, () => RawBuilder<unknown>][] = [
    [type !== undefined, () => sql`f.type = ${type}`],
    [status !== undefined, () => sql`f.status = ${status}`],
    [assignedTo === 'nobody', () => sql`f.assigned_to is null`],
    [!!assignedTo && assignedTo !== 'nobody', () => sql`f.assigned_to = ${assignedTo}::bigint`],
    [from !== undefined, () => sql`f.created_at >= ${from}::timestamptz`],
    [to !== undefined, () => sql`f.created_at < ${to}::timestamptz`],
    [minRating !== undefined, () => sql`f.satisfaction >= ${minRating}`],
    // Looked for as it stands: no pattern, so nothing in it means anything.
    [
      text !== undefined,
      () => sql`position(lower(${text}) in lower(f.title || chr(10) || f.description)) > 0`,
    ],
  ]
  const conditions = wanted.flatMap(([given, condition]) => (given ? [condition()] : []))
  return conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`true`
}

/** Everybody's feedback, in one of the orders. */
export async function findAllFeedback(em: EntityManager, filter: AdminFeedbackFilter) {
  const { key, by, isAfter, cursorKey } = orders[filter.sort]
  const Cursor = z.tuple([z.literal(filter.sort), cursorKey, Digits])
  const after = filter.cursor ? decodeCursor(filter.cursor, Cursor) : null
  const found = await rows<AdminFeedbackRow & { key: string }>(
    em,
    sql`select ${columns}, ${key} as key from ${tables}
      where ${conditionsOf(filter)} and ${after ? isAfter(after[1], after[2]) : sql`true`}
      order by ${by} limit ${filter.limit + 1}`,
  )
  const items = found.slice(0, filter.limit)
  const last = items.at(-1)
  const more = found.length > filter.limit && last
  return { items, nextCursor: more ? encodeCursor([filter.sort, last.key, last.id]) : null }
}

export const findAnyFeedback = (em: EntityManager, id: string) =>
  firstRow<AdminFeedbackRow>(em, sql`select ${columns} from ${tables} where f.id = ${id}::bigint`)

export type NoteRow = {
  id: string
  body: string
  created_at: Date
  author_id: string | null
  author_email: string | null
}

export const findNotes = (em: EntityManager, feedbackId: string) =>
  rows<NoteRow>(
    em,
    sql`select n.id, n.body, n.created_at, u.id as author_id, u.email as author_email
      from feedback_notes n left join users u on u.id = n.author_id
      where n.feedback_id = ${feedbackId}::bigint order by n.id`,
  )

export const findAdmin = (em: EntityManager, id: string) =>
  firstRow<{ id: string }>(
    em,
    sql`select id from users where id = ${id}::bigint and role = 'admin' and is_active`,
  )
