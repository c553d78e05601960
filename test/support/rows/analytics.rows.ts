import { exportsAll, type Row, reads, writes } from '../matrix/row.ts'

/** What is worked out of a workspace's posts: whoever may read them may read it. */
export const analyticsRows: Record<string, Row> = {
  'GET /api/analytics/definitions': reads(),
  'GET /api/analytics/posts/{id}': reads('post'),
  'GET /api/analytics/authors/{id}/trends': reads('author'),
  'GET /api/analytics/authors/opportunities': reads(),
  'GET /api/analytics/categories/top': reads(),
  'GET /api/analytics/categories/{category}/authors': reads(undefined, {
    params: { category: 'Tech' },
  }),
  'GET /api/analytics/engagement-patterns': reads(),
  'GET /api/reports/top-users': reads(),
  'GET /api/analytics/engagement': reads(),
  'GET /api/analytics/engagement/top': reads(),
  'GET /api/analytics/engagement/comparison': reads(),
  'GET /api/analytics/posts/{id}/comparison': reads('post'),
  'GET /api/comments/depth-analysis': reads(),
  'GET /api/comments/viral-chains': reads(),
  'GET /api/posts/{id}/thread': reads('post'),
  'GET /api/hashtags/trending': reads(),
  'GET /api/hashtags/recommendations': reads(undefined, { query: 'target_hashtag=tea' }),
  'GET /api/hashtags/search': reads(undefined, { query: 'q=tea' }),
  'GET /api/reports/top-hashtags': reads(),
  'GET /api/reports/fastest-growing': reads(),
  'GET /api/analytics/sentiment': reads(),
  'GET /api/analytics/sentiment/posts': reads(undefined, { query: 'side=positive' }),
  'GET /api/analytics/sentiment/labels': reads(),
  'GET /api/analytics/sentiment/agreement': reads(),
  'PUT /api/posts/{id}/sentiment-label': writes('post', {
    body: () => ({ label: 'neutral' }),
    // It has no text.
    says: [409],
  }),
  'DELETE /api/posts/{id}/sentiment-label': writes('label', { fresh: true }),
  'GET /api/export/report.json': exportsAll(),
  'GET /api/analytics/trends': reads(),
  'GET /api/analytics/trends/forecast': reads(),
  'GET /api/analytics/trends/anomalies': reads(),
  // A source of nobody's.
  'GET /api/analytics/trends/followers': reads(undefined, {
    query: 'source=9007199254740993',
    says: [404],
  }),
  'GET /api/analytics/posting-times': reads(),
  'GET /api/analytics/experiments': reads(),
  'POST /api/analytics/experiments': writes(undefined, {
    body: () => ({
      name: 'matrix',
      hypothesis: 'Promoted posts do better.',
      treatment: { kind: 'promotion' },
      startsAt: '2026-01-01',
      endsAt: '2026-02-01',
    }),
  }),
  'GET /api/analytics/experiments/{id}': reads('experiment'),
  'PATCH /api/analytics/experiments/{id}': writes('experiment', {
    body: () => ({ name: 'renamed' }),
  }),
  'DELETE /api/analytics/experiments/{id}': writes('experiment', { fresh: true }),
  'GET /api/analytics/reports': reads(),
  'POST /api/analytics/reports': writes(undefined, { body: () => ({ name: 'matrix' }) }),
  'GET /api/analytics/reports/{id}': exportsAll({ object: 'report' }),
  'DELETE /api/analytics/reports/{id}': writes('report', { fresh: true }),
}
