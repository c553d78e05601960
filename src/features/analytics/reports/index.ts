export { ReportRequest, type ReportView } from './report.schemas.ts'
export { buildReport } from './report.service.ts'
export { reportRoutes } from './reports.routes.ts'
