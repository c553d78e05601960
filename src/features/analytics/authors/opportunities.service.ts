import type { z } from 'zod'
import type { Context } from '../../../context.ts'
import { frameOf } from '../frame/answer.ts'
import { definitionsOf } from '../frame/definitions.ts'
import { figure } from '../frame/figure.ts'
import { presentAuthor } from './author-row.ts'
import { sumEverything } from './author-sums.queries.ts'
import { findOpportunities, type OpportunityRow } from './opportunities.queries.ts'
import type { Opportunities, OpportunitiesQuery } from './opportunities.schemas.ts'
import { rankingOf, scopeOfRanking } from './period.ts'

/**
 * Volume against engagement: who writes much and reaches less than the middle of the category (worth
 * coaching), who writes little that does well (worth promoting).
 */
export async function findGains(
  ctx: Pick<Context, 'em' | 'clock'>,
  query: OpportunitiesQuery,
): Promise<z.input<typeof Opportunities>> {
  const ranking = rankingOf(query, ctx)
  const { category = null, segment = null, minPosts, limit } = query
  const read = await findOpportunities(ctx.em, ranking, { category, segment, minPosts, limit })
  const found = read.flatMap((row) => (row.author_id === null ? [] : [row]))
  const all = await sumEverything(ctx.em, ranking)
  const score = found.reduce((total, row) => total + Number(row.score), 0)
  const [n, total] = [Number(all?.n ?? 0), Number(all?.total ?? 0)]
  const why = n === 0 ? 'no_items' : 'total_is_zero'
  return {
    ...(await frameOf(ctx, scopeOfRanking(ranking))),
    definitions: definitionsOf([
      ranking.measure,
      'average_per_post',
      'median_of_authors',
      'opportunity_score',
      'share_of_total',
    ]),
    opportunities: found.map(present),
    found: Number(found[0]?.found ?? 0),
    lift: {
      score,
      total: figure(ranking.measure, n > 0 ? total : null, n),
      shareOfTotal: figure('share_of_total', total > 0 ? score / total : null, n, why),
    },
    segments: read[0]?.segments ?? {},
  }
}

const present = (row: OpportunityRow) => ({
  author: presentAuthor(row),
  category: row.category,
  posts: Number(row.posts),
  averagePerPost: figure('average_per_post', row.average, Number(row.n)),
  categoryMedian: figure('median_of_authors', row.median, Number(row.authors)),
  categoryMedianPosts: row.median_posts,
  segment: row.segment as z.input<typeof Opportunities>['opportunities'][number]['segment'],
  opportunityScore: Number(row.score),
})
