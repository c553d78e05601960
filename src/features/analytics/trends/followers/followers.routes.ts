import type { Context } from '../../../../context.ts'
import { route } from '../../../../http/route.ts'
import { dailyGrowth, growthRate } from '../../../../statistics/growth.ts'
import { getSource } from '../../../sources/index.ts'
import { frameOf } from '../../frame/answer.ts'
import { bucketsOf, localIso, wholeQuarters } from '../../frame/buckets.ts'
import { cached } from '../../frame/cached.ts'
import { definitionsOf } from '../../frame/definitions.ts'
import { figure } from '../../frame/figure.ts'
import { type Scope, scopeOf } from '../../frame/scope.ts'
import { findFirstFollowers, findFollowers } from './followers.queries.ts'
import { Followers, FollowersQuery } from './followers.schemas.ts'

const dayMs = 86_400_000
const iso = (ms: number) => new Date(ms).toISOString()

type Day = {
  fromMs: number
  toMs: number
  offsetMs: number
  followers: number | null
  at: Date | null
}

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

const changeFrom = (before: Day | undefined, day: Day): number | null =>
  !before || before.followers === null || day.followers === null
    ? null
    : day.followers - before.followers

function growthOf(days: readonly Day[]) {
  const known = days.filter((day) => day.at !== null)
  const [first, last] = [known[0], known.at(-1)]
  const [from, to] = [first?.followers ?? null, last?.followers ?? null]
  const n = known.length
  const apart = (last?.at?.getTime() ?? 0) - (first?.at?.getTime() ?? 0)
  const two = n > 1 && from !== null && to !== null
  const reason = two ? 'starts_from_nothing' : 'fewer_than_two_looks'
  return {
    change: figure('followers', two ? to - from : null, n, reason),
    rate: figure('growth_rate', two ? growthRate(from, to) : null, n, reason),
    daily: figure('daily_growth', two ? dailyGrowth(from, to, apart / dayMs) : null, n, reason),
  }
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
    points: days.map((day, index) => ({
      from: iso(day.fromMs),
      to: iso(day.toMs),
      local: localIso(day.fromMs, day.offsetMs),
      followers: day.followers,
      at: day.at?.toISOString() ?? null,
      change: changeFrom(days[index - 1], day),
      reason: day.followers === null ? ('not_observed' as const) : null,
    })),
    growth: growthOf(days),
  }
}

const show = route({
  method: 'get',
  path: '/api/analytics/trends/followers',
  tag: 'Analytics',
  summary: 'How the audience of a source grew, day by day; days without a look are holes',
  access: 'user',
  query: FollowersQuery,
  status: 200,
  response: Followers,
  handler: ({ ctx, actor, query }) =>
    cached(ctx, actor, 'followers', query, (ctx) => answer(ctx, query)),
})

export const followerRoutes = [show]
