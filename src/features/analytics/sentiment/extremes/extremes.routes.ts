import { route } from '../../../../http/route.ts'
import { cached } from '../../frame/cached.ts'
import { Extremes, ExtremesQuery } from './extremes.schemas.ts'
import { sentimentExtremes } from './extremes.service.ts'

const list = route({
  method: 'get',
  path: '/api/analytics/sentiment/posts',
  tag: 'Analytics',
  summary: 'The most positive or most negative posts of a period',
  access: 'user',
  query: ExtremesQuery,
  status: 200,
  response: Extremes,
  handler: ({ ctx, actor, query }) =>
    cached(ctx, actor, 'sentiment/posts', query, (ctx) => sentimentExtremes(ctx, query)),
})

export const extremesRoutes = [list]
