import { lowerGamma } from './gamma.ts'
import { at, sum } from './series.ts'

/** So small a count is taken for, so that a class that is new does not drift infinitely far. */
const pseudoCount = 0.5

/**
 * Population stability index of counts by class: Σ (now - before) · ln(now / before) of the shares.
 * Below 0.1 is called stable, above 0.25 a shift. null of nothing on either side.
 */
export function stabilityIndex(before: readonly number[], now: readonly number[]): number | null {
  const classes = before.flatMap((count, index) =>
    count + at(now, index) > 0 ? [[count, at(now, index)] as const] : [],
  )
  if (sum(before) === 0 || sum(now) === 0) return null
  const smoothed = (side: 0 | 1) => {
    const counts = classes.map((pair) => pair[side] + pseudoCount)
    return counts.map((count) => count / sum(counts))
  }
  const [old, fresh] = [smoothed(0), smoothed(1)]
  return sum(
    old.map((share, index) => (at(fresh, index) - share) * Math.log(at(fresh, index) / share)),
  )
}

export type ChiSquare = { statistic: number; degrees: number; p: number }

/**
 * Pearson's test that two counts by class come from one distribution. null: of nothing, of one class,
 * or where a count would be expected below 5, and the p value is not to be trusted.
 */
export function chiSquare(before: readonly number[], now: readonly number[]): ChiSquare | null {
  const totals = [sum(before), sum(now)] as const
  const all = totals[0] + totals[1]
  const classes = before
    .map((count, index) => [count, at(now, index)] as const)
    .filter(([one, other]) => one + other > 0)
  if (totals[0] === 0 || totals[1] === 0 || classes.length < 2) return null
  let statistic = 0
  for (const pair of classes) {
    for (const side of [0, 1] as const) {
      const expected = ((pair[0] + pair[1]) * totals[side]) / all
      if (expected < 5) return null
      statistic += (pair[side] - expected) ** 2 / expected
    }
  }
  const degrees = classes.length - 1
  return { statistic, degrees, p: Math.max(0, 1 - lowerGamma(degrees / 2, statistic / 2)) }
}
