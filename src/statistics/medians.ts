import type { Interval } from './intervals.ts'
import { normalQuantile, normalShare } from './normal.ts'
import { quantileOfSorted } from './quantile.ts'
import { at } from './series.ts'

/** Fewer values say too little of a middle to be set against another. */
const leastForMedians = 8

/** Where the median lies that ascending values were drawn around, by their own ranks: no shape is assumed. */
export function medianInterval(sorted: ArrayLike<number>, level = 0.95): Interval | null {
  const n = sorted.length
  const tail = (1 - level) / 2
  let rank = 0
  while (rank < n / 2 && halfBinomial(n, rank) <= tail) rank += 1
  return rank === 0 ? null : { low: at(sorted, rank - 1), high: at(sorted, n - rank) }
}

/** P(X <= k) of X ~ binomial(n, 1/2); by the normal curve where the exact sum no longer matters. */
function halfBinomial(n: number, k: number): number {
  if (n > 400) return normalShare((k + 0.5 - n / 2) / (Math.sqrt(n) / 2))
  let term = 0.5 ** n
  let total = term
  for (let i = 1; i <= k; i += 1) {
    term *= (n - i + 1) / i
    total += term
  }
  return total
}

export type MedianRatio = {
  /** (1 + median) / (1 + other median): 3 is three times as much. */
  ratio: number
  interval: Interval
  level: number
}

/**
 * How many times the other median this one is, on ln(1 + value), with the interval of Price & Bonett
 * (2002), whose spread comes from the values' own ranks. Both ascending and of at least
 * `leastForMedians` values, else null.
 */
export function compareMedians(
  sorted: ArrayLike<number>,
  others: ArrayLike<number>,
  level = 0.95,
): MedianRatio | null {
  if (sorted.length < leastForMedians || others.length < leastForMedians) return null
  const difference = logMedian(sorted) - logMedian(others)
  const half =
    normalQuantile(0.5 + level / 2) * Math.sqrt(medianVariance(sorted) + medianVariance(others))
  return {
    ratio: Math.exp(difference),
    interval: { low: Math.exp(difference - half), high: Math.exp(difference + half) },
    level,
  }
}

const logMedian = (sorted: ArrayLike<number>) => Math.log1p(quantileOfSorted(sorted, 0.5))

/** Of the median of ln(1 + value). */
function medianVariance(sorted: ArrayLike<number>): number {
  const n = sorted.length
  const rank = Math.max(1, Math.round((n + 1) / 2 - Math.sqrt(n)))
  const z = -normalQuantile(halfBinomial(n, rank - 1))
  return ((Math.log1p(at(sorted, n - rank)) - Math.log1p(at(sorted, rank - 1))) / (2 * z)) ** 2
}
