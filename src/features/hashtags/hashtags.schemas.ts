import { z } from 'zod'
import { platformIds } from '../../platforms/index.ts'
import { allTimeFields, frameFields, zoneField } from '../analytics/index.ts'
import { TagName } from './tag-name.ts'
import { mostLookedAt, sorts } from './together/recommend.service.ts'

const whole = (least: number, most: number, fallback: number) =>
  z.coerce.number().int().min(least).max(most).default(fallback)

export const platformField = {
  platform: z.enum(platformIds).optional().describe('One platform; all when left out'),
}

export const TrendingQuery = z.strictObject({
  window_minutes: whole(1, 10_080, 60).describe(
    'by=count: how many minutes, the running one included. by=surprise always judges 15 and 60',
  ),
  k: whole(1, 100, 10).describe('How many hashtags at most'),
  by: z
    .enum(['count', 'surprise'])
    .default('count')
    .describe('count: the most used. surprise: far more used than is usual at this hour'),
  ...platformField,
  ...zoneField,
})
export type TrendingQuery = z.infer<typeof TrendingQuery>

const burstFields = {
  authors: z.number().int().describe('Distinct authors in the window'),
  z: z.number().describe('Standard deviations above what was expected'),
}
const TrendingTag = z
  .object({
    hashtag: z.string(),
    count: z.number().int().describe('Posts in the window'),
    ...z.object(burstFields).partial().shape,
    window_minutes: z.number().int().optional().describe('by=surprise: the window that is meant'),
    expected: z.number().optional().describe('Authors that were to be expected'),
    chance: z.number().optional().describe('Of so many or more, if this is an ordinary hour'),
    why: z.string().optional(),
    since: z.iso.datetime().nullable().optional().describe('When it entered this list'),
  })
  .meta({ id: 'TrendingHashtag' })

export const TrendingView = z
  .object({
    hashtags: z.array(TrendingTag),
    window_minutes: z.number().int(),
    total_count: z.number().int().describe('How many hashtags are listed'),
    ...frameFields,
    as_of: z.iso.datetime(),
    store: z.enum(['redis', 'postgres']).describe('Who counted; both count the same'),
    judged: z.number().int().optional().describe('by=surprise: hashtags with enough authors'),
    withheld: z
      .array(
        z.object({
          hashtag: z.string(),
          count: z.number().int(),
          ...burstFields,
          why: z.string(),
        }),
      )
      .optional()
      .describe('by=surprise: what would be listed, had not one author written half of it'),
    reason: z.string().nullable().optional().describe('Why nothing could be judged'),
  })
  .meta({ id: 'TrendingHashtags' })

export const RecommendQuery = z.strictObject({
  target_hashtag: TagName,
  min_cooccurrence_rate: z.coerce.number().min(0).max(1).default(0.1),
  min_support: whole(1, 1_000_000, 3).describe('Posts that carry both, at least'),
  sort: z
    .enum(sorts)
    .default('rate')
    .describe('rate favours what is everywhere; lift and npmi not'),
  days: whole(1, 3_650, 90),
  limit: whole(1, 100, 10),
})
export type RecommendQuery = z.infer<typeof RecommendQuery>

export const RecommendView = z
  .object({
    target_hashtag: z.string(),
    recommendations: z.array(
      z.object({
        hashtag: z.string(),
        cooccurrence_rate: z.number(),
        rate_low: z.number().nullable().describe('95 % interval (Wilson)'),
        rate_high: z.number().nullable(),
        support: z.number().int().describe('Posts that carry both'),
        lift: z.number(),
        npmi: z.number(),
        jaccard: z.number(),
      }),
    ),
    min_cooccurrence_rate: z.number(),
    posts: z.number().int().describe('Posts with the target in the days that were asked for'),
    looked_at: z
      .number()
      .int()
      .describe(`Of a target with more than ${mostLookedAt} posts only the newest, since \`from\``),
    reason: z.string().nullable().describe('Why there is none'),
    ...frameFields,
  })
  .meta({ id: 'HashtagRecommendations' })

export const SearchQuery = z.strictObject({
  q: TagName.describe('How the hashtag begins, with or without #'),
  limit: whole(1, 100, 20),
  ...platformField,
})

export type SearchQuery = z.infer<typeof SearchQuery>

export const CountedTag = z.object({
  hashtag: z.string(),
  count: z.number().int().describe('Posts of all time'),
})

export const SearchView = z
  .object({
    query: z.string(),
    hashtags: z.array(CountedTag),
    total_count: z.number().int().describe('How many hashtags are listed'),
    ...allTimeFields,
  })
  .meta({ id: 'HashtagSearch' })
