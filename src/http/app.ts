import express, { type Express } from 'express'
import type { Parts } from '../compose.ts'
import { ConfigError } from '../config/config.ts'
import { type ErrorReports, noReports } from '../telemetry/sentry.ts'
import type { Authenticate } from './access.ts'
import { accountPages } from './account-pages/account-pages.ts'
import { noteDenials, remembered } from './denials.ts'
import { documentation } from './documentation.ts'
import { errorHandler } from './error-handler.ts'
import { measure } from './measure.ts'
import { createRateLimits } from './rate-limit.ts'
import { requestId } from './request-id.ts'
import { requestLog } from './request-log.ts'
import type { AnyRoute } from './route.ts'
import { mountRoutes } from './router.ts'
import { crossOrigin, securityHeaders } from './security.ts'
import { unmatched } from './unmatched.ts'

/** The API over these routes. It knows no feature: who may enter is asked of `authenticate`. */
export function createApp(
  parts: Parts,
  routes: readonly AnyRoute[],
  authenticate: Authenticate,
  reports: ErrorReports = noReports,
): Express {
  const { http } = parts.config
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  // No nested objects out of a query, and forwarded addresses only from proxies that are named.
  app.set('query parser', 'simple')
  trustProxies(app, http.trustProxy)

  app.use(requestId, requestLog(parts.log), measure(parts.metrics))
  app.use(securityHeaders(), crossOrigin(http.corsOrigins))
  app.use('/api', (_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    next()
  })
  const limits = createRateLimits(parts)
  app.use(mountRoutes(parts, routes, remembered(authenticate), limits))
  app.use((request, _response, next) => void limits.admitAddress(request).then(() => next(), next))
  app.use(accountPages(http))
  if (http.publicDocs) app.use(documentation(routes))
  app.use(unmatched(routes))
  app.use(noteDenials(parts))
  app.use(errorHandler(reports))
  return app
}

function trustProxies(app: Express, addresses: string[]): void {
  try {
    app.set('trust proxy', addresses)
  } catch (cause) {
    const message = `TRUST_PROXY lists addresses or networks, like 10.0.0.0/8: ${addresses.join(', ')}`
    throw new ConfigError(message, { cause })
  }
}
