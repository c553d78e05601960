import { z } from 'zod'
import { pageLimit } from '../../../core/paging.ts'
import { frameFields } from '../frame/answer.ts'
import { Figure } from '../frame/figure.ts'
import { AuthorRef } from './author.schemas.ts'
import { rankingFields } from './period.ts'

const Segment = z
  .enum([
    'high_volume_high_engagement',
    'high_volume_low_engagement',
    'undiscovered_quality',
    'low_volume_low_engagement',
  ])
  .describe(
    'Volume: at least the median number of posts of the category’s authors. Engagement: an average ' +
      'of at least the median of their averages. undiscovered_quality: few posts that do well',
  )

export const OpportunitiesQuery = z.strictObject({
  ...rankingFields(90),
  category: z.string().trim().min(1).max(300).optional().describe('Only this category'),
  segment: Segment.optional(),
  minPosts: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(1)
    .describe('Only authors with so many posts; medians are of all authors nevertheless'),
  limit: pageLimit(10, 200),
})
export type OpportunitiesQuery = z.infer<typeof OpportunitiesQuery>

export const Opportunities = z
  .object({
    ...frameFields,
    opportunities: z.array(
      z.object({
        author: AuthorRef,
        category: z.string(),
        posts: z.number().int(),
        averagePerPost: Figure,
        categoryMedian: Figure,
        categoryMedianPosts: z.number(),
        segment: Segment,
        opportunityScore: z.number().int(),
      }),
    ),
    found: z.number().int().describe('How many rows fit; `limit` of them are shown'),
    lift: z
      .object({
        score: z.number().int().describe('Sum of the opportunity scores that are shown'),
        total: Figure.describe('Everything in the period, as the measure counts it'),
        shareOfTotal: Figure,
      })
      .describe('What it would bring if all that are shown reached their median: an upper bound'),
    segments: z.record(z.string(), z.number().int()).describe('How many rows there are of each'),
  })
  .meta({ id: 'Opportunities' })
