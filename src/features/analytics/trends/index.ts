import { forecastRoutes } from './forecast/forecast.routes.ts'
import { trendRoutes as seriesRoutes } from './series/trends.routes.ts'

export const trendRoutes = [...seriesRoutes, ...forecastRoutes]
