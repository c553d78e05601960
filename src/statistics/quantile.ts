import { at } from './series.ts'

/**
 * Type 7 of Hyndman & Fan (1996), as PERCENTILE_CONT of SQL: linear between the two nearest ranks.
 * `share` from 0 to 1; null of nothing.
 */
export function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null
  return quantileOfSorted(
    values.toSorted((one, other) => one - other),
    share,
  )
}

export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  const position = (sorted.length - 1) * Math.min(1, Math.max(0, share))
  const below = Math.floor(position)
  const low = at(sorted, below)
  const high = at(sorted, Math.min(sorted.length - 1, below + 1))
  return low + (high - low) * (position - below)
}

export const median = (values: readonly number[]): number | null => quantile(values, 0.5)

/** 1 / Φ⁻¹(3/4): makes the MAD of normal values estimate their standard deviation. */
const normalScale = 1.4826022185056018

/** Middle and robust spread: the median and the scaled median absolute deviation. null of nothing. */
export function medianAndSpread(
  values: readonly number[],
): { middle: number; spread: number } | null {
  const middle = median(values)
  if (middle === null) return null
  const deviations = values.map((value) => Math.abs(value - middle))
  return { middle, spread: (median(deviations) ?? 0) * normalScale }
}
