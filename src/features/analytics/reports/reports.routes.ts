import { z } from 'zod'
import { recordAudit } from '../../../audit/audit.ts'
import { IdParams } from '../../../http/id.ts'
import { route } from '../../../http/route.ts'
import { cached } from '../frame/cached.ts'
import { ReportQuery, ReportView } from './report.schemas.ts'
import { buildReport } from './report.service.ts'
import {
  NewReport,
  ReportPage,
  ReportsQuery,
  StoredReport,
  WholeReport,
} from './stored-reports.schemas.ts'
import { listReports, removeReport, storeReport, takeReport } from './stored-reports.service.ts'

const tag = 'Analytics'

const take = route({
  method: 'get',
  path: '/api/export/report.json',
  tag: 'Export',
  summary: 'A summary of the chosen platforms in a period, with the definition of every figure',
  description:
    'Sections: analytics, engagement, sentiment, coverage, topContent, postingFrequency, growth; told ' +
    'for each platform apart, because what two platforms call by one name is not one thing.',
  access: 'user',
  scope: 'export',
  query: ReportQuery,
  status: 200,
  response: ReportView,
  handler: async ({ ctx, actor, query }) => {
    const report = await cached(ctx, actor, 'report', query, (ctx) => buildReport(ctx, query))
    const { from, to, request } = report
    await recordAudit(ctx, {
      action: 'export.taken',
      workspaceId: actor.workspaceId,
      details: { format: 'report', from, to, source: request.source },
    })
    return report
  },
})

const store = route({
  method: 'post',
  path: '/api/analytics/reports',
  tag,
  summary: 'Build a report and keep it under a name',
  description: 'What it tells is read by its id, which takes the right to export.',
  access: 'user',
  body: NewReport,
  status: 201,
  response: StoredReport,
  handler: ({ ctx, actor, body }) => storeReport(ctx, actor, body),
})

const list = route({
  method: 'get',
  path: '/api/analytics/reports',
  tag,
  summary: 'Kept reports, newest first, without what they tell',
  access: 'user',
  query: ReportsQuery,
  status: 200,
  response: ReportPage,
  handler: ({ ctx, query }) => listReports(ctx, query),
})

const show = route({
  method: 'get',
  path: '/api/analytics/reports/{id}',
  tag,
  summary: 'A kept report, as it was on its day',
  access: 'user',
  // The same document as /api/export/report.json: whoever takes it away needs the same right.
  scope: 'export',
  params: IdParams,
  status: 200,
  response: WholeReport,
  handler: ({ ctx, actor, params }) => takeReport(ctx, actor, params.id),
})

const remove = route({
  method: 'delete',
  path: '/api/analytics/reports/{id}',
  tag,
  summary: 'Delete a kept report',
  access: 'user',
  params: IdParams,
  status: 204,
  response: z.void(),
  handler: ({ ctx, actor, params }) => removeReport(ctx, actor, params.id),
})

export const reportRoutes = [take, store, list, show, remove]
