import { globSync, readFileSync } from 'node:fs'
import type { Secret } from './twins.ts'

const idOf = ({ ids }: Secret, table: string) =>
  [...ids].find(([, name]) => name === table)?.[0] ?? ''

/**
 * Of every question whose answer is kept, an address that asks it, by the name it is kept under. Those
 * that hold a marked text or an id show whose they are.
 */
export const cachedRoutes: Record<string, (mine: Secret) => string> = {
  anomalies: () => '/api/analytics/trends/anomalies?bucket=day&metric=posts',
  'authors/opportunities': () => '/api/analytics/authors/opportunities?minPosts=1',
  'authors/trends': (mine) => `/api/analytics/authors/${idOf(mine, 'authors')}/trends`,
  'categories/authors': ({ mark }) => `/api/analytics/categories/${mark}/authors`,
  'categories/top': () => '/api/analytics/categories/top',
  'comment-depths': () => '/api/comments/depth-analysis',
  engagement: () => '/api/analytics/engagement?groupBy=source',
  'engagement-comparison': () => '/api/analytics/engagement/comparison?by=source',
  'engagement-patterns': () => '/api/analytics/engagement-patterns',
  'engagement-top': () => '/api/analytics/engagement/top',
  experiment: (mine) => `/api/analytics/experiments/${idOf(mine, 'experiments')}`,
  'fastest-growing': () => '/api/reports/fastest-growing?hours=48&min_count=1',
  followers: (mine) => `/api/analytics/trends/followers?source=${idOf(mine, 'sources')}`,
  forecast: () => '/api/analytics/trends/forecast?bucket=day&metric=posts',
  'hashtags-recommendations': () => '/api/hashtags/recommendations?target_hashtag=launch',
  'hashtags-trending': () => '/api/hashtags/trending?window_minutes=2880',
  'post-comparison': (mine) => `/api/analytics/posts/${idOf(mine, 'posts')}/comparison`,
  'posting-times': () => '/api/analytics/posting-times',
  report: () => '/api/export/report.json',
  'reports/top-users': () => '/api/reports/top-users',
  sentiment: () => '/api/analytics/sentiment?by=source',
  'sentiment/agreement': () => '/api/analytics/sentiment/agreement',
  'sentiment/posts': () => '/api/analytics/sentiment/posts?side=positive',
  'top-hashtags': () => '/api/reports/top-hashtags',
  trends: () => '/api/analytics/trends?bucket=hour&metric=posts',
  'viral-chains': () => '/api/comments/viral-chains',
}

/** The names that answers are kept under, as the routes say them. */
export const namesInSource = (): string[] =>
  globSync('src/features/**/*.ts').flatMap((file) =>
    [
      ...readFileSync(file, 'utf8').matchAll(
        /\b(?:cached|unlessPromoted)\(\s*ctx,\s*(?:actor|\{ workspaceId \}),\s*'([^']+)'/g,
      ),
    ].map(([, name = '']) => name),
  )
