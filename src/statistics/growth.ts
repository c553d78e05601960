import { type Interval, studentFactor } from './intervals.ts'
import { welch } from './lift.ts'

/** From one value to a later one, as a share of the first: 0.1 is ten percent more. null from nothing. */
export const growthRate = (from: number | null, to: number | null): number | null =>
  from === null || to === null || from === 0 ? null : (to - from) / Math.abs(from)

/** The same growth a day, compounded, as if it had been even. null where it cannot be said. */
export function dailyGrowth(from: number | null, to: number | null, days: number): number | null {
  if (from === null || to === null || from <= 0 || to < 0 || days <= 0) return null
  return (to / from) ** (1 / days) - 1
}

/** A mean of `n` values, and how much they differ from each other. */
export type Drawn = { mean: number; deviation: number; n: number }

/**
 * Where the growth from one mean to another lies, both being of values that were drawn: the logarithm
 * of their ratio by the delta method. null where a side has fewer than two values or none above 0, or
 * all are alike.
 */
export function growthInterval(before: Drawn, last: Drawn, level = 0.95): Interval | null {
  if (Math.min(before.n, last.n) < 2 || Math.min(before.mean, last.mean) <= 0) return null
  const squared = ({ mean, deviation, n }: Drawn) => (deviation / mean) ** 2 / n
  const [eb, el] = [squared(before), squared(last)]
  if (eb + el === 0) return null
  const degrees = Math.max(1, welch(eb, before.n, el, last.n))
  const half = studentFactor(degrees, level) * Math.sqrt(eb + el)
  const middle = Math.log(last.mean / before.mean)
  return { low: Math.expm1(middle - half), high: Math.expm1(middle + half) }
}
