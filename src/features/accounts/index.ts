export { accountRoutes } from './accounts.routes.ts'
export { authenticate } from './authenticate.ts'
export { openAccount } from './open-account.service.ts'
