import type { Context } from '../../../../context.ts'
import { dailyGrowth, growthRate } from '../../../../statistics/growth.ts'
import { poisson } from '../../../../statistics/intervals.ts'
import type { Bucket } from '../../frame/buckets.ts'
import { wholeQuarters } from '../../frame/buckets.ts'
import { type Figure, figure } from '../../frame/figure.ts'
import type { Scope } from '../../frame/scope.ts'
import { isComparable, matureMs, measured, type Step, wellObserved } from './series.service.ts'
import { metricOf, type TrendMetric } from './trend-metrics.ts'

const dayMs = 86_400_000
const quarterMs = 900_000
/** So much may the number of watched sources differ between what is compared. */
const sourcesDrift = 0.05

const whyNot = (from: number | null, reason: string) =>
  from === 0 ? 'starts_from_nothing' : reason

/** From the first bucket that can be compared to the last one, whole and a day apart as compounded. */
export function growthWithin(steps: readonly Step[]): { firstToLast: Figure; daily: Figure } {
  const known = steps.filter(isComparable)
  const [first, last] = [known[0], known.at(-1)]
  if (!first || !last || first === last) {
    const reason = 'fewer_than_two_whole_buckets'
    return {
      firstToLast: figure('growth_rate', null, 0, reason),
      daily: figure('daily_growth', null, 0, reason),
    }
  }
  const n = first.n + last.n
  const days = (last.fromMs - first.fromMs) / dayMs
  const changed = differs(first.sources, last.sources)
  const reason = changed ? 'sources_changed' : whyNot(first.value, 'below_nothing')
  const told = (value: number | null) => (changed ? null : value)
  return {
    firstToLast: figure('growth_rate', told(growthRate(first.value, last.value)), n, reason),
    daily: figure('daily_growth', told(dailyGrowth(first.value, last.value, days)), n, reason),
  }
}

const differs = (one: number, other: number) =>
  Math.abs(one - other) > sourcesDrift * Math.max(one, other)

const plain = (fromMs: number, toMs: number): Bucket => ({ fromMs, toMs, offsetMs: 0, whole: true })

/**
 * Against the period before, of equal length. Of a metric that still grows on young posts, the last
 * day is left out of one and the same stretch before of the other.
 */
export async function growthAgainstBefore(
  ctx: Pick<Context, 'em' | 'clock'>,
  scope: Scope,
  metric: TrendMetric,
): Promise<Figure> {
  const whole = wholeQuarters(scope)
  const fromMs = Date.parse(whole.from)
  const nowMs = ctx.clock.now().getTime()
  const matureMsNow = Math.floor((nowMs - matureMs) / quarterMs) * quarterMs
  const toMs = Math.min(Date.parse(whole.to), metric.matures ? matureMsNow : Infinity)
  if (toMs <= fromMs) return figure('growth_rate', null, 0, 'too_young')
  const earlierMs = 2 * fromMs - toMs
  const [before, after] = await measured(ctx, scope, metric, [
    plain(earlierMs, fromMs),
    plain(fromMs, toMs),
  ])
  if (!before || !after) return figure('growth_rate', null, 0)
  const n = before.n + after.n
  if (Math.min(before.observed, after.observed) < wellObserved) {
    return figure('growth_rate', null, n, 'not_observed')
  }
  if (differs(before.sources, after.sources))
    return figure('growth_rate', null, n, 'sources_changed')
  const reason = before.reason ?? after.reason ?? whyNot(before.value, 'no_posts')
  return figure('growth_rate', growthRate(before.value, after.value), n, reason)
}

/** Posts a day over the time that was watched, with the exact Poisson interval. */
export function frequencyOf(steps: readonly Step[]): Figure {
  const watched = steps.filter(({ observed }) => observed >= wellObserved)
  const posts = watched.reduce((total, step) => total + step.posts, 0)
  const days = watched.reduce(
    (total, { observed, fromMs, toMs }) => total + (observed * (toMs - fromMs)) / dayMs,
    0,
  )
  if (days === 0) return figure('posting_frequency', null, 0, 'not_observed')
  const { low, high } = poisson(posts)
  return {
    ...figure('posting_frequency', posts / days, posts),
    low: low / days,
    high: high / days,
    level: 0.95,
  }
}

/** The whole period as one: what its posts add up to, or their mean. */
export function totalOf(steps: readonly Step[], name: Parameters<typeof metricOf>[0]): Figure {
  const { of, definition } = metricOf(name)
  const known = steps.filter(({ value }) => value !== null)
  const n = known.reduce((total, step) => total + step.n, 0)
  if (known.length === 0) return figure(definition, null, 0, steps[0]?.reason ?? 'no_posts')
  const total = known.reduce(
    (sum, { value, n: own }) => sum + (value ?? 0) * (of === 'mean' ? own : 1),
    0,
  )
  return figure(definition, of === 'mean' ? total / n : total, n)
}
