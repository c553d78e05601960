/** Google's quotas refill at midnight of its headquarters. */
export const quotaZone = 'America/Los_Angeles'

const dayMs = 86_400_000
const halfDayMs = dayMs / 2
const wallClock = new Intl.DateTimeFormat('en-US', {
  timeZone: quotaZone,
  hourCycle: 'h23',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
})

/** Milliseconds since midnight on the wall clock of the zone. */
function timeOfDay(at: number): number {
  const parts = wallClock.formatToParts(at)
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? 0)
  return ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1_000
}

/** The next refill. On the two days of the year that last 23 or 25 hours, the second step mends it. */
export function nextRefill(now: Date): Date {
  const at = Math.floor(now.getTime() / 1_000) * 1_000
  const guess = at - timeOfDay(at) + dayMs
  const off = timeOfDay(guess)
  return new Date(off < halfDayMs ? guess - off : guess + dayMs - off)
}
