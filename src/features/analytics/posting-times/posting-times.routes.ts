import type { Context } from '../../../context.ts'
import { route } from '../../../http/route.ts'
import { getSource } from '../../sources/index.ts'
import { frameOf } from '../frame/answer.ts'
import { cached } from '../frame/cached.ts'
import { definitionsOf } from '../frame/definitions.ts'
import { scopeOf } from '../frame/scope.ts'
import { usualPeriod } from '../frame/usual-period.ts'
import { PostingTimes, PostingTimesQuery } from './posting-times.schemas.ts'
import { timesOf } from './posting-times.service.ts'

const usualDays = 90

type Zoned = { zone: string; zoneFrom: 'query' | 'source' | 'default' }

/** Looked up on each call: what a person sets must show at once. */
async function zoneFor({ em }: Context, { zone, source }: PostingTimesQuery): Promise<Zoned> {
  const own = source ? (await getSource(em, source)).audienceZone : null
  if (zone) return { zone, zoneFrom: 'query' }
  return own ? { zone: own, zoneFrom: 'source' } : { zone: 'UTC', zoneFrom: 'default' }
}

async function answer(ctx: Context, query: PostingTimesQuery & Zoned) {
  const { zone, zoneFrom, ...asked } = query
  const scope = scopeOf(usualPeriod(asked, usualDays), ctx)
  return {
    ...(await frameOf(ctx, scope)),
    definitions: definitionsOf(['posting_lift', 'engagement', 'average_viewers']),
    zone,
    zoneFrom,
    ...(await timesOf(ctx, scope, zone)),
  }
}

const show = route({
  method: 'get',
  path: '/api/analytics/posting-times',
  tag: 'Analytics',
  summary:
    'When posts did best: a heatmap of the week, the top hours and days, or that there are none',
  description:
    'What posts gathered within 24 hours, compared within each author of a source, kind of content ' +
    'and thirty days, so that neither a strong author, nor videos, nor growth owns an hour; few posts ' +
    'say little (hierarchical shrinkage). Authors of fewer than three posts of a kind are taken ' +
    'together. Every lift has an interval and the posts it stands on. ' +
    'Hours that were never tried are not known. Differences that luck alone explains are no advice.',
  access: 'user',
  query: PostingTimesQuery,
  status: 200,
  response: PostingTimes,
  handler: async ({ ctx, actor, query }) => {
    const zoned = { ...query, ...(await zoneFor(ctx, query)) }
    return cached(ctx, actor, 'posting-times', zoned, (ctx) => answer(ctx, zoned))
  },
})

export const postingTimeRoutes = [show]
