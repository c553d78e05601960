import type { Habit } from './habits.ts'
import { type Random, randomFor } from './random.ts'

export const dayMs = 86_400_000

/** One thing a source did: the n-th of a world day. Everything else about it follows from this. */
export type Slot = { day: number; ordinal: number; worldMs: number }

/** What a source did and when: a pure function of its key, kept for the days already asked about. */
export type Calendar = {
  slot: (day: number, ordinal: number) => Slot | null
  day: (day: number) => readonly Slot[]
  /** Newest first, from the moment given back to the first day. */
  before: (worldMs: number) => Iterable<Slot>
  countUntil: (worldMs: number) => number
}

type CalendarOptions = {
  key: readonly (string | number)[]
  habit: Habit
  perDay: number
  utcOffset: number
  firstDay: number
  /** Ids have room for this many a day. */
  maxPerDay: number
}

export function createCalendar(options: CalendarOptions): Calendar {
  const days = new Map<number, readonly Slot[]>()
  // Running totals of whole days, so that counting 365 of them happens once.
  const totals: number[] = [0]

  const day = (number: number) => {
    if (number < options.firstDay) return []
    const known = days.get(number)
    if (known) return known
    const slots = slotsOf(options, number)
    days.set(number, slots)
    return slots
  }
  const totalBefore = (number: number) => {
    for (let n = totals.length; n <= number - options.firstDay; n++) {
      totals.push((totals[n - 1] ?? 0) + day(options.firstDay + n - 1).length)
    }
    return totals[Math.max(0, number - options.firstDay)] ?? 0
  }
  return {
    day,
    slot: (number, ordinal) => day(number)[ordinal] ?? null,
    countUntil: (worldMs) => {
      const today = Math.floor(worldMs / dayMs)
      return totalBefore(today) + day(today).filter((slot) => slot.worldMs <= worldMs).length
    },
    *before(worldMs) {
      for (let number = Math.floor(worldMs / dayMs); number >= options.firstDay; number--) {
        for (const slot of day(number).toReversed()) if (slot.worldMs <= worldMs) yield slot
      }
    },
  }
}

function slotsOf({ key, habit, perDay, utcOffset, maxPerDay }: CalendarOptions, day: number) {
  const random = randomFor(...key, 'day', day)
  const weekday = habit.weekdays[(day + 4) % 7] ?? 1
  const mood = random.chance(habit.silence) ? 0 : random.chance(habit.storm) ? 5 : 1
  const count = Math.min(poisson(random, perDay * habit.pace * weekday * mood), maxPerDay)
  const times = Array.from({ length: count }, () => {
    const local = random.pick(habit.peaks) + random.normal() * habit.spread - utcOffset
    return day * dayMs + Math.floor(((((local % 24) + 24) % 24) / 24) * dayMs)
  })
  return times.sort((a, b) => a - b).map((worldMs, ordinal) => ({ day, ordinal, worldMs }))
}

function poisson(random: Random, mean: number): number {
  if (mean > 40) return Math.max(0, Math.round(mean + random.normal() * Math.sqrt(mean)))
  const limit = Math.exp(-mean)
  let count = 0
  for (let product = random.float(); product > limit; product *= random.float()) count++
  return count
}
