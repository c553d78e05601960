import type { EntityManager } from '@mikro-orm/postgresql'
import { recordAudit } from '../../../audit/audit.ts'
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
} from './stored-reports.repository.ts'
import {
  type NewReport,
  ReportHead,
  type ReportsQuery,
  type StoredReport,
  type WholeReport,
} from './stored-reports.schemas.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'origin'>
type Owner = Pick<Actor, 'workspaceId'>

const most = 500
const object = (id: string) => ({ kind: 'report', id })

/** Builds a report and keeps it as it is today, under a name. */
export async function storeReport(
  ctx: Needs,
  { workspaceId, userId }: Pick<Actor, 'workspaceId' | 'userId'>,
  { name, request }: NewReport,
): Promise<StoredReport> {
  const report = await buildReport(ctx, request)
  const now = ctx.clock.now()
  return ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    const row = await insertReport(em, { workspaceId, userId, name, request, report, now, most })
    if (!row) throw new AppError('conflict', `${most} reports are kept already: delete one first.`)
    await recordAudit(
      { ...ctx, em },
      { action: 'report.created', workspaceId, object: object(row.id) },
    )
    return presentStored(row)
  })
}

/** Hands out what a kept report tells: an export, and written down as one. */
export async function takeReport(
  ctx: Needs,
  { workspaceId }: Owner,
  id: string,
): Promise<WholeReport> {
  const row = await findReport(ctx.em, id)
  if (!row) throw notFound('Report')
  const { from, to, request } = ReportHead.parse(row.report_data)
  await recordAudit(ctx, {
    action: 'export.taken',
    workspaceId,
    object: object(id),
    details: { format: 'report', from, to, source: request.source },
  })
  return { ...presentStored(row), report: row.report_data }
}

export async function listReports({ em }: Pick<Context, 'em'>, query: ReportsQuery) {
  const { items, nextCursor } = await findReports(em, query)
  return { items: items.map(presentStored), nextCursor }
}

export async function removeReport(ctx: Needs, { workspaceId }: Owner, id: string): Promise<void> {
  await ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    if (!(await deleteReport(em, id))) throw notFound('Report')
    await recordAudit({ ...ctx, em }, { action: 'report.deleted', workspaceId, object: object(id) })
  })
}

const presentStored = (row: StoredRow): StoredReport => ({
  id: row.id,
  name: row.name,
  type: row.report_type,
  createdBy: row.created_by,
  createdAt: new Date(row.created_at).toISOString(),
  request: row.request,
})
