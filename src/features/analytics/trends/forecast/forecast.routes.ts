import type { Context } from '../../../../context.ts'
import { route } from '../../../../http/route.ts'
import { frameOf } from '../../frame/answer.ts'
import { cached } from '../../frame/cached.ts'
import { definitionsOf } from '../../frame/definitions.ts'
import { scopeOf } from '../../frame/scope.ts'
import { usualPeriod } from '../../frame/usual-period.ts'
import { metricOf } from '../series/trend-metrics.ts'
import { ForecastQuery, ForecastView } from './forecast.schemas.ts'
import { forecastOf } from './forecast.service.ts'

const usualDays = { day: 180, hour: 28 }

async function answer(ctx: Context, query: ForecastQuery) {
  const { zone, metric, bucket, steps, ...asked } = query
  const scope = scopeOf(usualPeriod(asked, usualDays[bucket]), ctx)
  return {
    ...(await frameOf(ctx, scope)),
    definitions: definitionsOf([metricOf(metric).definition, 'forecast', 'moving_average']),
    zone,
    metric,
    bucket,
    ...(await forecastOf(ctx, scope, { metric, bucket, zone, steps })),
  }
}

const show = route({
  method: 'get',
  path: '/api/analytics/trends/forecast',
  tag: 'Analytics',
  summary: 'The next hours or days of a metric, with intervals that were tried on its past',
  description:
    'The method that did best on the past of this very series is chosen (rolling origin, MASE) among ' +
    'the simple moving average, damped Holt, Holt-Winters, seasonal naive, and the mean of all of ' +
    'these but damped Holt. Times that nobody watched are holes and not zeros; the running bucket ' +
    'is left out.',
  access: 'user',
  query: ForecastQuery,
  status: 200,
  response: ForecastView,
  handler: ({ ctx, actor, query }) =>
    cached(ctx, actor, 'forecast', query, (ctx) => answer(ctx, query)),
})

export const forecastRoutes = [show]
