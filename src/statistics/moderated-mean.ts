import { type Interval, studentFactor } from './intervals.ts'

/** What is known of values without keeping them. */
export type Moments = { n: number; sum: number; squares: number }

export type MeanEstimate = { value: number } & Interval

export function spreadOf({ n, sum, squares }: Moments): number | null {
  return n < 2 ? null : Math.max(0, (squares - sum ** 2 / n) / (n - 1))
}

/** How many values' worth the neighbours' spread counts. */
const priorWeight = 4

/**
 * Where the mean of a group lies, by Student's interval with a moderated spread (Smyth 2004): the
 * group's own and that of all its neighbours together, which counts as much as four values. So two
 * equal values prove little, one has an interval at all, and of many nothing is changed.
 * `neighbours` is the spread (variance) of all; null of nothing.
 */
export function moderatedMean(
  group: Moments,
  neighbours: number,
  { least, most, level = 0.95 }: { least: number; most: number; level?: number },
): MeanEstimate | null {
  const { n, sum } = group
  if (n <= 0) return null
  const degrees = n - 1 + priorWeight
  const spread = ((n - 1) * (spreadOf(group) ?? 0) + priorWeight * neighbours) / degrees
  const value = Math.min(most, Math.max(least, sum / n))
  const half = studentFactor(degrees, level) * Math.sqrt(spread / n)
  return { value, low: Math.max(least, value - half), high: Math.min(most, value + half) }
}
