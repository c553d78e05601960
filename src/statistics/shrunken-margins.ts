import { at, sum } from './series.ts'

const rounds = 8

/** Means by slot beyond the groups, and how much single posts vary. */
export type Fit = { n: number[]; mean: number[]; within: number }

export type Margins = { hour: number[]; weekday: number[] }

/** Hours (smoothed around the clock) and weekdays as effects of their own, each shrunk towards 0. */
export function marginsOf(fit: Fit): Margins {
  let hour = new Array<number>(24).fill(0)
  let weekday = new Array<number>(7).fill(0)
  const ofDay = (slot: number) => Math.floor(slot / 24)
  for (let round = 0; round < rounds; round++) {
    const days = weekday
    hour = smoothed(
      marginal(
        fit,
        24,
        (slot) => slot % 24,
        (slot) => at(days, ofDay(slot)),
      ),
    )
    const hours = hour
    weekday = shrunk(
      marginal(fit, 7, ofDay, (slot) => at(hours, slot % 24)),
      fit.within,
    )
  }
  return { hour, weekday }

  /** A quarter of each neighbour's posts counts as one's own. */
  function smoothed(raw: Marginal[]): number[] {
    const mixed = raw.map((own, at24) => {
      const before = raw[(at24 + 23) % 24] ?? own
      const after = raw[(at24 + 1) % 24] ?? own
      const n = own.n + (before.n + after.n) / 2
      const total = own.total + (before.total + after.total) / 2
      return { n, total }
    })
    return shrunk(mixed, fit.within)
  }
}

type Marginal = { n: number; total: number }

function marginal(
  fit: Fit,
  count: number,
  place: (slot: number) => number,
  other: (slot: number) => number,
): Marginal[] {
  const own = Array.from({ length: count }, () => ({ n: 0, total: 0 }))
  for (const [slot, n] of fit.n.entries()) {
    const one = own[place(slot)]
    if (!one) continue
    one.n += n
    one.total += n * (at(fit.mean, slot) - other(slot))
  }
  return own
}

function shrunk(own: readonly Marginal[], within: number): number[] {
  const known = own.filter(({ n }) => n > 0)
  const k =
    within /
    betweenOf(
      known.map(({ n, total }) => ({ n, mean: total / n })),
      within,
    )
  return own.map(({ n, total }) => total / (n + k))
}

/** The variance of true means around 0, by moments (DerSimonian & Laird 1986); never quite 0. */
export function betweenOf(means: readonly { n: number; mean: number }[], within: number): number {
  const weight = sum(means.map(({ n }) => n))
  const squares = sum(means.map(({ n }) => n ** 2))
  const spread = sum(means.map(({ n, mean }) => n * mean ** 2)) - (means.length - 1) * within
  const free = weight - squares / Math.max(weight, 1e-9)
  return Math.max(free > 0 ? spread / free : 0, within * 1e-4)
}
