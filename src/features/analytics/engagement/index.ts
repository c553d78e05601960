import { overviewRoutes } from './engagement.routes.ts'

export const engagementRoutes = [...overviewRoutes]
