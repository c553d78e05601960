import { definitionRoutes } from './frame/definitions.routes.ts'
import { trendRoutes } from './trends/index.ts'

/** Every analytic that the API answers: each room adds its own line. */
export const analyticsRoutes = [...definitionRoutes, ...trendRoutes]
