export { exportRoutes } from './exports.routes.ts'
export { type ExportRequest, exportPosts } from './exports.service.ts'
