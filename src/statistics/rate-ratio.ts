import { incompleteBeta } from './beta.ts'
import { wilson } from './intervals.ts'

export type RateRatio = {
  /** null from nothing. */
  ratio: number | null
  low: number
  /** null: without end, where nothing was there before. */
  high: number | null
  /** The chance of so many or more now, if the rate did not change. */
  chance: number
}

type Counted = { count: number; exposure: number }

/**
 * Two counts as Poisson rates: given their sum, the later one is binomial (Przyborowski & Wilenski
 * 1940), so 1 -> 3 is told for what it is. Exposure: the time that each was observed, in any unit.
 * null: nothing was counted, or one of them was not observed at all.
 */
export function rateRatio(now: Counted, before: Counted, level = 0.95): RateRatio | null {
  const sum = now.count + before.count
  const share = wilson(now.count, sum, level)
  if (!share || now.exposure <= 0 || before.exposure <= 0) return null
  const turned = before.exposure / now.exposure
  const odds = (part: number) => (part >= 1 ? null : (part / (1 - part)) * turned)
  const even = now.exposure / (now.exposure + before.exposure)
  return {
    ratio: before.count === 0 ? null : (now.count / before.count) * turned,
    low: odds(share.low) ?? 0,
    high: before.count === 0 ? null : odds(share.high),
    chance: now.count === 0 ? 1 : incompleteBeta(now.count, before.count + 1, even),
  }
}
