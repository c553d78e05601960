import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import { decodeCursor, encodeCursor } from '../../../core/paging.ts'
import { firstRow, rows, sql } from '../../../database/sql.ts'
import type { ReportRequest, ReportView } from './report.schemas.ts'
import type { ReportsQuery } from './stored-reports.schemas.ts'

export type StoredRow = {
  id: string
  name: string
  report_type: string
  created_by: string | null
  created_at: Date | string
  request: Record<string, unknown>
}
export type WholeRow = StoredRow & { report_data: Record<string, unknown> & { version: number } }

const columns = sql`id, name, report_type, created_by, created_at, request`

type NewRow = {
  workspaceId: string
  userId: string
  name: string
  request: ReportRequest
  report: ReportView
  now: Date
  /** A workspace keeps no more than so many. */
  most: number
}

/** null: the workspace has as many as it may have. */
export const insertReport = (em: EntityManager, row: NewRow): Promise<StoredRow | null> =>
  firstRow(
    em,
    sql<StoredRow>`insert into analytics_reports (workspace_id, created_by, name, report_type, request,
        report_data, created_at)
      select ${row.workspaceId}::bigint, ${row.userId}::bigint, ${row.name}, 'summary',
        ${JSON.stringify(row.request)}::jsonb, ${JSON.stringify(row.report)}::jsonb,
        ${row.now}::timestamptz
      where (select count(*) from analytics_reports) < ${row.most}
      returning ${columns}`,
  )

export const findReport = (em: EntityManager, id: string): Promise<WholeRow | null> =>
  firstRow(
    em,
    sql<WholeRow>`select ${columns}, report_data from analytics_reports where id = ${id}::bigint`,
  )

export const deleteReport = async (em: EntityManager, id: string): Promise<boolean> =>
  (await firstRow(em, sql`delete from analytics_reports where id = ${id}::bigint returning id`)) !==
  null

const Cursor = z.tuple([z.string().regex(/^\d{1,18}$/)])

export async function findReports(em: EntityManager, { limit, cursor }: ReportsQuery) {
  const after = cursor ? decodeCursor(cursor, Cursor)[0] : null
  const found = await rows(
    em,
    sql<StoredRow>`select ${columns} from analytics_reports
      where ${after ? sql`id < ${after}::bigint` : sql`true`}
      order by id desc limit ${limit + 1}`,
  )
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: found.length > limit && last ? encodeCursor([last.id]) : null }
}
