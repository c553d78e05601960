import { agreementRoutes } from './agreement/agreement.routes.ts'
import { extremesRoutes } from './extremes/extremes.routes.ts'
import { labelRoutes } from './labels/labels.routes.ts'
import { sharesRoutes } from './shares/shares.routes.ts'

export { Extremes } from './extremes/extremes.schemas.ts'
export { sentimentExtremes } from './extremes/extremes.service.ts'
export { SentimentShares } from './shares/shares.schemas.ts'
export { sentimentShares } from './shares/shares.service.ts'

export const sentimentAnalyticsRoutes = [
  ...sharesRoutes,
  ...extremesRoutes,
  ...labelRoutes,
  ...agreementRoutes,
]
