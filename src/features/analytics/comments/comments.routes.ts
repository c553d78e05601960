import { IdParams } from '../../../http/id.ts'
import { route } from '../../../http/route.ts'
import { cached } from '../frame/cached.ts'
import { DepthAnalysis, DepthQuery } from './depth-analysis.schemas.ts'
import { analyzeDepths } from './depth-analysis.service.ts'
import { readPostThread } from './post-thread.service.ts'
import { PostThread, ThreadQuery } from './thread.schemas.ts'
import { ChainQuery, ViralChains } from './viral-chains.schemas.ts'
import { findViralChains } from './viral-chains.service.ts'

const whose =
  'Of sources whose comments are collected (PATCH /api/sources/{id}); the period is that of the posts.'

const depths = route({
  method: 'get',
  path: '/api/comments/depth-analysis',
  tag: 'Comments',
  summary: 'How deep, large, broad and viral the threads of a period are',
  description: `${whose} A thread of which comments are missing says how many.`,
  access: 'user',
  query: DepthQuery,
  status: 200,
  response: DepthAnalysis,
  handler: ({ ctx, actor, query }) =>
    cached(ctx, actor, 'comment-depths', query, (ctx) => analyzeDepths(ctx, query)),
})

const chains = route({
  method: 'get',
  path: '/api/comments/viral-chains',
  tag: 'Comments',
  summary: 'Chains of answers to answers that are long and engaging',
  description:
    `${whose} A thread is listed when one of its chains has at least min_depth replies and together ` +
    'at least min_engagement; that with the most engagement is shown. Most first.',
  access: 'user',
  query: ChainQuery,
  status: 200,
  response: ViralChains,
  handler: ({ ctx, actor, query }) =>
    cached(ctx, actor, 'viral-chains', query, (ctx) => findViralChains(ctx, query)),
})

const thread = route({
  method: 'get',
  path: '/api/posts/{id}/thread',
  tag: 'Comments',
  summary: 'The comments under a post, each with its parent and depth',
  description: "Oldest first. Of a comment's id: the thread that it is part of.",
  access: 'user',
  params: IdParams,
  query: ThreadQuery,
  status: 200,
  response: PostThread,
  handler: ({ ctx, params, query }) => readPostThread(ctx, params.id, query),
})

export const commentRoutes = [depths, chains, thread]
