import { exportsAll, type Row, reads, writes } from '../matrix/row.ts'

const credentials = { clientId: 'matrix', clientSecret: 'matrix-secret' }
let serial = 0

/**
 * What a workspace watches and collects. Credential profiles are the editors' too, deletion included:
 * who adds sources every day is who sees a key expire, nothing of a key can be read back, and what an
 * owner alone decides is who the editors are.
 */
export const collectionRows: Record<string, Row> = {
  'GET /api/profiles': reads(),
  'POST /api/profiles': writes(undefined, {
    body: () => ({ platform: 'twitch', name: `mine ${++serial}`, credentials }),
  }),
  'GET /api/profiles/{id}': reads('profile'),
  'PATCH /api/profiles/{id}': writes('profile', { body: () => ({ name: `new ${++serial}` }) }),
  'DELETE /api/profiles/{id}': writes('profile', { fresh: true }),
  'POST /api/profiles/{id}/verify': writes('profile'),
  'POST /api/profiles/{id}/enable': writes('profile'),
  'GET /api/profiles/{id}/budget': reads('profile'),

  'GET /api/platforms': reads(),
  'GET /api/platforms/{platform}': reads(undefined, { params: { platform: 'twitch' } }),

  'GET /api/sources': reads(),
  'POST /api/sources': writes('profile', {
    body: ({ params }) => ({ profileId: params.id, handles: ['somebody'] }),
    // No platform is there.
    says: [503],
  }),
  'GET /api/sources/{id}': reads('source'),
  'GET /api/sources/{id}/samples': reads('source'),
  'PATCH /api/sources/{id}': writes('source', { body: () => ({ collectsComments: false }) }),
  'DELETE /api/sources/{id}': writes('source', { fresh: true }),

  'GET /api/jobs': reads(),
  'POST /api/jobs': writes('source', {
    fresh: true,
    body: ({ params }) => ({ sourceId: params.id }),
  }),
  'GET /api/jobs/{id}': reads('job'),
  'PATCH /api/jobs/{id}': writes('job', { body: () => ({ intervalMinutes: 60 }) }),
  'POST /api/jobs/{id}/pause': writes('job'),
  'POST /api/jobs/{id}/resume': writes('job'),
  'POST /api/jobs/{id}/run': writes('job'),
  'DELETE /api/jobs/{id}': writes('job', { fresh: true }),
  'GET /api/jobs/{id}/executions': reads('job'),

  'GET /api/overview': reads(),
  'GET /api/posts': reads(),
  'GET /api/twitter/tweets': reads(),
  'GET /api/youtube/videos': reads(),
  'GET /api/reddit/posts': reads(),
  'GET /api/posts/{id}': reads('post'),
  'PATCH /api/posts/{id}': writes('post', { body: () => ({ promoted: true }) }),
  'GET /api/posts/{id}/samples': reads('post'),
  'GET /api/twitch/streams': reads(),
  'GET /api/coverage': reads(),
  'GET /api/export/posts.csv': exportsAll(),
  'GET /api/export/posts.json': exportsAll(),
  'GET /api/export/posts.ndjson': exportsAll(),
}
