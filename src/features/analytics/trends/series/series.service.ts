import type { Context } from '../../../../context.ts'
import { studentFactor } from '../../../../statistics/intervals.ts'
import { findWatchChanges } from '../../../coverage/index.ts'
import { type Bucket, type BucketName, bucketsOf, wholeQuarters } from '../../frame/buckets.ts'
import type { Scope } from '../../frame/scope.ts'
import { type Watched, watchOf } from '../../frame/watch.ts'
import { type BucketSums, findBucketSums, findHistoryStart } from './series.queries.ts'
import type { TrendMetric } from './trend-metrics.ts'

export type Step = Bucket &
  Watched & {
    posts: number
    /** Posts that tell the metric. */
    n: number
    value: number | null
    /** Why there is no value. */
    reason: 'not_observed' | 'no_posts' | 'not_reported' | null
    /** Where the mean lies, 95 %, where the spread of what it is made of is known. */
    interval: { low: number; high: number } | null
    /** Its posts are younger than a day, and the metric still grows on them. */
    maturing: boolean
  }

/** An empty bucket is nothing, and not a hole, when at least so much of it was watched. */
const leastObserved = 0.5
/** What is compared with other times must have been watched so well. */
export const wellObserved = 0.9
/** Most of what a post will ever get, it gets within a day. */
export const matureMs = 86_400_000

type Asked = { scope: Scope; metric: TrendMetric; bucket: BucketName; zone: string }

/**
 * The metric over the buckets of a period, from its first post or look on: what lies before is known
 * of nobody. Sums of whole quarters of an hour, so the period is widened to those.
 */
export async function seriesOf(
  ctx: Pick<Context, 'em' | 'clock'>,
  { scope, metric, bucket, zone }: Asked,
): Promise<Step[]> {
  const whole = wholeQuarters(scope)
  const startMs = await findHistoryStart(ctx.em, whole)
  const toMs = Date.parse(whole.to)
  if (startMs === null || startMs >= toMs) return []
  const fromMs = Math.max(Date.parse(whole.from), startMs)
  return measured(ctx, whole, metric, bucketsOf(bucket, zone, fromMs, toMs))
}

/** The metric in any buckets that follow each other. */
export async function measured(
  { em, clock }: Pick<Context, 'em' | 'clock'>,
  scope: Scope,
  metric: TrendMetric,
  buckets: readonly Bucket[],
): Promise<Step[]> {
  const [first, last] = [buckets[0], buckets.at(-1)]
  if (!first || !last) return []
  const period = {
    ...scope,
    from: new Date(first.fromMs).toISOString(),
    to: new Date(last.toMs).toISOString(),
  }
  const sums = await findBucketSums(em, period, metric, buckets)
  const watched = watchOf(buckets, await findWatchChanges(em, period))
  const nowMs = clock.now().getTime()
  return buckets.map((one, index) => {
    const seen = watched[index] ?? { sources: 0, observed: 0 }
    return {
      ...one,
      ...seen,
      ...measuredOf(metric, sums.get(index), seen),
      whole: one.whole && one.toMs <= nowMs,
      maturing: metric.matures && one.toMs > nowMs - matureMs,
    }
  })
}

type Valued = Pick<Step, 'posts' | 'n' | 'value' | 'reason' | 'interval'>

const unknown = (reason: Step['reason'], posts = 0): Valued => ({
  posts,
  n: 0,
  value: null,
  reason,
  interval: null,
})

function measuredOf(
  metric: TrendMetric,
  sums: BucketSums | undefined,
  { observed }: Watched,
): Valued {
  if (!sums) {
    if (observed < leastObserved) return unknown('not_observed')
    if (metric.of === 'mean') return unknown('no_posts')
    return { posts: 0, n: 0, value: 0, reason: null, interval: null }
  }
  const { posts, n } = sums
  if (n === 0) return unknown('not_reported', posts)
  const value = (sums.total * metric.scale) / (metric.of === 'mean' ? n : 1)
  return { posts, n, value, reason: null, interval: intervalOf(metric, sums, value) }
}

/** Of a mean, from the sum of squares; null of fewer than two. */
function intervalOf({ scale }: TrendMetric, { n, squares }: BucketSums, value: number) {
  if (squares === null || n < 2) return null
  const spread = Math.max(0, (squares * scale - n * value ** 2) / (n - 1))
  const half = studentFactor(n - 1, 0.95) * Math.sqrt(spread / n)
  return { low: Math.max(-1, value - half), high: Math.min(1, value + half) }
}

/** Known well enough to be compared with others like it. */
export const isComparable = (step: Step): boolean =>
  step.whole && !step.maturing && step.value !== null && step.observed >= wellObserved
