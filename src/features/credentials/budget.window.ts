import type { BudgetWindow } from '../../platforms/budget.ts'

export type WindowSpan = { startedAt: Date; resetsAt: Date }

/**
 * The span that a call at `now` falls into when none is open. Rolling windows are fixed ones that
 * start with their first call, as X's are: a true sliding one would need a row a call, and the
 * platforms' headers correct what the seam between two windows gets wrong.
 */
export function windowAt(window: BudgetWindow, now: Date): WindowSpan {
  if (window.kind === 'rolling') {
    return { startedAt: now, resetsAt: new Date(now.getTime() + window.seconds * 1_000) }
  }
  if (window.kind === 'month') {
    const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()]
    return {
      startedAt: new Date(Date.UTC(year, month)),
      resetsAt: new Date(Date.UTC(year, month + 1)),
    }
  }
  const day = localDayOf(now, window.timeZone)
  return {
    startedAt: midnight(day, window.timeZone),
    resetsAt: midnight(day + dayMs, window.timeZone),
  }
}

const dayMs = 86_400_000

/** The civil day that clocks in this zone show, named by its midnight in UTC. */
function localDayOf(at: Date, timeZone: string): number {
  const wall = at.getTime() + offsetMs(at, timeZone)
  return wall - (((wall % dayMs) + dayMs) % dayMs)
}

/**
 * When a civil day begins in a zone. The offsets on both sides are tried, since clocks may change
 * in between; where midnight itself is skipped, the day begins at the change.
 */
function midnight(day: number, timeZone: string): Date {
  const offsets = [day - dayMs, day + dayMs].map((at) => offsetMs(new Date(at), timeZone))
  const candidates = offsets.map((offset) => day - offset).toSorted((a, b) => a - b)
  const exact = candidates.find((at) => at + offsetMs(new Date(at), timeZone) === day)
  return new Date(exact ?? day - (offsets[0] ?? 0))
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** What the zone's clocks are ahead of UTC, in milliseconds; whole seconds, as zones are. */
function offsetMs(at: Date, timeZone: string): number {
  const format = formats.get(timeZone) ?? formatOf(timeZone)
  formats.set(timeZone, format)
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const wall = Date.UTC(
    Number(part.year),
    Number(part.month) - 1,
    Number(part.day),
    Number(part.hour),
    Number(part.minute),
    Number(part.second),
  )
  return wall - Math.floor(at.getTime() / 1_000) * 1_000
}

const formatOf = (timeZone: string) =>
  new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
