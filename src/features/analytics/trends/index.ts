import { anomalyRoutes } from './anomalies/anomalies.routes.ts'
import { followerRoutes } from './followers/followers.routes.ts'
import { forecastRoutes } from './forecast/forecast.routes.ts'
import { trendRoutes as seriesRoutes } from './series/trends.routes.ts'

export { trendsOf } from './series/trends.routes.ts'
export { Trends } from './series/trends.schemas.ts'

export const trendRoutes = [...seriesRoutes, ...forecastRoutes, ...anomalyRoutes, ...followerRoutes]
