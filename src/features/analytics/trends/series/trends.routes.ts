import type { Context } from '../../../../context.ts'
import { route } from '../../../../http/route.ts'
import { frameOf } from '../../frame/answer.ts'
import { cached } from '../../frame/cached.ts'
import { definitionsOf } from '../../frame/definitions.ts'
import { scopeOf } from '../../frame/scope.ts'
import { frequencyOf, growthAgainstBefore, growthWithin, totalOf } from './growth.service.ts'
import { seriesOf } from './series.service.ts'
import { metricOf } from './trend-metrics.ts'
import { pointsOf } from './trends.presenter.ts'
import { Trends, TrendsQuery } from './trends.schemas.ts'

/** A metric over time, its growth, and how often posts are published. */
export async function trendsOf(
  ctx: Pick<Context, 'em' | 'clock'>,
  { zone, metric: name, bucket, ...asked }: TrendsQuery,
) {
  const scope = scopeOf(asked, ctx)
  const metric = metricOf(name)
  const steps = await seriesOf(ctx, { scope, metric, bucket, zone })
  return {
    ...(await frameOf(ctx, scope)),
    definitions: definitionsOf([
      metric.definition,
      'growth_rate',
      'daily_growth',
      'posting_frequency',
      'moving_average',
    ]),
    zone,
    metric: name,
    bucket,
    ...pointsOf(steps, bucket),
    total: totalOf(steps, name),
    growth: {
      ...growthWithin(steps),
      againstBefore: await growthAgainstBefore(ctx, scope, metric),
    },
    frequency: frequencyOf(steps),
  }
}

const show = route({
  method: 'get',
  path: '/api/analytics/trends',
  tag: 'Analytics',
  summary: 'A metric of posts over time, its growth, and how often posts are published',
  description:
    'Buckets are cut where hours, days and weeks begin in the zone, so days have 23 to 25 hours ' +
    'where clocks change. A bucket without posts is 0 only where it was watched, else null.',
  access: 'user',
  query: TrendsQuery,
  status: 200,
  response: Trends,
  handler: ({ ctx, actor, query }) =>
    cached(ctx, actor, 'trends', query, (ctx) => trendsOf(ctx, query)),
})

export const trendRoutes = [show]
