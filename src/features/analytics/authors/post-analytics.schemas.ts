import { z } from 'zod'
import { Id } from '../../../http/id.ts'
import { frameFields } from '../frame/answer.ts'
import { Figure } from '../frame/figure.ts'
import { reasonsFor } from '../frame/reasons.ts'
import { reported } from './author.schemas.ts'

const count = z.number().int().nullable()

export const PostAnalytics = z
  .object({
    post_id: Id,
    title: z.string().nullable(),
    author_name: z.string().nullable().describe('Display name, or the handle where there is none'),
    category: z.string().nullable(),
    publish_date: z.iso.date().describe('In UTC'),
    views: count,
    likes: count,
    comments: count,
    shares: count,
    total_engagements: count.describe('Definition `total_engagements`: views count too'),
    total_engagements_of: z
      .array(z.enum(['views', 'engagement']))
      .describe('What it stands on: of a platform that reports no views the engagement alone'),
    engagement_rate: z
      .number()
      .nullable()
      .describe('Definition `like_rate`: likes / views × 100, two decimals'),
    reasons: reasonsFor([...reported, 'total_engagements', 'engagement_rate', 'audience']),
    promoted: z.boolean(),
    tags: z.array(z.string()),
    figures: z.array(Figure).describe('Each rate under its definition, exact, or why it is null'),
    audience: z
      .object({ followers: z.number().int(), at: z.iso.datetime().nullable() })
      .nullable()
      .describe("The source's followers at the look nearest to publication"),
    looks: z
      .object({
        count: z.number().int(),
        first: z.iso.datetime().nullable(),
        last: z.iso.datetime().nullable(),
      })
      .describe('How often, and when, the numbers were sampled'),
    coverage: frameFields.coverage.describe(
      'How well its source was watched from the publication until now',
    ),
    definitions: frameFields.definitions,
  })
  .meta({ id: 'PostAnalytics', description: 'What is null has its reason in `reasons`' })
