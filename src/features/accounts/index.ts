export { accountRoutes } from './accounts.routes.ts'
export { Credentials } from './accounts.schemas.ts'
export { createUser } from './accounts.service.ts'
export { authenticate } from './authenticate.ts'
