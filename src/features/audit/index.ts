export { type AuditRow, findAllAudit } from './audit.queries.ts'
export { auditRoutes } from './audit.routes.ts'
export { AdminAuditFilter } from './audit.schemas.ts'
