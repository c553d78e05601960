import { password } from '../app.ts'
import { admins, anyone, operators, type Row, reads } from '../matrix/row.ts'

/** What is asked for from afar: for whoever asks from this very machine there are health.test's. */
const afar = { headers: { 'x-forwarded-for': '203.0.113.9' } }

const currentPassword = password

export const operationsRows: Record<string, Row> = {
  'GET /': anyone(),
  'GET /health': anyone(),
  'GET /health/live': anyone(),
  'GET /health/ready': anyone(),
  'GET /health/detailed': operators('operator'),
  'GET /api/audit': reads(),
  'GET /api/admin/audit': admins(),
  'GET /api/admin/overview': admins(),
  'GET /api/admin/users': admins(),
  'GET /api/admin/users/{id}': admins('user'),
  'POST /api/admin/users/{id}/disable': admins('user', { body: () => ({ reason: 'Spam' }) }),
  'POST /api/admin/users/{id}/enable': admins('user'),
  'PUT /api/admin/users/{id}/role': admins('user', {
    body: () => ({ role: 'user', currentPassword }),
  }),
  'GET /metrics': operators('local operator', afar),
}
