import { accountRoutes } from './features/accounts/index.ts'
import { administrationRoutes } from './features/administration/index.ts'
import { analyticsRoutes } from './features/analytics/index.ts'
import { auditRoutes } from './features/audit/index.ts'
import { coverageRoutes } from './features/coverage/index.ts'
import { credentialRoutes } from './features/credentials/index.ts'
import { exportRoutes } from './features/exports/index.ts'
import { farewellRoutes } from './features/farewell/index.ts'
import { feedbackRoutes } from './features/feedback/index.ts'
import { hashtagRoutes } from './features/hashtags/index.ts'
import { healthRoutes } from './features/health/index.ts'
import { monitoringRoutes } from './features/monitoring/index.ts'
import { overviewRoutes } from './features/overview/index.ts'
import { platformRoutes } from './features/platforms/index.ts'
import { postRoutes, streamRoutes } from './features/posts/index.ts'
import { sourceRoutes } from './features/sources/index.ts'
import { workspaceRoutes } from './features/workspaces/index.ts'
import type { AnyRoute } from './http/route.ts'

/** Everything that the API answers: each feature adds its own line. */
export const routes: readonly AnyRoute[] = [
  ...accountRoutes,
  ...administrationRoutes,
  ...auditRoutes,
  ...healthRoutes,
  ...workspaceRoutes,
  ...credentialRoutes,
  ...platformRoutes,
  ...sourceRoutes,
  ...monitoringRoutes,
  ...overviewRoutes,
  ...postRoutes,
  ...streamRoutes,
  ...coverageRoutes,
  ...analyticsRoutes,
  ...hashtagRoutes,
  ...exportRoutes,
  ...feedbackRoutes,
  ...farewellRoutes,
]
