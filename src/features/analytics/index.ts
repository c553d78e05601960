import { authorRoutes } from './authors/authors.routes.ts'
import { categoryRoutes } from './categories/categories.routes.ts'
import { commentRoutes } from './comments/index.ts'
import { engagementRoutes } from './engagement/index.ts'
import { experimentRoutes } from './experiments/experiments.routes.ts'
import { definitionRoutes } from './frame/definitions.routes.ts'
import { postingTimeRoutes } from './posting-times/posting-times.routes.ts'
import { reportRoutes } from './reports/index.ts'
import { sentimentAnalyticsRoutes } from './sentiment/index.ts'
import { trendRoutes } from './trends/index.ts'

export type { TopUsers } from './authors/top-users.schemas.ts'
export { topUsers } from './authors/top-users.service.ts'
export {
  analyzeDepths,
  ChainQuery,
  type DepthAnalysis,
  DepthQuery,
  findViralChains,
  type ViralChains,
} from './comments/index.ts'
export { allTimeFields, allTimeFrameOf, frameFields, frameOf } from './frame/answer.ts'
export { cached } from './frame/cached.ts'
export { definitionsOf } from './frame/definitions.ts'
export { zoneField } from './frame/scope.ts'
export { createWarmer } from './frame/warm-answers.ts'
export { timesOf as postingTimesOf } from './posting-times/posting-times.service.ts'
export {
  buildReport as reportOf,
  ReportRequest,
  type ReportView as Report,
} from './reports/index.ts'

/** Every analytic that the API answers: each room adds its own line. */
export const analyticsRoutes = [
  ...definitionRoutes,
  ...authorRoutes,
  ...categoryRoutes,
  ...commentRoutes,
  ...engagementRoutes,
  ...reportRoutes,
  ...sentimentAnalyticsRoutes,
  ...trendRoutes,
  ...postingTimeRoutes,
  ...experimentRoutes,
]
