import { z } from 'zod'
import { pageLimit } from '../../../core/paging.ts'
import { Id } from '../../../http/id.ts'
import { ReportRequest } from './report.schemas.ts'

export const NewReport = z.strictObject({
  name: z.string().trim().min(1).max(200),
  request: ReportRequest.default({ zone: 'UTC' }),
})
export type NewReport = z.infer<typeof NewReport>

export const StoredReport = z
  .object({
    id: Id,
    name: z.string(),
    type: z.string().describe('summary: the report of /api/export/report.json'),
    createdBy: Id.nullable().describe('Null: their account is gone'),
    createdAt: z.iso.datetime(),
    request: z.looseObject({}).describe('As it was asked for'),
  })
  .meta({ id: 'StoredReport' })
export type StoredReport = z.infer<typeof StoredReport>

/** What each version of the document says of itself. */
export const ReportHead = z.object({
  from: z.string(),
  to: z.string(),
  request: z.object({ source: z.string().nullable() }),
})

export const WholeReport = StoredReport.extend({
  report: z.looseObject({ version: z.number() }).describe('As it was on that day'),
}).meta({ id: 'WholeReport' })
export type WholeReport = z.infer<typeof WholeReport>

export const ReportsQuery = z.strictObject({
  limit: pageLimit(50, 200),
  cursor: z.string().max(500).optional().describe('nextCursor of the page before'),
})
export type ReportsQuery = z.infer<typeof ReportsQuery>

export const ReportPage = z
  .object({
    items: z.array(StoredReport).describe('Newest first'),
    nextCursor: z.string().nullable().describe('Null: this was the last page'),
  })
  .meta({ id: 'ReportPage' })
