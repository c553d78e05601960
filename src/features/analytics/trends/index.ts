import { trendRoutes as seriesRoutes } from './series/trends.routes.ts'

export const trendRoutes = [...seriesRoutes]
