import { z } from 'zod'
import { Id } from '../../../http/id.ts'
import { platformIds } from '../../../platforms/index.ts'
import { frameFields } from '../frame/answer.ts'
import { Figure } from '../frame/figure.ts'
import { scopeFields } from '../frame/scope.ts'
import { postKinds } from './sums.queries.ts'

export const kindField = {
  kind: z
    .enum(postKinds)
    .optional()
    .describe('One kind; when left out all but comments, which are answers to posts'),
}

const groupings = ['platform', 'source', 'kind'] as const
export const EngagementQuery = z.strictObject({
  ...scopeFields,
  ...kindField,
  groupBy: z.enum(groupings).optional().describe('The same figures for each of these'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(50)
    .describe('How many groups at most: those with the most posts'),
})
export type EngagementQuery = z.infer<typeof EngagementQuery>

const Totals = z
  .object({
    posts: z.number().int(),
    views: Figure,
    likes: Figure,
    comments: Figure,
    shares: Figure,
    engagement: Figure,
  })
  .describe('Sums; `n`: how many of the posts tell the number at all')
const PerPost = Totals.omit({ posts: true })
  .meta({ id: 'EngagementPerPost' })
  .describe('Sums divided by the posts that tell the number')
const ratios = { erByFollowers: Figure, erByViews: Figure, erByReach: Figure, likeRate: Figure }
const figures = {
  totals: Totals,
  perPost: PerPost,
  meansOfRatios: z
    .object({ ...ratios, upvoteRatio: Figure })
    .describe('Means of the posts’ own ratios: every post has one voice'),
  ratiosOfSums: z
    .object(ratios)
    .describe('Ratios of sums over the same posts: large posts decide them'),
}

export const SourceName = z.object({ id: Id, handle: z.string(), title: z.string().nullable() })

const Platforms = z
  .object({
    twitter: z.object({
      posts: z.number().int(),
      engagementRate: Figure.describe('(likes + retweets + replies) / followers × 100, mean'),
      engagementRateOfSums: Figure,
      erByViews: Figure,
      engagementPerPost: Figure,
    }),
    youtube: z.object({
      posts: z.number().int(),
      likeRate: Figure,
      likeRateOfSums: Figure,
      likeRatio: Figure.describe('Null: dislikes are not public'),
      erByViews: Figure,
      viewsPerPost: Figure,
    }),
    reddit: z.object({
      posts: z.number().int(),
      upvoteRatio: Figure,
      engagementPerPost: Figure,
    }),
    twitch: z.object({
      streams: z.number().int(),
      averageViewers: Figure,
      averageViewersOfSums: Figure,
      peakViewers: Figure,
      hoursWatched: Figure,
      hoursLive: Figure,
      consistency: Figure,
    }),
  })
  .partial()
  .describe('Each platform that was asked about, by the figures that people know it by')

export const EngagementView = z
  .object({
    ...frameFields,
    ...figures,
    platforms: Platforms,
    groups: z
      .array(
        z.object({
          platform: z.enum(platformIds).nullable(),
          kind: z.enum(postKinds).nullable(),
          source: SourceName.nullable(),
          ...figures,
        }),
      )
      .describe('Most posts first; empty without `groupBy`'),
    groupsLeftOut: z.number().int().describe('Groups beyond `limit`'),
  })
  .meta({ id: 'Engagement' })
export type EngagementView = z.infer<typeof EngagementView>
