import { quantileOfSorted } from '../quantile.ts'
import { at, sum } from '../series.ts'

/** A forecast of the past: said just before the step `origin`, and by how much each step missed. */
export type PastForecast = { origin: number; errors: readonly number[] }

/** How far values lie from what was said: so many spreads, and the spread of each step ahead. */
export type Widths = { spreads: number[]; reach80: number; reach95: number }

export type Coverage = {
  /** The share of past values inside intervals that were made without them; null: too few forecasts. */
  covered80: number | null
  covered95: number | null
  /** How many values were tried. */
  tried: number
}

/** Fewer forecasts of the past say nothing: neither what is usual, nor how often it holds. */
export const leastForecasts = 5

/** From what the method missed in the past. Where it never missed, all of it is 0. */
export function widthsOf(past: readonly PastForecast[], steps: number): Widths {
  const spreads = spreadBySteps(past, steps)
  const scaled = past.flatMap(({ errors }) =>
    errors.map((error, step) => (error === 0 ? 0 : Math.abs(error) / at(spreads, step))),
  )
  const sorted = Float64Array.from(scaled).sort()
  return { spreads, reach80: reach(sorted, 0.8), reach95: reach(sorted, 0.95) }
}

/**
 * Each forecast of the past against widths from the others alone, and of these only from those that
 * share none of its steps: a value that the width was made from proves nothing (Burman, Chow & Nolan
 * 1994).
 */
export function coverageOf(past: readonly PastForecast[], steps: number): Coverage {
  const judged = past.flatMap(({ origin, errors }) => {
    const others = past.filter((other) => Math.abs(other.origin - origin) >= steps)
    if (others.length < leastForecasts) return []
    const { spreads, reach80, reach95 } = widthsOf(others, steps)
    const within = (width: number) =>
      errors.filter((error, step) => Math.abs(error) <= width * at(spreads, step)).length
    return [{ tried: errors.length, in80: within(reach80), in95: within(reach95) }]
  })
  if (judged.length < leastForecasts) return { covered80: null, covered95: null, tried: 0 }
  const tried = sum(judged.map((one) => one.tried))
  return {
    covered80: sum(judged.map(({ in80 }) => in80)) / tried,
    covered95: sum(judged.map(({ in95 }) => in95)) / tried,
    tried,
  }
}

/** The conformal quantile: one rank further than the sample's own, because the next value is new. */
const reach = (sorted: ArrayLike<number>, level: number) =>
  quantileOfSorted(sorted, Math.min(1, (level * (sorted.length + 1)) / sorted.length))

const meanSize = (errors: readonly number[]) => sum(errors.map(Math.abs)) / errors.length

/**
 * The mean absolute error at each step, never shrinking with distance. A step that few forecasts
 * reached, or that was never missed, has that of all steps together.
 */
function spreadBySteps(past: readonly PastForecast[], steps: number): number[] {
  const together = meanSize(past.flatMap(({ errors }) => errors))
  let before = 0
  return Array.from({ length: steps }, (_, step) => {
    const own = past.flatMap(({ errors }) => errors.slice(step, step + 1))
    const spread = own.length >= leastForecasts ? meanSize(own) : 0
    before = Math.max(before, spread === 0 ? together : spread)
    return before
  })
}
