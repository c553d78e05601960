import type { Context } from '../../../../context.ts'
import { route } from '../../../../http/route.ts'
import { frameOf } from '../../frame/answer.ts'
import { cached } from '../../frame/cached.ts'
import { definitionsOf } from '../../frame/definitions.ts'
import { scopeOf } from '../../frame/scope.ts'
import { usualPeriod } from '../../frame/usual-period.ts'
import { metricOf } from '../series/trend-metrics.ts'
import { Anomalies, AnomaliesQuery } from './anomalies.schemas.ts'
import { anomaliesOf } from './anomalies.service.ts'

const usualDays = { day: 90, hour: 28 }

async function answer(ctx: Context, query: AnomaliesQuery) {
  const { zone, metric, bucket, threshold, ...asked } = query
  const scope = scopeOf(usualPeriod(asked, usualDays[bucket]), ctx)
  return {
    ...(await frameOf(ctx, scope)),
    definitions: definitionsOf([metricOf(metric).definition, 'anomaly']),
    zone,
    metric,
    bucket,
    threshold,
    ...(await anomaliesOf(ctx, scope, { zone, metric, bucket, threshold })),
  }
}

const show = route({
  method: 'get',
  path: '/api/analytics/trends/anomalies',
  tag: 'Analytics',
  summary: 'Spikes, dips and level shifts of a metric, apart from holes of our own data',
  description:
    'Judged against the running level and the same hour of other weeks (or day of the week), by ' +
    'medians. What nobody watched raises no alarm and stands in `holes`; what comes from adding or ' +
    'removing sources stands in `ours`.',
  access: 'user',
  query: AnomaliesQuery,
  status: 200,
  response: Anomalies,
  handler: ({ ctx, actor, query }) =>
    cached(ctx, actor, 'anomalies', query, (ctx) => answer(ctx, query)),
})

export const anomalyRoutes = [show]
