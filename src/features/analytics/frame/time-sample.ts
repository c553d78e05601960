const quarterMs = 900_000
const weekMs = 604_800_000
const quartersAWeek = weekMs / quarterMs

/** Quarters of hours that stand for a period, as stretches. */
export type TimeSample = {
  /** One quarter of an hour in so many is looked at; 1: all. */
  every: number
  stretches: { fromMs: number; toMs: number }[]
}

/**
 * A share of a period in which each quarter of the week has the same chance, spread evenly over the
 * weeks: what is read grows no further with the number of posts, and no hour is favoured. The same
 * period gives the same sample.
 */
export function timeSample(fromMs: number, toMs: number, every: number): TimeSample {
  if (every <= 1) return { every: 1, stretches: [{ fromMs, toMs }] }
  // Odd, so that the four quarters of an hour take turns.
  const step = every % 2 === 0 ? every + 1 : every
  const stretches: TimeSample['stretches'] = []
  for (let at = Math.ceil(fromMs / quarterMs); (at + 1) * quarterMs <= toMs; at++) {
    const week = Math.floor(at / quartersAWeek)
    const ofWeek = at % quartersAWeek
    const turn = Math.floor(ofWeek / 4) + 4 * week + (ofWeek % 4)
    if (turn % step === 0) stretches.push({ fromMs: at * quarterMs, toMs: (at + 1) * quarterMs })
  }
  return { every: step, stretches }
}
