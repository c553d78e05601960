import type { DeliveryProblem } from './delivery-error.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const waitsMs = [minuteMs / 2, minuteMs, 5 * minuteMs, 15 * minuteMs, hourMs, 3 * hourMs]
/** While the server is away, one mail a round knocks at its door: the others lose nothing by it. */
const longestWhileAwayMs = 5 * minuteMs

/** How long a mail is tried after it was written. An outage is not the mail's fault. */
const patienceMs: Record<DeliveryProblem, number> = {
  away: 30 * dayMs,
  deferred: 3 * dayMs,
  rejected: 0,
}

type Failed = { tries: number; createdAt: Date; problem: DeliveryProblem; now: Date }

/** When to try again; null: it is given up. `tries` counts the one that just failed. */
export function nextTryAt({ tries, createdAt, problem, now }: Failed): Date | null {
  const waitMs = waitsMs[Math.min(tries, waitsMs.length) - 1] ?? minuteMs
  const next = now.getTime() + (problem === 'away' ? Math.min(waitMs, longestWhileAwayMs) : waitMs)
  return next - createdAt.getTime() > patienceMs[problem] ? null : new Date(next)
}
