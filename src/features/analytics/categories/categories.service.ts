import type { z } from 'zod'
import type { Context } from '../../../context.ts'
import { sumEverything } from '../authors/author-sums.queries.ts'
import { rankingOf, scopeOfRanking } from '../authors/period.ts'
import { frameOf } from '../frame/answer.ts'
import { definitionsOf } from '../frame/definitions.ts'
import { figure } from '../frame/figure.ts'
import { presentCategory, presentRanked, presentTotal } from './categories.presenter.ts'
import { findCategoryAuthors, findTopCategories } from './categories.queries.ts'
import type {
  CategoryAuthors,
  CategoryAuthorsQuery,
  TopCategories,
  TopCategoriesQuery,
} from './categories.schemas.ts'

type Needs = Pick<Context, 'em' | 'clock'>

/** Categories by what their posts of the period gathered, each with its best author. */
export async function topCategories(
  ctx: Needs,
  query: TopCategoriesQuery,
): Promise<z.input<typeof TopCategories>> {
  const ranking = rankingOf(query, ctx)
  const { measure } = ranking
  const found = await findTopCategories(ctx.em, ranking, query.limit)
  const all = await sumEverything(ctx.em, ranking)
  const none = found.find(({ category }) => category === '') ?? null
  const named = found.filter(({ category }) => category !== '')
  return {
    ...(await frameOf(ctx, scopeOfRanking(ranking))),
    definitions: definitionsOf([
      measure,
      'share_of_total',
      'average_per_post',
      'median_of_authors',
    ]),
    categories: named.map((row) => presentCategory(row, measure, all)),
    all: { posts: Number(all?.posts ?? 0), total: presentTotal(measure, all) },
    uncategorized: { posts: Number(none?.posts ?? 0), total: presentTotal(measure, none) },
    withoutAuthor: { posts: Number(all?.posts ?? 0) - Number(found[0]?.attributed ?? 0) },
  }
}

/** A category's authors by what their posts in it gathered. */
export async function categoryAuthors(
  ctx: Needs,
  category: string,
  query: CategoryAuthorsQuery,
): Promise<z.input<typeof CategoryAuthors>> {
  const ranking = rankingOf(query, ctx)
  const { measure } = ranking
  const found = await findCategoryAuthors(ctx.em, ranking, category, query.limit)
  const authorCount = Number(found[0]?.authors ?? 0)
  const reason = authorCount === 0 ? 'no_items' : 'not_reported'
  return {
    ...(await frameOf(ctx, scopeOfRanking(ranking))),
    definitions: definitionsOf([measure, 'author_rank', 'average_per_post', 'median_of_authors']),
    category,
    authorCount,
    medianOfAuthors: figure('median_of_authors', found[0]?.median ?? null, authorCount, reason),
    authors: found.map((row) => presentRanked(row, measure)),
  }
}
