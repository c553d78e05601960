import type { Context } from '../../../../context.ts'
import { type Forecast, forecast } from '../../../../statistics/forecast/forecast.ts'
import { mean } from '../../../../statistics/series.ts'
import { type Bucket, bucketsOf, localIso } from '../../frame/buckets.ts'
import type { Scope } from '../../frame/scope.ts'
import { type Step, seriesOf, wellObserved } from '../series/series.service.ts'
import { metricOf } from '../series/trend-metrics.ts'
import type { ForecastQuery } from './forecast.schemas.ts'

const dayMs = 86_400_000
const seasons = { day: 7, hour: 24 }
const lengths = { day: dayMs, hour: dayMs / 24 }
/** Longer ones teach no more and cost more. */
const mostHistory = { day: 400, hour: 28 * 24 }
const sourcesDrift = 0.05

const iso = (ms: number) => new Date(ms).toISOString()

/** The next buckets of a metric, learnt from what is whole, ripe and was watched. */
export async function forecastOf(
  ctx: Pick<Context, 'em' | 'clock'>,
  scope: Scope,
  { metric: name, bucket, zone, steps: ahead }: Omit<ForecastQuery, keyof Scope | 'days'>,
) {
  const metric = metricOf(name)
  const season = seasons[bucket]
  const { steps, begins } = learnt(await seriesOf(ctx, { scope, metric, bucket, zone }))
  const history = steps.slice(-mostHistory[bucket])
  const series = history.map((step) => (step.observed >= wellObserved ? step.value : null))
  const told = forecast(series, {
    steps: ahead,
    season,
    ...(Number.isFinite(metric.least) && { least: metric.least }),
  })
  const lastMs = history.at(-1)?.toMs
  const future = lastMs === undefined ? [] : comingBuckets(bucket, zone, lastMs, ahead)
  return {
    history: {
      from: history[0] ? iso(history[0].fromMs) : null,
      to: lastMs === undefined ? null : iso(lastMs),
      buckets: history.length,
      holes: series.filter((value) => value === null).length,
      begins: history.length < steps.length ? ('period' as const) : begins,
    },
    ...presentForecast(told, future),
    simpleMovingAverage: movingAverage(series.slice(-season), season),
  }
}

/**
 * The stretch that can teach: up to the last bucket that is whole and ripe, and from where about as
 * many sources were watched as at its end, because a source that is added is no growth.
 */
function learnt(all: readonly Step[]) {
  const last = all.findLastIndex(({ whole, maturing }) => whole && !maturing)
  const ripe = all.slice(0, last + 1)
  const now = ripe.at(-1)?.sources ?? 0
  const other = ripe.findLastIndex(({ sources }) => Math.abs(sources - now) > sourcesDrift * now)
  const watchedBefore = ripe.slice(0, Math.max(0, other)).some(({ observed }) => observed > 0)
  const steps = ripe.slice(other + 1).filter(({ whole }, index) => whole || index > 0)
  if (other < 0) return { steps, begins: 'period' as const }
  return { steps, begins: watchedBefore ? ('sources_changed' as const) : ('first_look' as const) }
}

function comingBuckets(
  bucket: 'day' | 'hour',
  zone: string,
  fromMs: number,
  count: number,
): Bucket[] {
  return bucketsOf(bucket, zone, fromMs, fromMs + (count + 2) * lengths[bucket]).slice(0, count)
}

function presentForecast(told: Forecast, future: readonly Bucket[]) {
  if (told.points === null) {
    return {
      points: null,
      reason: told.reason,
      method: null,
      scores: [],
      backtests: 0,
      covered80: null,
      covered95: null,
      coveredOf: 0,
      coveredReason: 'no_forecast' as const,
    }
  }
  const { points, method, scores, backtests, coverage } = told
  return {
    points: future.flatMap(({ fromMs, toMs, offsetMs }, index) => {
      const point = points[index]
      if (!point) return []
      return [{ from: iso(fromMs), to: iso(toMs), local: localIso(fromMs, offsetMs), ...point }]
    }),
    reason: null,
    method,
    scores: [...scores],
    backtests,
    covered80: coverage.covered80,
    covered95: coverage.covered95,
    coveredOf: coverage.tried,
    coveredReason: coverage.tried === 0 ? ('too_few_backtests' as const) : null,
  }
}

/** Of the last season; null where a part of it is missing. */
function movingAverage(values: readonly (number | null)[], season: number): number | null {
  const known = values.filter((value): value is number => value !== null)
  return known.length < season ? null : mean(known)
}
