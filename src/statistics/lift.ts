import { type Interval, studentFactor } from './intervals.ts'
import { normalShare } from './normal.ts'
import { mean, variance } from './series.ts'

export type Lift = {
  /** Ratio of geometric means less 1: 0.1 is ten percent more. */
  lift: number
  interval: Interval
  /** Two-sided chance of a difference this large if there is none. */
  pValue: number
  treated: number
  control: number
}

/**
 * How much better the treated posts did than the others, on ln(1 + engagement), whose ratio is what
 * people mean by "20 % more", by Welch's unequal variances. null of fewer than two on a side.
 */
export function measuredLift(
  treated: readonly number[],
  control: readonly number[],
  level = 0.95,
): Lift | null {
  const [one, other] = [treated.map(Math.log1p), control.map(Math.log1p)]
  const [a, b] = [mean(one), mean(other)]
  const [va, vb] = [variance(one), variance(other)]
  if (a === null || b === null || va === null || vb === null) return null
  const [ea, eb] = [va / one.length, vb / other.length]
  const error = Math.sqrt(ea + eb)
  const degrees =
    error === 0
      ? one.length + other.length - 2
      : (ea + eb) ** 2 / (ea ** 2 / (one.length - 1) + eb ** 2 / (other.length - 1))
  const half = studentFactor(Math.max(1, degrees), level) * error
  const difference = a - b
  return {
    lift: Math.expm1(difference),
    interval: { low: Math.expm1(difference - half), high: Math.expm1(difference + half) },
    pValue: pValueOf(difference, error),
    treated: one.length,
    control: other.length,
  }
}

function pValueOf(difference: number, error: number): number {
  if (error === 0) return difference === 0 ? 1 : 0
  return Math.min(1, 2 * (1 - normalShare(Math.abs(difference) / error)))
}
