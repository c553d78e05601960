import type { z } from 'zod'
import type { Context } from '../../../context.ts'
import { notFound } from '../../../core/errors.ts'
import { summarizeCoverage } from '../../coverage/index.ts'
import { definitionsOf } from '../frame/definitions.ts'
import { type Figure, figure } from '../frame/figure.ts'
import { whyNull } from '../frame/reasons.ts'
import { findPostNumbers, type PostNumbersRow } from './post-analytics.queries.ts'
import type { PostAnalytics } from './post-analytics.schemas.ts'

const number = (value: string | null) => (value === null ? null : Number(value))
const moment = (at: Date | string | null) => (at === null ? null : new Date(at).toISOString())

/** One post's numbers in the words of seed 003, and each rate under its own definition. */
export async function analyzePost(
  ctx: Pick<Context, 'em' | 'clock'>,
  id: string,
): Promise<z.input<typeof PostAnalytics>> {
  const row = await findPostNumbers(ctx.em, id)
  if (!row) throw notFound('Post')
  const audience = number(row.audience)
  return {
    post_id: row.id,
    title: row.title,
    author_name: row.author_name,
    category: row.category,
    publish_date: row.publish_date,
    ...numbersOf(row),
    promoted: row.promoted,
    tags: row.tags,
    figures: figuresOf(row),
    audience: audience === null ? null : { followers: audience, at: moment(row.audience_at) },
    looks: {
      count: Number(row.looks),
      first: moment(row.first_look),
      last: moment(row.last_look),
    },
    coverage: await watchedSince(ctx, row),
    definitions: definitionsOf(used),
  }
}

/** Since its publication, and of its source. */
async function watchedSince({ em, clock }: Pick<Context, 'em' | 'clock'>, row: PostNumbersRow) {
  const now = clock.now()
  const published = new Date(row.published_at)
  // A platform's clock may be ahead of ours.
  const from = (published < now ? published : now).toISOString()
  return summarizeCoverage(em, { source: row.source_id, from, to: now.toISOString() })
}

function numbersOf(row: PostNumbersRow) {
  const likeRate = rate('like_rate', row.likes, row.views, 'views')
  const { value } = likeRate
  const numbers = {
    views: number(row.views),
    likes: number(row.likes),
    comments: number(row.comments),
    shares: number(row.shares),
    total_engagements: totalOf(row),
  }
  const rates = { engagement_rate: value === null ? null : Math.round(value * 100) / 100 }
  return {
    ...numbers,
    ...rates,
    total_engagements_of: (['views', 'engagement'] as const).filter((name) => row[name] !== null),
    reasons: {
      ...whyNull({ ...numbers, audience: number(row.audience) }, 'not_reported'),
      ...whyNull(rates, likeRate.reason ?? ''),
    },
  }
}

const used = [
  'engagement',
  'total_engagements',
  'like_rate',
  'er_by_views',
  'er_by_followers',
  'er_by_reach',
  'youtube_like_ratio',
  'upvote_ratio',
] as const

function figuresOf(row: PostNumbersRow): Figure[] {
  const { engagement, views, audience, likes } = row
  return [
    figure('engagement', number(engagement), known(engagement), 'not_reported'),
    figure('total_engagements', totalOf(row), totalOf(row) === null ? 0 : 1, 'not_reported'),
    rate('like_rate', likes, views, 'views'),
    rate('er_by_views', engagement, views, 'views'),
    rate('er_by_followers', engagement, audience, 'followers'),
    figure('er_by_reach', null, 0, 'reach_not_reported'),
    ...(row.platform === 'youtube'
      ? [figure('youtube_like_ratio', null, 0, 'dislikes_not_public')]
      : []),
    ...(row.platform === 'reddit'
      ? [figure('upvote_ratio', row.upvote_ratio, known(row.upvote_ratio), 'not_reported')]
      : []),
  ]
}

const known = (value: unknown) => (value === null ? 0 : 1)

/** What is told, views too; null where nothing is. */
function totalOf({ views, engagement }: PostNumbersRow): number | null {
  return views === null && engagement === null ? null : Number(views ?? 0) + Number(engagement ?? 0)
}

function rate(
  definition: string,
  part: string | null,
  whole: string | null,
  of: 'views' | 'followers',
): Figure {
  if (part === null) return figure(definition, null, 0, 'not_reported')
  if (whole === null) return figure(definition, null, 0, `${of}_not_reported`)
  if (Number(whole) <= 0) return figure(definition, null, 0, `no_${of}`)
  return figure(definition, (Number(part) / Number(whole)) * 100, 1)
}
