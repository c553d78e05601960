import { gammaQuantile } from './gamma.ts'
import { normalQuantile } from './normal.ts'
import { mean, variance } from './series.ts'

export type Interval = { low: number; high: number }

/**
 * Where a share lies that was seen `successes` times in `n` (Wilson 1927). `level` 0.95: nineteen
 * times of twenty. null of nothing.
 */
export function wilson(successes: number, n: number, level = 0.95): Interval | null {
  if (n <= 0) return null
  const z = normalQuantile(0.5 + level / 2)
  const share = successes / n
  const middle = share + z ** 2 / (2 * n)
  const half = z * Math.sqrt((share * (1 - share) + z ** 2 / (4 * n)) / n)
  const whole = 1 + z ** 2 / n
  return { low: Math.max(0, (middle - half) / whole), high: Math.min(1, (middle + half) / whole) }
}

/** Reddit's `confidence`: the lower end of the 80 % interval, z as its source has it. */
export const redditConfidence = (ups: number, downs: number): number =>
  ups + downs === 0 ? 0 : wilsonLower(ups, ups + downs, 1.281551565545)

function wilsonLower(successes: number, n: number, z: number): number {
  const share = successes / n
  const middle = share + z ** 2 / (2 * n)
  const half = z * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2))
  return (middle - half) / (1 + z ** 2 / n)
}

/** Where the rate lies of which `count` was seen: the exact Poisson interval (Garwood 1936). */
export function poisson(count: number, level = 0.95): Interval {
  const tail = (1 - level) / 2
  return {
    low: count === 0 ? 0 : gammaQuantile(count, tail),
    high: gammaQuantile(count + 1, 1 - tail),
  }
}

/** Of a mean, by the central limit theorem with Student's factor; null of fewer than two values. */
export function ofMean(values: readonly number[], level = 0.95): Interval | null {
  const middle = mean(values)
  const spread = variance(values)
  if (middle === null || spread === null) return null
  const half = studentFactor(values.length - 1, level) * Math.sqrt(spread / values.length)
  return { low: middle - half, high: middle + half }
}

/** Student's t quantile from the normal one (Cornish-Fisher, Abramowitz & Stegun 26.7.5). */
export function studentFactor(degrees: number, level: number): number {
  // Their first two have closed forms, where the expansion is poor.
  if (degrees === 1) return Math.tan((Math.PI / 2) * level)
  if (degrees === 2) return (level * Math.SQRT2) / Math.sqrt(1 - level ** 2)
  const z = normalQuantile(0.5 + level / 2)
  const terms = [
    z,
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160,
  ]
  return terms.reduce((total, term, order) => total + term / degrees ** order, 0)
}
