import { type Row, reads } from '../matrix/row.ts'

/** What is worked out of a workspace's posts: whoever may read them may read it. */
export const analyticsRows: Record<string, Row> = {
  'GET /api/analytics/definitions': reads(),
  'GET /api/analytics/engagement': reads(),
  'GET /api/analytics/engagement/top': reads(),
  'GET /api/analytics/engagement/comparison': reads(),
  'GET /api/analytics/posts/{id}/comparison': reads('post'),
}
