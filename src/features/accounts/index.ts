export { accountRoutes } from './accounts.routes.ts'
export { authenticate } from './authenticate.ts'
