import type { z } from 'zod'
import type { Context } from '../../../context.ts'
import { allTimeFrameOf, definitionsOf, frameOf } from '../../analytics/index.ts'
import { countTopTags } from '../counts/tag-counts.queries.ts'
import { findFastestGrowing } from './fastest-growing.service.ts'
import type { GrowingQuery, GrowingView, TopTagsQuery, TopTagsView } from './reports.schemas.ts'

type Needs = Pick<Context, 'em' | 'clock'>

export async function answerTopTags(
  ctx: Needs,
  { limit, platform }: TopTagsQuery,
): Promise<z.input<typeof TopTagsView>> {
  const hashtags = await countTopTags(ctx.em, { platform, most: limit })
  return {
    hashtags,
    limit,
    total_count: hashtags.length,
    ...(await allTimeFrameOf(ctx, { platform })),
    definitions: definitionsOf(['tag_posts']),
  }
}

export async function answerGrowing(
  ctx: Needs,
  { hours, limit, min_count: minCount, platform }: GrowingQuery,
): Promise<z.input<typeof GrowingView>> {
  const told = await findFastestGrowing(ctx, { hours, limit, minCount, platform })
  const period = { from: new Date(told.from).toISOString(), to: new Date(told.to).toISOString() }
  return {
    hashtags: told.listed.map(({ hashtag, count, before, ratio, low, high, chance }) => ({
      hashtag,
      count,
      count_before: before,
      growth: ratio,
      growth_low: low,
      growth_high: high,
      chance,
    })),
    hours,
    limit,
    total_count: told.listed.length,
    tested: told.tested,
    observed: told.observed,
    reason: told.reason,
    ...(await frameOf(ctx, { platform, ...period })),
    definitions: definitionsOf(['tag_posts', 'tag_growth']),
  }
}
