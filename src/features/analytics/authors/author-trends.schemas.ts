import { z } from 'zod'
import { frameFields } from '../frame/answer.ts'
import { Figure } from '../frame/figure.ts'
import { reasonsFor } from '../frame/reasons.ts'
import { AuthorRef } from './author.schemas.ts'

const sums = {
  posts: Figure,
  engagement: Figure,
  views: Figure,
  averagePerPost: Figure,
  engagementAt24h: Figure.describe(
    'What posts had at the same age: younger ones have had less time, so sums alone lean downwards',
  ),
}

const Trend = z.object({
  days: z.number().int(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  ...sums,
  before: z.object(sums).describe('The same number of days before'),
  growth: z.object({
    posts: Figure,
    engagement: Figure,
    averagePerPost: Figure,
    engagementAt24h: Figure,
  }),
})

export const AuthorTrends = z
  .object({
    ...frameFields,
    author: AuthorRef.extend({ followers: z.number().int().nullable() }),
    trends: z.array(Trend).describe('7 and 30 whole days, in UTC; today is not one yet'),
    series: z.array(
      z.object({
        day: z.iso.date(),
        complete: z.boolean().describe('false: today, so far'),
        posts: z.number().int().nullable().describe('Null: nobody watched this day'),
        engagement: z.number().int().nullable(),
        views: z.number().int().nullable(),
        reasons: reasonsFor(['posts', 'engagement', 'views']),
      }),
    ),
    standing: z
      .object({
        category: z.string(),
        rank: z.number().int().nullable(),
        reasons: reasonsFor(['rank']),
        authors: z.number().int(),
        total: Figure,
      })
      .nullable()
      .describe('Rank by engagement over 30 days in the category with most of their posts'),
    standingReason: z.string().optional(),
  })
  .meta({ id: 'AuthorTrends' })
