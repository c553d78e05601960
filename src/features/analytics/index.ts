import { authorRoutes } from './authors/authors.routes.ts'
import { categoryRoutes } from './categories/categories.routes.ts'
import { engagementRoutes } from './engagement/index.ts'
import { definitionRoutes } from './frame/definitions.routes.ts'
import { sentimentAnalyticsRoutes } from './sentiment/index.ts'
import { trendRoutes } from './trends/index.ts'

/** Every analytic that the API answers: each room adds its own line. */
export const analyticsRoutes = [
  ...definitionRoutes,
  ...authorRoutes,
  ...categoryRoutes,
  ...engagementRoutes,
  ...sentimentAnalyticsRoutes,
  ...trendRoutes,
]
