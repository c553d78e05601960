import { incompleteBeta } from './beta.ts'

export type BurstInput = {
  /** Distinct authors in the window that is judged. */
  observed: number
  /**
   * Distinct authors in windows of the same length at the same hour of the week, one week ago first;
   * null: we were not looking then.
   */
  sameHour: readonly (number | null)[]
  /**
   * The tag's mean in windows of this length over the last weeks, whatever the hour. Posts will do for
   * authors: they are as many or more, so that a surprise is rather called too small.
   */
  usual: number
  /** How busy this hour of the week is over the mean hour, for all tags together: 1 is as usual. */
  hourFactor: number
}

export type Burst = {
  /** What was to be expected: the mean of the predictive distribution. */
  expected: number
  /** Standard deviations above it, of the predictive distribution. Negative: fewer than usual. */
  z: number
  /** The chance of so many or more, if this is an ordinary hour. */
  chance: number
}

/** A week counts for half of the one after it. */
const weekDecay = 0.5
/** The usual rate counts like so many windows that were seen. */
const priorWindows = 1.5
/** Rates wander between windows: the negative binomial's size, beyond what Poisson allows. */
const wander = 12
/** No tag is rarer than this a window: the first post ever is no sensation. */
const leastRate = 0.2

/**
 * How surprising a count is: a Poisson rate with a Gamma belief about it, from the same hour of other
 * weeks and the tag's usual rate times the hour's factor (a conjugate form of the cycle-corrected
 * Poisson model of "Trend detection in social data"). What is predicted is a negative binomial.
 */
export function surprise({ observed, sameHour, usual, hourFactor }: BurstInput): Burst {
  const prior = Math.max(leastRate, usual * hourFactor)
  let [counts, windows] = [priorWindows * prior, priorWindows]
  for (const [weeksAgo, count] of sameHour.entries()) {
    if (count === null) continue
    const weight = weekDecay ** weeksAgo
    counts += weight * count
    windows += weight
  }
  const expected = Math.max(leastRate, counts / windows)
  // The belief's own width, and the wandering of rates, as one negative binomial.
  const size = 1 / (1 / counts + 1 / wander)
  const deviation = Math.sqrt(expected + expected ** 2 / size)
  return {
    expected,
    z: (observed - expected) / deviation,
    chance: observed <= 0 ? 1 : incompleteBeta(observed, size, expected / (expected + size)),
  }
}
