import { type AnyRoute, route } from '../../../http/route.ts'
import { cached, unlessPromoted } from '../frame/cached.ts'
import {
  CategoryAuthors,
  CategoryAuthorsQuery,
  CategoryParams,
  TopCategories,
  TopCategoriesQuery,
} from './categories.schemas.ts'
import { categoryAuthors, topCategories } from './categories.service.ts'
import { EngagementPatterns, PatternsQuery } from './patterns.schemas.ts'
import { engagementPatterns } from './patterns.service.ts'

const tag = 'Analytics'

const top = route({
  method: 'get',
  path: '/api/analytics/categories/top',
  tag,
  summary: 'Categories by what their posts gathered',
  description:
    'A category is a Twitch game, a YouTube category or a Reddit flair. Comments are not counted. ' +
    'Shares are of everything in the period, also of what belongs to no category.',
  access: 'user',
  query: TopCategoriesQuery,
  status: 200,
  response: TopCategories,
  handler: ({ ctx, actor, query }) =>
    unlessPromoted(ctx, actor, 'categories/top', query, (ctx) => topCategories(ctx, query)),
})

const authors = route({
  method: 'get',
  path: '/api/analytics/categories/{category}/authors',
  tag,
  summary: "A category's authors, ranked",
  access: 'user',
  params: CategoryParams,
  query: CategoryAuthorsQuery,
  status: 200,
  response: CategoryAuthors,
  handler: ({ ctx, actor, params: { category }, query }) =>
    unlessPromoted(ctx, actor, 'categories/authors', { ...query, category }, (ctx) =>
      categoryAuthors(ctx, category, query),
    ),
})

const patterns = route({
  method: 'get',
  path: '/api/analytics/engagement-patterns',
  tag,
  summary: 'What posts gathered, by hour and day of their publication',
  description:
    'Counted where posts were published, by what they have gathered since: no platform tells when ' +
    'people acted. Shows where engagement is, not when it is best to post: old posts have had longer, ' +
    'and whoever posts most owns the table. For that there is /api/analytics/posting-times.',
  access: 'user',
  query: PatternsQuery,
  status: 200,
  response: EngagementPatterns,
  handler: ({ ctx, actor, query }) =>
    cached(ctx, actor, 'engagement-patterns', query, (ctx) => engagementPatterns(ctx, query)),
})

export const categoryRoutes: AnyRoute[] = [top, authors, patterns]
