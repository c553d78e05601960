import { z } from 'zod'
import { Id } from '../../../../http/id.ts'
import { platformIds } from '../../../../platforms/index.ts'
import { frameFields } from '../../frame/answer.ts'
import { scopeFields } from '../../frame/scope.ts'
import { MoodName, textsField } from '../texts.ts'

export const ExtremesQuery = z.strictObject({
  ...scopeFields,
  ...textsField,
  side: z.enum(['positive', 'negative']).describe('Which end'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
})
export type ExtremesQuery = z.infer<typeof ExtremesQuery>

/** A text as a list of many shows it. */
export const Excerpt = z
  .object({
    id: Id,
    platform: z.enum(platformIds),
    source: z.object({ id: Id, name: z.string() }),
    url: z.string().nullable(),
    publishedAt: z.iso.datetime(),
    text: z.string().describe('What the mood was read from, its first 280 characters'),
  })
  .meta({ id: 'PostExcerpt' })
export type Excerpt = z.infer<typeof Excerpt>

export const Extremes = z
  .object({
    ...frameFields,
    side: z.enum(['positive', 'negative']),
    posts: z
      .array(
        z.object({
          post: Excerpt,
          compound: z.number().min(-1).max(1),
          mood: MoodName,
          model: z.string().describe('person: somebody labelled it'),
        }),
      )
      .describe('The farthest first; none that leans to the other side'),
  })
  .meta({ id: 'SentimentExtremes' })
