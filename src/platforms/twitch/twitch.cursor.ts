import { z } from 'zod'
import type { Json } from '../../core/json.ts'
import type { CollectTarget } from '../platform.ts'

const moment = z.iso.datetime().nullable()

/** What one look at a channel leaves for the next. */
const Cursor = z.object({
  /** The stream that was running then. */
  stream: z.object({ id: z.string(), startedAt: z.iso.datetime() }).nullable(),
  /** When the daily facts were last asked for. */
  followersAt: moment,
  scheduleAt: moment,
})
export type Cursor = z.infer<typeof Cursor>

/** A cursor that is not ours (null, or of an older version) starts from nothing. */
export function cursorOf(target: CollectTarget): Cursor {
  const read = Cursor.safeParse(target.cursor)
  if (read.success) return read.data
  const followersAt = target.statisticsAt?.toISOString() ?? null
  return { stream: null, followersAt, scheduleAt: null }
}

export const cursorToJson = (cursor: Cursor): Json => ({ ...cursor })

const dayMs = 86_400_000
export const isDue = (at: string | null, now: Date): boolean =>
  at === null || now.getTime() - Date.parse(at) >= dayMs
