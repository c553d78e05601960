import { route } from '../../http/route.ts'
import { cached } from '../analytics/index.ts'
import { answerRecommendations, answerSearch, answerTrending } from './hashtags.answers.ts'
import {
  RecommendQuery,
  RecommendView,
  SearchQuery,
  SearchView,
  TrendingQuery,
  TrendingView,
} from './hashtags.schemas.ts'

const trending = route({
  method: 'get',
  path: '/api/hashtags/trending',
  tag: 'Hashtags',
  summary: 'What trends: the most used hashtags, or the most surprising',
  description:
    'by=count: posts by hashtag in a sliding window, exact to the minute by time of publication; ' +
    'equal counts stand in the order of their bytes. by=surprise: distinct authors against the same ' +
    'hour of the three weeks before, with the reason. Posts that are collected later count for the ' +
    'minute in which they were published.',
  access: 'user',
  query: TrendingQuery,
  status: 200,
  response: TrendingView,
  handler: ({ ctx, actor, query }) => answerTrending(ctx, actor, query),
})

const recommendations = route({
  method: 'get',
  path: '/api/hashtags/recommendations',
  tag: 'Hashtags',
  summary: 'Hashtags that stand beside one',
  description:
    'Of the posts with the target: how many carry the other one as well, and how far that is beyond ' +
    'chance. Exact over the period that the answer says.',
  access: 'user',
  query: RecommendQuery,
  status: 200,
  response: RecommendView,
  handler: ({ ctx, actor, query }) =>
    cached(ctx, actor, 'hashtags-recommendations', query, (ctx) =>
      answerRecommendations(ctx, query),
    ),
})

const search = route({
  method: 'get',
  path: '/api/hashtags/search',
  tag: 'Hashtags',
  summary: 'Hashtags by their beginning, most used first',
  access: 'user',
  query: SearchQuery,
  status: 200,
  response: SearchView,
  handler: ({ ctx, query }) => answerSearch(ctx, query),
})

export const hashtagRoutes = [trending, recommendations, search]
