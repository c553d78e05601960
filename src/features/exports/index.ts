export { exportRoutes } from './exports.routes.ts'
export { type Copies, type ExportRequest, exportPosts, withCopies } from './exports.service.ts'
