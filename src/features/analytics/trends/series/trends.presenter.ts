import { downsample } from '../../../../statistics/downsample.ts'
import { mean } from '../../../../statistics/series.ts'
import { type BucketName, localIso } from '../../frame/buckets.ts'
import type { Step } from './series.service.ts'
import type { TrendPoint } from './trends.schemas.ts'

const mostPoints = 1_000
/** A season of each bucket: what a moving average takes in. */
const windows: Record<BucketName, number> = { hour: 24, day: 7, week: 4 }

const iso = (ms: number) => new Date(ms).toISOString()

/** A series as points, at most 1,000: neighbours share one, and their peaks stay visible. */
export function pointsOf(steps: readonly Step[], bucket: BucketName) {
  const averages = movingAverages(steps, windows[bucket])
  const placed = steps.map((step, index) => ({ ...step, average: averages[index] ?? null }))
  const points = downsample(placed, ({ value }) => value, mostPoints).map(
    ({ points: own, first, last, min, max, mean: value }): TrendPoint => ({
      from: iso(first.fromMs),
      to: iso(last.toMs),
      local: localIso(first.fromMs, first.offsetMs),
      value,
      min,
      max,
      ...(own.length === 1 && first.interval),
      reason: value === null ? first.reason : null,
      movingAverage: last.average,
      posts: sumOf(own, ({ posts }) => posts),
      n: sumOf(own, ({ n }) => n),
      observed: weighted(own, ({ observed }) => observed),
      sources: weighted(own, ({ sources }) => sources),
      whole: own.every(({ whole }) => whole),
      maturing: own.some(({ maturing }) => maturing),
      buckets: own.length,
    }),
  )
  return { points, bucketsPerPoint: Math.max(1, Math.ceil(steps.length / mostPoints)) }
}

const sumOf = (steps: readonly Step[], part: (step: Step) => number) =>
  steps.reduce((total, step) => total + part(step), 0)

const weighted = (steps: readonly Step[], part: (step: Step) => number) => {
  const length = sumOf(steps, ({ fromMs, toMs }) => toMs - fromMs)
  return sumOf(steps, (step) => part(step) * (step.toMs - step.fromMs)) / length
}

/** Of the known values of the last `window` buckets; null where fewer than half of them are known. */
function movingAverages(steps: readonly Step[], window: number): (number | null)[] {
  return steps.map((_, index) => {
    const known = steps
      .slice(Math.max(0, index - window + 1), index + 1)
      .flatMap(({ value }) => (value === null ? [] : [value]))
    return 2 * known.length < window ? null : mean(known)
  })
}
