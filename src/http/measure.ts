import type { RequestHandler } from 'express'
import type { Metrics } from '../telemetry/metrics.ts'

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
/** nginx's word for a client that left before its answer. */
const clientGone = 499

/** Counts each request under its route's template, so that series stay as few as the routes. */
export const measure =
  (metrics: Metrics): RequestHandler =>
  (request, response, next) => {
    const started = performance.now()
    response.once('close', () => {
      metrics.httpRequest({
        method: methods.has(request.method) ? request.method : 'OTHER',
        route: response.locals.route ?? 'none',
        status: response.writableFinished ? response.statusCode : clientGone,
        seconds: (performance.now() - started) / 1000,
      })
    })
    next()
  }
