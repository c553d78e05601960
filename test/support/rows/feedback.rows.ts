import { admins, type Row, reads, writes } from '../matrix/row.ts'

/** What people tell the operators: their own, whatever they are in a workspace. */
const own = { least: 'viewer', where: 'self' } as const
/** A PNG of one pixel. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

export const feedbackRows: Record<string, Row> = {
  'POST /api/feedback': writes(undefined, {
    ...own,
    body: () => ({ type: 'bug', title: 'It is red', description: 'It was green.' }),
  }),
  'GET /api/feedback': reads(undefined, own),
  'GET /api/feedback/{id}': reads('feedback', own),
  'PATCH /api/feedback/{id}': writes('feedback', { ...own, body: () => ({ title: 'Is blue' }) }),
  'DELETE /api/feedback/{id}': writes('feedback', { ...own, fresh: true }),
  'GET /api/feedback/{id}/screenshot': reads('screenshot', own),
  'PUT /api/feedback/{id}/screenshot': writes('feedback', {
    ...own,
    headers: { 'content-type': 'image/png' },
    body: () => picture,
  }),

  'GET /api/admin/feedback': admins(),
  'GET /api/admin/feedback/statistics': admins(),
  'GET /api/admin/feedback/trends': admins(),
  'GET /api/admin/feedback/{id}': admins('feedback'),
  'PATCH /api/admin/feedback/{id}': admins('feedback', { body: () => ({ status: 'reviewing' }) }),
  'POST /api/admin/feedback/{id}/notes': admins('feedback', { body: () => ({ body: 'Seen.' }) }),
  'GET /api/admin/feedback/{id}/screenshot': admins('screenshot'),
}
