import { comparisonRoutes } from './comparison.routes.ts'
import { overviewRoutes } from './engagement.routes.ts'
import { topRoutes } from './top.routes.ts'

export { EngagementView } from './engagement.schemas.ts'
export { summarizeEngagement } from './engagement.service.ts'
export { TopView } from './top.schemas.ts'
export { findTop } from './top.service.ts'

export const engagementRoutes = [...overviewRoutes, ...topRoutes, ...comparisonRoutes]
