import type { Context } from '../../../context.ts'
import { growthRate } from '../../../statistics/growth.ts'
import { summarizeCoverage } from '../../coverage/index.ts'
import { findTop, summarizeEngagement } from '../engagement/index.ts'
import { type Figure, figure } from '../frame/figure.ts'
import { sentimentExtremes, sentimentShares } from '../sentiment/index.ts'
import { trendsOf } from '../trends/index.ts'
import { type AudienceRow, countActivity, findAudiences } from './audience.queries.ts'
import type { PlatformReport, SectionName } from './report.schemas.ts'

type Needs = Pick<Context, 'em' | 'clock'>
type Definitions = { id: string; formula: string; unit: string }[]

export type PlatformAsked = {
  scope: {
    platform: PlatformReport['platform']
    source?: string | undefined
    from: string
    to: string
  }
  zone: string
  sections: readonly SectionName[]
  /** Is told the definition of every figure that goes into the report. */
  define: (definitions: Definitions) => void
}

const topPosts = 10
const extremes = 5
const largest = 20

type Framed = { from: string; to: string; coverage: unknown; definitions: Definitions }

/** What a room answers without what stands around it, which the report says once. */
function bare<View extends Framed>(view: View, { define }: PlatformAsked) {
  const { from: _from, to: _to, coverage: _coverage, definitions, ...told } = view
  define(definitions)
  return told
}

type Part = (ctx: Needs, asked: PlatformAsked) => Promise<Partial<PlatformReport>>

const parts: Record<SectionName, Part> = {
  analytics: async ({ em }, { scope, zone }) => ({
    analytics: await countActivity(em, scope, zone),
  }),
  engagement: async (ctx, asked) => {
    const view = await summarizeEngagement(ctx, { ...asked.scope, limit: 1 })
    const { groups: _groups, groupsLeftOut: _left, ...told } = bare(view, asked)
    return { engagement: told }
  },
  sentiment,
  coverage: async ({ em }, { scope }) => ({ coverage: await summarizeCoverage(em, scope) }),
  topContent: async (ctx, asked) => {
    const query = { ...asked.scope, by: 'engagement', limit: topPosts, minimum: 100 } as const
    return { topContent: bare(await findTop(ctx, query), asked).items }
  },
  postingFrequency: async (ctx, asked) => {
    const { scope, zone } = asked
    const view = await trendsOf(ctx, { ...scope, zone, metric: 'posts', bucket: 'day' })
    return { postingFrequency: bare(view, asked).frequency }
  },
  growth,
}

async function sentiment(ctx: Needs, asked: PlatformAsked): Promise<Partial<PlatformReport>> {
  const { scope, zone } = asked
  const fixed = { texts: 'posts', by: 'none', order: 'positive', k: 1 } as const
  const bucket = spanDays(scope) > 1_000 ? 'week' : 'day'
  const shares = bare(await sentimentShares(ctx, { ...scope, ...fixed, zone, bucket }), asked)
  const ends = (side: 'positive' | 'negative') =>
    sentimentExtremes(ctx, { ...scope, texts: 'posts', side, limit: extremes })
  return {
    sentiment: {
      total: shares.total,
      series: shares.series,
      mostPositive: bare(await ends('positive'), asked).posts,
      mostNegative: bare(await ends('negative'), asked).posts,
    },
  }
}

const spanDays = ({ from, to }: PlatformAsked['scope']) =>
  (Date.parse(to) - Date.parse(from)) / 86_400_000

async function growth(ctx: Needs, asked: PlatformAsked): Promise<Partial<PlatformReport>> {
  const { scope, zone } = asked
  const view = await trendsOf(ctx, { ...scope, zone, metric: 'engagement', bucket: 'day' })
  const told = bare(view, asked)
  const audiences = await findAudiences(ctx.em, scope, largest)
  return {
    growth: {
      engagement: told.growth,
      series: told.points,
      audience: audiences.map(presentAudience),
    },
  }
}

const count = (value: string | null) => (value === null ? null : Number(value))

const presentAudience = (row: AudienceRow) => ({
  source: { id: row.id, name: row.name },
  first: count(row.first),
  last: count(row.last),
  growth: audienceGrowth(row),
})

function audienceGrowth(row: AudienceRow): Figure {
  const [first, last, n] = [count(row.first), count(row.last), Number(row.n)]
  if (n < 2) return figure('growth_rate', null, n, 'fewer_than_two_looks')
  return figure('growth_rate', growthRate(first, last), n, 'starts_from_nothing')
}

/** One platform's sections, one after the other: each is a few looks at indexes. */
export async function reportPlatform(ctx: Needs, asked: PlatformAsked): Promise<PlatformReport> {
  let report: PlatformReport = { platform: asked.scope.platform }
  for (const section of asked.sections) {
    report = { ...report, ...(await parts[section](ctx, asked)) }
  }
  return report
}
