import type { z } from 'zod'
import type { Context } from '../../context.ts'
import type { Actor } from '../../core/actor.ts'
import { allTimeFrameOf, cached, definitionsOf, frameOf } from '../analytics/index.ts'
import type { Range } from './counts/period.ts'
import { findTagsByPrefix } from './counts/tag-counts.queries.ts'
import { findTrending } from './counts/trending.service.ts'
import { presentSurprise, presentWithheld } from './hashtags.presenter.ts'
import type {
  RecommendQuery,
  RecommendView,
  SearchQuery,
  SearchView,
  TrendingQuery,
  TrendingView,
} from './hashtags.schemas.ts'
import { findSurprises } from './surprise/surprise.service.ts'
import { recommendTags } from './together/recommend.service.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'hints'>
type Asker = Pick<Actor, 'workspaceId'>
type Trending = z.input<typeof TrendingView>

const periodOf = ({ from, to }: Range) => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
})

/** Kept for TRENDING_TTL_SECONDS at most, and only while the workspace's data stays as it is. */
export function answerTrending(
  ctx: Context,
  { workspaceId }: Asker,
  query: TrendingQuery,
): Promise<Trending> {
  const ttlMs = ctx.config.analytics.trendingTtlMs
  const compute = (needs: Needs) =>
    query.by === 'count'
      ? trendingByCount(needs, { workspaceId }, query)
      : trendingBySurprise(needs, query)
  if (ttlMs === 0) return compute(ctx)
  return cached(ctx, { workspaceId }, 'hashtags-trending', query, compute, ttlMs)
}

async function trendingByCount(
  ctx: Needs,
  { workspaceId }: Asker,
  { window_minutes: windowMinutes, k, platform }: TrendingQuery,
): Promise<Trending> {
  const told = await findTrending(ctx, workspaceId, { windowMinutes, k, platform })
  return {
    hashtags: told.hashtags,
    window_minutes: windowMinutes,
    total_count: told.hashtags.length,
    ...(await frameOf(ctx, { platform, ...periodOf(told) })),
    definitions: definitionsOf(['tag_posts']),
    as_of: ctx.clock.now().toISOString(),
    store: told.store,
  }
}

async function trendingBySurprise(
  ctx: Needs,
  { k, platform, zone }: TrendingQuery,
): Promise<Trending> {
  const told = await findSurprises(ctx, { k, platform, zone })
  return {
    hashtags: told.listed.map(presentSurprise),
    window_minutes: 60,
    total_count: told.listed.length,
    ...(await frameOf(ctx, { platform, ...periodOf(told) })),
    definitions: definitionsOf(['tag_posts', 'tag_surprise']),
    as_of: ctx.clock.now().toISOString(),
    store: 'postgres',
    judged: told.judged,
    withheld: told.withheld.map(presentWithheld),
    reason: told.reason,
  }
}

export async function answerRecommendations(
  ctx: Needs,
  query: RecommendQuery,
): Promise<z.input<typeof RecommendView>> {
  const told = await recommendTags(ctx, {
    target: query.target_hashtag,
    minRate: query.min_cooccurrence_rate,
    minSupport: query.min_support,
    days: query.days,
    limit: query.limit,
    sort: query.sort,
  })
  return {
    target_hashtag: query.target_hashtag,
    recommendations: told.recommendations.map(({ rate, interval, ...one }) => ({
      hashtag: one.hashtag,
      cooccurrence_rate: rate,
      rate_low: interval?.low ?? null,
      rate_high: interval?.high ?? null,
      support: one.support,
      lift: one.lift,
      npmi: one.npmi,
      jaccard: one.jaccard,
    })),
    min_cooccurrence_rate: query.min_cooccurrence_rate,
    posts: told.carrying,
    looked_at: told.lookedAt,
    reason: reasonOf(told),
    ...(await frameOf(ctx, periodOf(told))),
    definitions: definitionsOf(['cooccurrence_rate', 'tag_lift', 'tag_npmi', 'tag_jaccard']),
  }
}

export async function answerSearch(
  ctx: Pick<Context, 'em' | 'clock'>,
  { q, limit, platform }: SearchQuery,
): Promise<z.input<typeof SearchView>> {
  const hashtags = await findTagsByPrefix(ctx.em, { prefix: q, platform, most: limit })
  return {
    query: q,
    hashtags,
    total_count: hashtags.length,
    ...(await allTimeFrameOf(ctx, { platform })),
    definitions: definitionsOf(['tag_posts']),
  }
}

function reasonOf({ carrying, recommendations }: { carrying: number; recommendations: unknown[] }) {
  if (carrying === 0) return 'no_posts_with_this_hashtag'
  return recommendations.length === 0 ? 'nothing_reaches_rate_and_support' : null
}
