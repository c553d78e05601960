import { IdParams } from '../../../http/id.ts'
import { route } from '../../../http/route.ts'
import { cached } from '../frame/cached.ts'
import { mostOfGroup, mostSources } from './comparison.queries.ts'
import {
  ComparisonQuery,
  ComparisonView,
  PostComparisonQuery,
  PostComparisonView,
} from './comparison.schemas.ts'
import { compareGroups } from './comparison.service.ts'
import { peersEachSide } from './peers.queries.ts'
import { comparePost } from './post-comparison.service.ts'

const groups = route({
  method: 'get',
  path: '/api/analytics/engagement/comparison',
  tag: 'Analytics',
  summary: 'Sources, platforms or kinds of posts compared at equal age',
  description:
    'An old post has had more time than a new one: compared is what posts had 1, 6, 24 or 168 hours ' +
    `after publication. Of each group its newest posts of the period (${mostOfGroup.source} of a ` +
    `source, ${mostOfGroup.platform} of a platform or kind), of sources the ${mostSources} with the ` +
    'most posts. A difference is only called one where its interval, widened for the number of ' +
    'groups, leaves 1 out.',
  access: 'user',
  query: ComparisonQuery,
  status: 200,
  response: ComparisonView,
  handler: ({ ctx, actor, query }) =>
    cached(ctx, actor, 'engagement-comparison', query, (ctx) => compareGroups(ctx, query)),
})

const post = route({
  method: 'get',
  path: '/api/analytics/posts/{id}/comparison',
  tag: 'Analytics',
  summary: "One post's growth beside its source's posts at equal age",
  description:
    `Beside up to ${peersEachSide} posts of its source and kind before it and as many after it, at 1, ` +
    '6, 24 and 168 hours.',
  access: 'user',
  params: IdParams,
  query: PostComparisonQuery,
  status: 200,
  response: PostComparisonView,
  handler: ({ ctx, actor, params, query }) =>
    cached(ctx, actor, 'post-comparison', { ...params, ...query }, (ctx) =>
      comparePost(ctx, params.id, query.measure),
    ),
})

export const comparisonRoutes = [groups, post]
