import { z } from 'zod'
import { allTimeFields, frameFields } from '../../analytics/index.ts'
import { CountedTag, platformField } from '../hashtags.schemas.ts'

const whole = (least: number, most: number, fallback: number) =>
  z.coerce.number().int().min(least).max(most).default(fallback)

export const TopTagsQuery = z.strictObject({ limit: whole(1, 100, 20), ...platformField })
export type TopTagsQuery = z.infer<typeof TopTagsQuery>

export const TopTagsView = z
  .object({
    hashtags: z.array(CountedTag),
    limit: z.number().int(),
    total_count: z.number().int().describe('How many hashtags are listed'),
    ...allTimeFields,
  })
  .meta({ id: 'TopHashtags' })

export const GrowingQuery = z.strictObject({
  hours: whole(1, 720, 24).describe('The window, and the one before it'),
  limit: whole(1, 100, 15),
  min_count: whole(1, 1_000_000, 5).describe('Posts in the window, at least'),
  ...platformField,
})
export type GrowingQuery = z.infer<typeof GrowingQuery>

export const GrowingView = z
  .object({
    hashtags: z.array(
      z.object({
        hashtag: z.string(),
        count: z.number().int().describe('Posts in the window'),
        count_before: z.number().int().describe('Posts in the window before'),
        growth: z.number().nullable().describe('Ratio of the rates; null: there were none before'),
        growth_low: z.number().describe('95 % interval; the list is in the order of this end'),
        growth_high: z.number().nullable().describe('Null: without end'),
        chance: z.number().describe('Of so many or more, if the rate did not change'),
      }),
    ),
    hours: z.number().int(),
    limit: z.number().int(),
    total_count: z.number().int().describe('How many hashtags are listed'),
    tested: z.number().int().describe('Hashtags with so many posts'),
    observed: z.object({
      now: z.number().describe('Share of the window that was observed'),
      before: z.number(),
    }),
    reason: z.string().nullable().describe('Why nothing can be said'),
    ...frameFields,
  })
  .meta({ id: 'FastestGrowingHashtags' })
