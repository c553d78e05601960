/** Milliseconds since 1970, [from, to). */
export type Range = { from: number; to: number }

export const minuteMs = 60_000
export const hourMs = 3_600_000
export const dayMs = 86_400_000

export const floorTo = (ms: number, step: number): number => Math.floor(ms / step) * step
export const ceilTo = (ms: number, step: number): number => Math.ceil(ms / step) * step

/** The last so many minutes, the running one included: whole minutes of the clock. */
export function lastMinutes(now: Date, minutes: number): Range {
  const to = floorTo(now.getTime(), minuteMs) + minuteMs
  return { from: to - minutes * minuteMs, to }
}

export type Parts = {
  /** Whole UTC days, whole hours before and after them, and what is left at both ends. */
  days: Range[]
  hours: Range[]
  edges: Range[]
}

const filled = (...ranges: Range[]) => ranges.filter(({ from, to }) => from < to)

/** Takes a period apart, so that little has to be added up and its ends are exact. */
export function partsOf({ from, to }: Range): Parts {
  const [firstHour, lastHour] = [ceilTo(from, hourMs), floorTo(to, hourMs)]
  if (firstHour >= lastHour) return { days: [], hours: [], edges: filled({ from, to }) }
  const edges = filled({ from, to: firstHour }, { from: lastHour, to })
  const [firstDay, lastDay] = [ceilTo(firstHour, dayMs), floorTo(lastHour, dayMs)]
  if (firstDay >= lastDay) {
    return { days: [], hours: [{ from: firstHour, to: lastHour }], edges }
  }
  return {
    days: [{ from: firstDay, to: lastDay }],
    hours: filled({ from: firstHour, to: firstDay }, { from: lastDay, to: lastHour }),
    edges,
  }
}

/** More ranges than this are told as fewer and longer ones. */
const mostRanges = 24

/**
 * Hours as ranges that hold all of them, and others as well only where they are too many to be told one
 * by one: then the nearest become one.
 */
export function rangesOf(hours: readonly Date[]): Range[] {
  const times = hours.map((hour) => hour.getTime()).toSorted((one, other) => one - other)
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time))
  const bridged = gaps.toSorted((one, other) => other - one)[mostRanges - 1] ?? hourMs
  const ranges: Range[] = []
  for (const time of times) {
    const last = ranges.at(-1)
    if (last && time - last.to + hourMs <= Math.max(hourMs, bridged)) last.to = time + hourMs
    else ranges.push({ from: time, to: time + hourMs })
  }
  return ranges
}
