import type { Context } from '../../../context.ts'
import type { Actor } from '../../../core/actor.ts'
import { AppError, notFound } from '../../../core/errors.ts'
import { buildReport } from './report.service.ts'
import {
  deleteReport,
  findReport,
  findReports,
  insertReport,
  type StoredRow,
  type WholeRow,
} from './stored-reports.repository.ts'
import type { NewReport, ReportsQuery, WholeReport } from './stored-reports.schemas.ts'

const most = 500

/** Builds a report and keeps it as it is today, under a name. */
export async function storeReport(
  ctx: Pick<Context, 'em' | 'clock'>,
  { workspaceId, userId }: Pick<Actor, 'workspaceId' | 'userId'>,
  { name, request }: NewReport,
): Promise<WholeReport> {
  const report = await buildReport(ctx, request)
  const now = ctx.clock.now()
  const row = await insertReport(ctx.em, { workspaceId, userId, name, request, report, now, most })
  if (!row) throw new AppError('conflict', `${most} reports are kept already: delete one first.`)
  return presentWhole(row)
}

export async function getReport({ em }: Pick<Context, 'em'>, id: string): Promise<WholeReport> {
  const row = await findReport(em, id)
  if (!row) throw notFound('Report')
  return presentWhole(row)
}

export async function listReports({ em }: Pick<Context, 'em'>, query: ReportsQuery) {
  const { items, nextCursor } = await findReports(em, query)
  return { items: items.map(presentStored), nextCursor }
}

export async function removeReport({ em }: Pick<Context, 'em'>, id: string): Promise<void> {
  if (!(await deleteReport(em, id))) throw notFound('Report')
}

const presentStored = (row: StoredRow) => ({
  id: row.id,
  name: row.name,
  type: row.report_type,
  createdBy: row.created_by,
  createdAt: new Date(row.created_at).toISOString(),
  request: row.request,
})

const presentWhole = (row: WholeRow): WholeReport => ({
  ...presentStored(row),
  report: row.report_data,
})
