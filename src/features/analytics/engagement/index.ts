import { comparisonRoutes } from './comparison.routes.ts'
import { overviewRoutes } from './engagement.routes.ts'
import { topRoutes } from './top.routes.ts'

export const engagementRoutes = [...overviewRoutes, ...topRoutes, ...comparisonRoutes]
