import { z } from 'zod'
import type { Json } from '../../core/json.ts'

/** What one look at a channel leaves for the next. */
const Cursor = z.object({
  /** Of the last look at the uploads: another count now means that there is something to see. */
  videoCount: z.number().nullable(),
  /** The newest uploads of that look. */
  knownIds: z.array(z.string()),
  /** Older uploads than this were there already; null: `knownIds` holds them all. */
  floor: z.iso.datetime().nullable(),
  /** The last look at the uploads that did not wait for the count to change. */
  sweptAt: z.iso.datetime(),
})
export type Cursor = z.infer<typeof Cursor>

/** null: the first run, or a cursor of another version. */
export const cursorOf = (json: Json): Cursor | null => Cursor.safeParse(json).data ?? null
export const cursorToJson = (cursor: Cursor | null): Json => cursor && { ...cursor }
