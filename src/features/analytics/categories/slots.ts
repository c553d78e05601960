import { type Interval, poisson } from '../../../statistics/intervals.ts'
import { stretchesOf } from '../frame/local-time.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Monday 0 o'clock is slot 0, Sunday 23 o'clock is slot 167. */
export const slotOf = (day: number, hour: number) => (day - 1) * 24 + hour

/** How many hours of each slot lie in [fromMs, toMs), as the zone's clocks ran. */
export function hoursOfSlots(zone: string, fromMs: number, toMs: number): Float64Array {
  const hours = new Float64Array(168)
  for (const stretch of stretchesOf(zone, fromMs, toMs)) {
    const end = stretch.toMs + stretch.offsetMs
    for (let at = stretch.fromMs + stretch.offsetMs; at < end; ) {
      const next = Math.min(end, (Math.floor(at / hourMs) + 1) * hourMs)
      // The first of January 1970 was a Thursday.
      const day = (((Math.floor(at / dayMs) + 3) % 7) + 7) % 7
      const slot = day * 24 + Math.floor((((at % dayMs) + dayMs) % dayMs) / hourMs)
      hours[slot] = (hours[slot] ?? 0) + (next - at) / hourMs
      at = next
    }
  }
  return hours
}

export type Slot = { total: number; n: number; hours: number; squares: number }

/** Fewer hours than this beyond the first of each slot say nothing about how weeks differ. */
const leastDegrees = 30

/**
 * How many times the variance between weeks is that of independent events: Pearson's statistic over
 * its degrees, all slots together; at least 1. null where the period has too few weeks.
 */
export function dispersionOf(slots: readonly Slot[]): number | null {
  const told = slots.filter(({ total, hours }) => total > 0 && hours > 1)
  const degrees = told.reduce((sum, { hours }) => sum + hours - 1, 0)
  if (degrees < leastDegrees) return null
  const pearson = told.reduce((sum, { total, hours, squares }) => {
    const mean = total / hours
    return sum + (squares - total * mean) / mean
  }, 0)
  return Math.max(1, pearson / degrees)
}

/** An hour's rate with its interval, widened by the dispersion (quasi-Poisson). */
export function rateOf({ total, n, hours }: Slot, dispersion: number | null) {
  if (hours === 0 || n === 0) return { perHour: null, low: null, high: null }
  const widened = dispersion ?? 1
  const { low, high }: Interval = poisson(total / widened)
  return {
    perHour: total / hours,
    low: (low * widened) / hours,
    high: (high * widened) / hours,
  }
}
