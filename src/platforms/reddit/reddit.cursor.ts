import { z } from 'zod'
import type { Json } from '../../core/json.ts'
import type { Submission } from './reddit.shapes.ts'

const Cursor = z.object({
  /** Reddit's time, in seconds, up to which all posts of the community have been taken. */
  upTo: z.number(),
  /** Posts of the last minutes before that, by id, with their time: listings lag, spam is let in late. */
  seen: z.record(z.string(), z.number()),
  /** How many posts a day it had lately: communities are put together by it. */
  perDay: z.number().nonnegative(),
})
export type Cursor = z.infer<typeof Cursor>

export const cursorOf = (json: Json): Cursor | null => Cursor.safeParse(json).data ?? null
export const cursorToJson = (cursor: Cursor | null): Json => cursor && { ...cursor }

const overlapS = 600
const mostSeen = 300
const dayS = 86_400
const shortestRateS = 900

/** Not taken before. Posts may turn up some minutes below the cursor and are taken then. */
export const isNew = (cursor: Cursor | null, { id, created_utc }: Submission): boolean =>
  cursor === null || (created_utc > cursor.upTo - overlapS && !(id in cursor.seen))

/**
 * The cursor after a listing that held all there was. It holds up to the newest post of any community
 * in it (`reach`): so the quiet ones move on with the busy ones, by Reddit's time and not by ours.
 */
export function nextCursor(
  before: Cursor | null,
  own: Submission[],
  fresh: number,
  reach: number | null,
): Cursor | null {
  const upTo = Math.max(before?.upTo ?? 0, reach ?? 0)
  if (upTo === 0) return before
  const seen = Object.entries({
    ...before?.seen,
    ...Object.fromEntries(own.map(({ id, created_utc }) => [id, created_utc])),
  })
    .filter(([, at]) => at > upTo - overlapS)
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostSeen)
  return { upTo, seen: Object.fromEntries(seen), perDay: rateOf(before, own, fresh, upTo) }
}

function rateOf(before: Cursor | null, own: Submission[], fresh: number, upTo: number): number {
  if (before) {
    const days = (upTo - before.upTo) / dayS
    if (days * dayS < shortestRateS) return before.perDay
    return rounded((before.perDay + fresh / days) / 2)
  }
  const oldest = Math.min(...own.map(({ created_utc }) => created_utc))
  return own.length === 0
    ? 0
    : rounded((own.length * dayS) / Math.max(upTo - oldest, shortestRateS))
}

const rounded = (rate: number) => Math.round(rate * 100) / 100
