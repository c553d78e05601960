import type { z } from 'zod'
import type { Context } from '../../../context.ts'
import { notFound } from '../../../core/errors.ts'
import { growthInterval } from '../../../statistics/growth.ts'
import { type Interval, studentFactor } from '../../../statistics/intervals.ts'
import { frameOf } from '../frame/answer.ts'
import { definitionsOf } from '../frame/definitions.ts'
import { type Figure, figure } from '../frame/figure.ts'
import { whyNull } from '../frame/reasons.ts'
import { type DaySums, daySums, growthOf, sumDays } from './author-days.ts'
import { presentAuthor } from './author-row.ts'
import {
  compareAtEqualAge,
  type EqualAgeRow,
  findAuthor,
  findAuthorDays,
  findStanding,
  mostCompared,
} from './author-trends.queries.ts'
import type { AuthorTrends } from './author-trends.schemas.ts'
import { daysUntil } from './period.ts'

type Needs = Pick<Context, 'em' | 'clock'>
const dayMs = 86_400_000
const shown = 30

/** How an author's posts did in the last 7 and 30 whole days, next to those before. */
export async function followAuthor(ctx: Needs, id: string): Promise<z.input<typeof AuthorTrends>> {
  const row = await findAuthor(ctx.em, id)
  if (!row) throw notFound('Author')
  const now = ctx.clock.now()
  const { firstDay, from, to } = daysUntil(2 * shown + 1, undefined, now)
  const today = Math.floor(now.getTime() / dayMs)
  const days = daySums(await findAuthorDays(ctx.em, id, firstDay), today)
  const end = new Date(today * dayMs).toISOString()
  const [week, month] = [await compare(ctx, id, end, 7), await compare(ctx, id, end, shown)]
  const since = month.watchedSinceMs
  const standing = await presentStanding(ctx, id, end)
  return {
    ...(await frameOf(ctx, { platform: row.platform, from, to })),
    definitions: definitionsOf([
      'posts',
      'views',
      'engagement',
      'average_per_post',
      'engagement_at_24h',
      'growth_rate',
      'author_rank',
    ]),
    author: {
      ...presentAuthor(row),
      followers: row.followers === null ? null : Number(row.followers),
    },
    trends: [trendOf(7, days, week), trendOf(shown, days, month)],
    series: days.filter(({ ago }) => ago <= shown).map((one) => presentDay(one, today, since)),
    ...standing,
  }
}

type Comparison = {
  last: Figure
  before: Figure
  growth: Interval | null
  watchedSinceMs: number | null
  endMs: number
}

async function compare({ em }: Needs, id: string, end: string, days: number): Promise<Comparison> {
  const parts = await compareAtEqualAge(em, id, end, days)
  const isWhole = Number(parts[0]?.read ?? 0) <= mostCompared
  const [now, earlier] = [0, 1].map((part) => parts.find((one) => one.part === part))
  const since = parts[0]?.watched_since ?? null
  return {
    last: atEqualAge(now, isWhole),
    before: atEqualAge(earlier, isWhole),
    growth: isWhole ? growthInterval(drawn(earlier), drawn(now)) : null,
    watchedSinceMs: since === null ? null : new Date(since).getTime(),
    endMs: Date.parse(end),
  }
}

const drawn = (row: EqualAgeRow | undefined) => ({
  n: Number(row?.n ?? 0),
  mean: row?.mean ?? 0,
  deviation: row?.deviation ?? 0,
})

/** The mean with its interval: these posts are a draw of what the author's posts do. */
function atEqualAge(row: EqualAgeRow | undefined, isWhole: boolean): Figure {
  const definition = 'engagement_at_24h'
  if (!isWhole) return figure(definition, null, 0, 'too_many_posts')
  const n = Number(row?.n ?? 0)
  const mean = row?.mean ?? null
  const told = figure(definition, mean, n, row ? 'no_look_at_24h' : 'no_items')
  if (mean === null || n < 2 || row?.deviation == null) return told
  const half = studentFactor(n - 1, 0.95) * (row.deviation / Math.sqrt(n))
  return { ...told, low: Math.max(0, mean - half), high: mean + half, level: 0.95 }
}

function trendOf(days: number, all: readonly DaySums[], compared: Comparison) {
  const { last: lastAt24h, before: beforeAt24h, watchedSinceMs, endMs } = compared
  const last = sumDays(all, 1, days)
  const before = sumDays(all, days + 1, 2 * days)
  const isWatched = watchedSinceMs !== null && watchedSinceMs <= endMs - 2 * days * dayMs
  const growth = growthOf(isWatched)
  return {
    days,
    from: new Date(endMs - days * dayMs).toISOString(),
    to: new Date(endMs).toISOString(),
    ...last,
    engagementAt24h: lastAt24h,
    before: { ...before, engagementAt24h: beforeAt24h },
    growth: {
      posts: growth(before.posts, last.posts),
      engagement: growth(before.engagement, last.engagement),
      averagePerPost: growth(before.averagePerPost, last.averagePerPost),
      engagementAt24h: within(growth(beforeAt24h, lastAt24h), compared.growth),
    },
  }
}

/** Growth of a mean of few posts may be luck: its interval says so. */
const within = (told: Figure, interval: Interval | null): Figure =>
  told.value === null || !interval ? told : { ...told, ...interval, level: 0.95 }

/** A day without posts has none only if somebody looked. */
function presentDay(one: DaySums, today: number, watchedSinceMs: number | null) {
  const startMs = (today - one.ago) * dayMs
  const isUnknown = one.posts === 0 && (watchedSinceMs === null || startMs < watchedSinceMs)
  const sums = {
    posts: isUnknown ? null : one.posts,
    engagement: isUnknown || (one.posts > 0 && one.engagementN === 0) ? null : one.engagement,
    views: isUnknown || (one.posts > 0 && one.viewsN === 0) ? null : one.views,
  }
  return {
    day: new Date(startMs).toISOString().slice(0, 10),
    complete: one.ago > 0,
    ...sums,
    reasons: whyNull(sums, isUnknown ? 'not_observed' : 'not_reported'),
  }
}

async function presentStanding({ em }: Needs, id: string, end: string) {
  const day = (ago: number) => new Date(Date.parse(end) - ago * dayMs).toISOString().slice(0, 10)
  const row = await findStanding(em, id, day(shown), day(1))
  if (!row) return { standing: null, standingReason: 'no_post_with_a_category' }
  const n = Number(row.n)
  const rank = row.rank === null ? null : Number(row.rank)
  return {
    standing: {
      category: row.category,
      rank,
      reasons: whyNull({ rank }, 'not_reported'),
      authors: Number(row.authors),
      total: figure('engagement', n > 0 ? Number(row.total) : null, n, 'not_reported'),
    },
  }
}
