import type { Random } from './random.ts'
import { dayMs, hourMs, minuteMs, spanDays } from './world.ts'

/** Weights by hour, in UTC. */
export const eveningHours = [
  3, 2, 1, 1, 1, 2, 4, 6, 8, 9, 9, 9, 10, 9, 9, 10, 12, 14, 16, 18, 18, 15, 10, 6,
]
export const officeHours = [
  1, 1, 1, 1, 1, 1, 2, 4, 8, 16, 18, 16, 9, 15, 15, 10, 7, 5, 3, 2, 2, 1, 1, 1,
]
export const evenWeek = [1, 1, 1, 1, 1, 1, 1]
/** From Monday; a working day has three times what a day of the weekend has. */
export const workingWeek = [3, 3, 3, 3, 3, 1, 1]

/** From Monday, in UTC: the first of January 1970 was a Thursday. */
export const weekdayOf = (ms: number) => (((Math.floor(ms / dayMs) + 3) % 7) + 7) % 7
export const hourOf = (ms: number) => Math.floor((((ms % dayMs) + dayMs) % dayMs) / hourMs)

export type Calendar = { hours: readonly number[]; week: readonly number[] }

/** Moments of the world's days by hour and day of the week, in order; none in its last ten minutes. */
export function momentsOf(
  random: Random,
  epochMs: number,
  count: number,
  { hours, week }: Calendar,
): number[] {
  const firstDay = Math.floor(epochMs / dayMs) - spanDays
  const days = Array.from({ length: spanDays + 1 }, (_, index) => firstDay + index)
  const weights = days.map((day) => week[weekdayOf(day * dayMs)] ?? 0)
  const latest = epochMs - 10 * minuteMs
  const found: number[] = []
  while (found.length < count) {
    const day = days[random.weighted(weights)] ?? firstDay
    const at = day * dayMs + random.weighted(hours) * hourMs + random.int(hourMs / 1_000) * 1_000
    if (at <= latest) found.push(at)
  }
  return found.sort((one, other) => one - other)
}
