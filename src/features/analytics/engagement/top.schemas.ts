import { z } from 'zod'
import { Id } from '../../../http/id.ts'
import { platformIds } from '../../../platforms/index.ts'
import { frameFields } from '../frame/answer.ts'
import { Figure } from '../frame/figure.ts'
import { scopeFields } from '../frame/scope.ts'
import { kindField, SourceName } from './engagement.schemas.ts'
import { postKinds } from './sums.queries.ts'
import { topMeasures } from './top.queries.ts'

export const TopQuery = z.strictObject({
  ...scopeFields,
  ...kindField,
  by: z.enum(topMeasures).default('engagement'),
  limit: z.coerce.number().int().min(1).max(100).default(10),
  minimum: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000_000)
    .default(100)
    .describe('Rates alone: of posts with at least so many views, or followers at publication'),
})
export type TopQuery = z.infer<typeof TopQuery>

const count = z.number().int().nullable()

export const PostBrief = z
  .object({
    id: Id,
    platform: z.enum(platformIds),
    kind: z.enum(postKinds),
    source: SourceName,
    title: z.string().nullable(),
    body: z.string().nullable().describe('The first 280 characters'),
    url: z.string().nullable(),
    publishedAt: z.iso.datetime(),
    views: count,
    likes: count,
    comments: count,
    shares: count,
    score: count,
    engagement: count,
    followers: count.describe('Of its source at the look nearest to publication'),
  })
  .meta({ id: 'PostBrief' })
export type PostBrief = z.infer<typeof PostBrief>

export const TopView = z
  .object({
    ...frameFields,
    by: z.enum(topMeasures),
    minimum: z
      .object({ of: z.enum(['views', 'followers']), value: z.number() })
      .nullable()
      .describe('Rates of fewer views or followers than this are chance and stay out'),
    among: z
      .object({
        leadBy: z.enum(['engagement', 'views']),
        posts: z.number().int(),
        least: z.number(),
        complete: z
          .boolean()
          .describe('True: no post outside could stand in the list; proven, not assumed'),
      })
      .describe('The posts that were ranked: those that lead the period by views or engagement'),
    items: z.array(
      z.object({
        rank: z.number().int(),
        value: Figure,
        post: PostBrief,
        timesTheMedian: Figure.describe(
          'Its engagement (of streams: viewers) near its greatest common age against its source',
        ),
        ageHours: z.number().int().nullable().describe('The age at which that was compared'),
        inWords: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'TopContent' })
export type TopView = z.infer<typeof TopView>
