import { admins, anyone, operators, type Row, reads } from '../matrix/row.ts'

/** What is asked for from afar: for whoever asks from this very machine there are health.test's. */
const afar = { headers: { 'x-forwarded-for': '203.0.113.9' } }

export const operationsRows: Record<string, Row> = {
  'GET /': anyone(),
  'GET /health': anyone(),
  'GET /health/live': anyone(),
  'GET /health/ready': anyone(),
  'GET /health/detailed': operators('operator'),
  'GET /api/audit': reads(),
  'GET /api/admin/audit': admins(),
  'GET /metrics': operators('local operator', afar),
}
