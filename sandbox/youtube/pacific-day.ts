const clockFace = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Los_Angeles',
  hourCycle: 'h23',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
})

const sinceMidnight = (ms: number): number => {
  const parts = clockFace.formatToParts(ms)
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value ?? 0)
  return ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1000 + (ms % 1000)
}

/** The day of California around a moment: YouTube's quota is whole again at its end. */
export function pacificDay(ms: number): [number, number] {
  const start = ms - sinceMidnight(ms)
  // A day may have 23 or 25 hours: land in the next one, then go back to its midnight.
  const next = start + 26 * 3_600_000
  return [start, next - sinceMidnight(next)]
}
