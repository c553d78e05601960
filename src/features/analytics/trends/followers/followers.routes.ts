import type { Context } from '../../../../context.ts'
import { route } from '../../../../http/route.ts'
import { getSource } from '../../../sources/index.ts'
import { frameOf } from '../../frame/answer.ts'
import { bucketsOf, wholeQuarters } from '../../frame/buckets.ts'
import { cached } from '../../frame/cached.ts'
import { definitionsOf } from '../../frame/definitions.ts'
import { type Scope, scopeOf } from '../../frame/scope.ts'
import { type Day, growthOf, pointsOf } from './followers.presenter.ts'
import { findFirstFollowers, findFollowers } from './followers.queries.ts'
import { Followers, FollowersQuery } from './followers.schemas.ts'

async function daysOf(
  { em }: Pick<Context, 'em'>,
  scope: Scope & { source: string },
  zone: string,
): Promise<Day[]> {
  const first = await findFirstFollowers(em, scope.source, scope.from)
  const period = wholeQuarters(scope)
  const toMs = Date.parse(period.to)
  if (first === null || first >= toMs) return []
  const buckets = bucketsOf('day', zone, Math.max(first, Date.parse(period.from)), toMs)
  const found = await findFollowers(em, scope.source, buckets, scope.to)
  return buckets.map(({ fromMs, toMs: endMs, offsetMs }, index) => {
    const row = found.get(index)
    return {
      fromMs,
      toMs: endMs,
      offsetMs,
      followers: row ? Number(row.followers) : null,
      at: row?.sampled_at ?? null,
    }
  })
}

async function answer(ctx: Context, { zone, source, ...period }: FollowersQuery) {
  await getSource(ctx.em, source)
  const scope = { ...scopeOf({ ...period, source }, ctx), source }
  const days = await daysOf(ctx, scope, zone)
  return {
    ...(await frameOf(ctx, scope)),
    definitions: definitionsOf(['followers', 'growth_rate', 'daily_growth']),
    zone,
    source,
    ...pointsOf(days),
    growth: growthOf(days),
  }
}

const show = route({
  method: 'get',
  path: '/api/analytics/trends/followers',
  tag: 'Analytics',
  summary: 'How the audience of a source grew, day by day; days without a look are holes',
  description: 'More than 1,000 days are told as so many points at most: neighbours share one.',
  access: 'user',
  query: FollowersQuery,
  status: 200,
  response: Followers,
  handler: ({ ctx, actor, query }) =>
    cached(ctx, actor, 'followers', query, (ctx) => answer(ctx, query)),
})

export const followerRoutes = [show]
