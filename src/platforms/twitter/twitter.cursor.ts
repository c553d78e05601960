import { z } from 'zod'
import type { Json } from '../../core/json.ts'
import { earlier, idAt, newestOf, oldestOf } from './snowflake.ts'

const id = z.string().regex(/^\d{1,20}$/)
const Cursor = z.object({
  /** All posts up to this id have been taken, but for the backlog. */
  sinceId: id.nullable(),
  /** What an interrupted run left between two ids; the next one takes it first. */
  backlog: z.object({ sinceId: id, untilId: id }).optional(),
  /** Posts beyond `sinceId` that were taken already. */
  taken: z.array(id).optional(),
})
export type Cursor = z.infer<typeof Cursor>

export const cursorOf = (json: Json): Cursor => Cursor.safeParse(json).data ?? { sinceId: null }
export const cursorToJson = ({ sinceId, backlog, taken }: Cursor): Json => ({
  sinceId,
  ...(backlog && { backlog }),
  ...(taken?.length && { taken }),
})

/** X needs some seconds until a search finds a post. */
const indexLagMs = 30_000

/**
 * How far a complete answer reaches. It holds all that existed when it was asked for: so everything
 * up to the newest id in it, and up to the newest id that any earlier answer of the run held. Both are
 * X's own ids, so no clock of ours can make us skip a post. Posts of several accounts may be found in
 * another order than they were written: there the last seconds are asked for again.
 */
export function reachOf(
  before: string | null,
  own: { newestId: string | null; severalAccounts: boolean },
  seenBefore: string | null,
  now: Date,
): string | null {
  const newest =
    own.newestId && own.severalAccounts ? withoutFreshest(own.newestId, now) : own.newestId
  return newestOf(before, newest, seenBefore && earlier(seenBefore, indexLagMs))
}

const withoutFreshest = (newestId: string, now: Date) =>
  newestOf(earlier(newestId, indexLagMs), oldestOf(newestId, idAt(now.getTime() - indexLagMs))) ??
  newestId
