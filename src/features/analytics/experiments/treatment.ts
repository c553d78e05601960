import { z } from 'zod'
import { Zone } from '../../../core/zone.ts'
import { Id } from '../../../http/id.ts'

const weekday = z.number().int().min(1).max(7).describe('Monday 1')
const hour = z.number().int().min(0).max(23)
const sources = z
  .array(Id)
  .min(1)
  .max(200)
  .optional()
  .describe('Whose posts take part; all sources when left out')

const PostingTimes = z
  .strictObject({
    kind: z.literal('posting_times'),
    zone: Zone.default('UTC').describe('IANA time zone of the hours'),
    slots: z.array(z.strictObject({ weekday, hour })).min(1).max(167).optional(),
    hours: z.array(hour).min(1).max(24).optional().describe('On all weekdays, or on `weekdays`'),
    weekdays: z.array(weekday).min(1).max(7).optional(),
    sources,
  })
  .refine(
    ({ slots, hours, weekdays }) => (slots === undefined) !== (hours === undefined && !weekdays),
    'says either slots, or hours and weekdays',
  )
  .refine((treatment) => slotsOf(treatment).length < 168, 'leaves no hour to compare with')

export const Treatment = z.discriminatedUnion('kind', [
  PostingTimes,
  z.strictObject({
    kind: z.literal('coach_authors'),
    authorIds: z.array(Id).min(1).max(100).describe('Who is coached'),
  }),
  z.strictObject({ kind: z.literal('promotion'), sources }),
])
export type Treatment = z.infer<typeof Treatment>

type Times = {
  slots?: readonly { weekday: number; hour: number }[] | undefined
  hours?: readonly number[] | undefined
  weekdays?: readonly number[] | undefined
}

const count = (size: number, first = 0) => Array.from({ length: size }, (_, place) => first + place)

/** Hours of the week that are meant, Monday 0 o'clock 0; each once, in order. */
export function slotsOf({ slots, hours, weekdays }: Times): number[] {
  const meant =
    slots?.map(({ weekday: day, hour: at }) => 24 * (day - 1) + at) ??
    (weekdays ?? count(7, 1)).flatMap((day) =>
      (hours ?? count(24)).map((at) => 24 * (day - 1) + at),
    )
  return [...new Set(meant)].toSorted((one, other) => one - other)
}
