import { route } from '../../http/route.ts'
import { periodOf } from './coverage.period.ts'
import { findGaps, type GapRow, summarizeCoverage } from './coverage.queries.ts'
import { CoverageFilter, CoverageView, type GapView } from './coverage.schemas.ts'

const iso = (time: Date | string) => new Date(time).toISOString()

const presentGap = (row: GapRow): GapView => ({
  id: row.id,
  source: { id: row.source_id, handle: row.source_handle, title: row.source_title },
  platform: row.platform as GapView['platform'],
  from: iso(row.from_at),
  to: row.to_at === null ? null : iso(row.to_at),
  reason: row.reason,
  posts: row.posts as GapView['posts'],
})

const show = route({
  method: 'get',
  path: '/api/coverage',
  tag: 'Coverage',
  summary: 'How much of a period was observed, and each gap with its reason',
  description:
    'ratio = source-hours without a gap / source-hours, where a source counts from the later of ' +
    'its start and the creation of its monitoring job. Sources without a job are not ' +
    'watched and do not count.',
  access: 'user',
  query: CoverageFilter,
  status: 200,
  response: CoverageView,
  handler: async ({ ctx, query }) => {
    const { limit, cursor, platform, source } = query
    const period = { platform, source, ...periodOf(query, ctx.clock.now()) }
    const summary = await summarizeCoverage(ctx.em, period)
    const { items, nextCursor } = await findGaps(ctx.em, period, { limit, cursor })
    return { from: period.from, to: period.to, summary, gaps: items.map(presentGap), nextCursor }
  },
})

export const coverageRoutes = [show]
