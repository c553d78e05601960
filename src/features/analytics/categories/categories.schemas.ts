import { z } from 'zod'
import { pageLimit } from '../../../core/paging.ts'
import { AuthorRef, reported, sumFields } from '../authors/author.schemas.ts'
import { rankingFields } from '../authors/period.ts'
import { frameFields } from '../frame/answer.ts'
import { Figure } from '../frame/figure.ts'
import { reasonsFor } from '../frame/reasons.ts'

export const TopCategoriesQuery = z.strictObject({
  ...rankingFields(30),
  limit: pageLimit(10, 100),
})
export type TopCategoriesQuery = z.infer<typeof TopCategoriesQuery>

const rank = z.number().int().nullable()
const placeFields = { ...sumFields, reasons: reasonsFor(['rank', ...reported]) }

const CategoryView = z.object({
  rank: rank.describe('Null: no post of it tells the measure; those come last'),
  category: z.string(),
  authors: z.number().int(),
  ...placeFields,
  total: Figure.describe('By the measure that was asked for'),
  shareOfTotal: Figure,
  averagePerPost: Figure,
  medianOfAuthors: Figure,
  topAuthor: AuthorRef.extend({ total: z.number(), posts: z.number().int() }).nullable(),
})

export const TopCategories = z
  .object({
    ...frameFields,
    categories: z.array(CategoryView),
    all: z
      .object({ posts: z.number().int(), total: Figure })
      .describe('Everything in the period, with what belongs to no category or no known author'),
    uncategorized: z.object({ posts: z.number().int(), total: Figure }),
    withoutAuthor: z
      .object({ posts: z.number().int() })
      .describe('Posts whose author the platform did not tell: in `all`, in no category'),
  })
  .meta({ id: 'TopCategories' })

export const CategoryParams = z.strictObject({ category: z.string().trim().min(1).max(300) })
export const CategoryAuthorsQuery = z.strictObject({
  ...rankingFields(90),
  limit: pageLimit(10, 100),
})
export type CategoryAuthorsQuery = z.infer<typeof CategoryAuthorsQuery>

export const CategoryAuthors = z
  .object({
    ...frameFields,
    category: z.string(),
    authorCount: z.number().int().describe('Authors with a post in the category'),
    medianOfAuthors: Figure,
    authors: z.array(
      z.object({
        rank: rank.describe(
          '1 + authors with more; equals share a rank. Null: no post of theirs tells the measure',
        ),
        author: AuthorRef,
        ...placeFields,
        total: Figure,
        averagePerPost: Figure,
      }),
    ),
  })
  .meta({ id: 'CategoryAuthors' })
