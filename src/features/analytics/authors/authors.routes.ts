import { IdParams } from '../../../http/id.ts'
import { type AnyRoute, route } from '../../../http/route.ts'
import { cached, unlessPromoted } from '../frame/cached.ts'
import { AuthorTrends } from './author-trends.schemas.ts'
import { followAuthor } from './author-trends.service.ts'
import { Opportunities, OpportunitiesQuery } from './opportunities.schemas.ts'
import { findGains } from './opportunities.service.ts'
import { PostAnalytics } from './post-analytics.schemas.ts'
import { analyzePost } from './post-analytics.service.ts'
import { TopUsers, TopUsersQuery } from './top-users.schemas.ts'
import { topUsers } from './top-users.service.ts'

const tag = 'Analytics'

const post = route({
  method: 'get',
  path: '/api/analytics/posts/{id}',
  tag,
  summary: "One post's numbers and rates",
  access: 'user',
  params: IdParams,
  status: 200,
  response: PostAnalytics,
  handler: ({ ctx, params }) => analyzePost(ctx, params.id),
})

const trends = route({
  method: 'get',
  path: '/api/analytics/authors/{id}/trends',
  tag,
  summary: 'An author over 7 and 30 days',
  description:
    'Whole days in UTC, next to as many before them. Growth is null where those before were not watched.',
  access: 'user',
  params: IdParams,
  status: 200,
  response: AuthorTrends,
  handler: ({ ctx, actor, params }) =>
    cached(ctx, actor, 'authors/trends', params, (ctx) => followAuthor(ctx, params.id)),
})

const opportunities = route({
  method: 'get',
  path: '/api/analytics/authors/opportunities',
  tag,
  summary: 'Authors by what it would bring to lift them to the middle of their category',
  access: 'user',
  query: OpportunitiesQuery,
  status: 200,
  response: Opportunities,
  handler: ({ ctx, actor, query }) =>
    unlessPromoted(ctx, actor, 'authors/opportunities', query, (ctx) => findGains(ctx, query)),
})

const users = route({
  method: 'get',
  path: '/api/reports/top-users',
  tag: 'Reports',
  summary: 'Authors by engagement of all time',
  access: 'user',
  query: TopUsersQuery,
  status: 200,
  response: TopUsers,
  handler: ({ ctx, actor, query }) =>
    cached(ctx, actor, 'reports/top-users', query, (ctx) => topUsers(ctx, query)),
})

export const authorRoutes: AnyRoute[] = [post, trends, opportunities, users]
