import { z } from 'zod'
import { medianInterval } from '../../../statistics/medians.ts'
import { quantileOfSorted } from '../../../statistics/quantile.ts'
import { Figure, figure } from '../frame/figure.ts'
import { rounded } from './figures.ts'
import type { PeerRow } from './peers.queries.ts'

export const Quartiles = z
  .object({ median: Figure, q1: z.number().nullable(), q3: z.number().nullable() })
  .describe('`n`: how many posts; the interval of the median is by their ranks')

/** Of ascending values. */
export function quartilesOf(sorted: ArrayLike<number>, reason: string): z.infer<typeof Quartiles> {
  const n = sorted.length
  if (n === 0) return { median: figure('median_at_age', null, 0, reason), q1: null, q3: null }
  const interval = medianInterval(sorted)
  return {
    median: {
      ...figure('median_at_age', rounded(quantileOfSorted(sorted, 0.5)), n),
      ...(interval && { ...interval, level: 0.95 }),
    },
    q1: rounded(quantileOfSorted(sorted, 0.25)),
    q3: rounded(quantileOfSorted(sorted, 0.75)),
  }
}

/** Fewer peers have no middle that is worth a word. */
const leastPeers = 5

/** How many times its source's median a post has; its interval is that of the median. */
export function timesTheMedian({ value, peers }: Pick<PeerRow, 'value' | 'peers'>): Figure {
  const none = (reason: string) => figure('times_the_median', null, peers.length, reason)
  if (peers.length < leastPeers) return none('too_few_posts_to_compare')
  const median = quantileOfSorted(peers, 0.5)
  if (median <= 0) return none('median_is_zero')
  const interval = medianInterval(peers)
  return {
    ...figure('times_the_median', rounded(value / median), peers.length),
    ...(interval && interval.low > 0
      ? { low: rounded(value / interval.high), high: rounded(value / interval.low), level: 0.95 }
      : {}),
  }
}

/** 3.1 times this source's median at 6 hours */
export const inWords = ({ value }: Figure, ageHours: number): string | null =>
  value === null
    ? null
    : `${Number(value.toPrecision(2))} times this source's median at ${ageHours === 1 ? '1 hour' : `${ageHours} hours`}`
