import { accountRoutes } from './features/accounts/index.ts'
import { healthRoutes } from './features/health/index.ts'
import type { AnyRoute } from './http/route.ts'

/** Everything that the API answers: each feature adds its own line. */
export const routes: readonly AnyRoute[] = [...accountRoutes, ...healthRoutes]
