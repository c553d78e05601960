import { route } from '../../../http/route.ts'
import { cached } from '../frame/cached.ts'
import { poolSize } from './top.queries.ts'
import { TopQuery, TopView } from './top.schemas.ts'
import { findTop } from './top.service.ts'

const show = route({
  method: 'get',
  path: '/api/analytics/engagement/top',
  tag: 'Analytics',
  summary: 'The posts that did best, each beside its own source at equal age',
  description:
    'By engagement and views over all posts of the period. Rates, likes and comments are ranked ' +
    `among the ${poolSize} posts that lead by views or engagement; \`among.complete\` says whether ` +
    'that is proven to be the list over all posts, and `minimum` from how many views or followers on ' +
    'a rate counts.',
  access: 'user',
  query: TopQuery,
  status: 200,
  response: TopView,
  handler: ({ ctx, actor, query }) =>
    cached(ctx, actor, 'engagement-top', query, (ctx) => findTop(ctx, query)),
})

export const topRoutes = [show]
