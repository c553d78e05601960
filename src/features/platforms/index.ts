export { platformRoutes } from './platforms.routes.ts'
