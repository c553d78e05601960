import type { ErrorRequestHandler } from 'express'
import type { ErrorReports } from '../telemetry/sentry.ts'
import { internalProblem, problemDocument, problemOf } from './problem.ts'

/** Every failure leaves here: expected ones in words, bugs under their request's id alone. */
export const errorHandler =
  (reports: ErrorReports): ErrorRequestHandler =>
  (error, request, response, _next) => {
    const problem = problemOf(error) ?? internalProblem
    const { route, userId } = response.locals
    if (problem.code === 'internal') {
      request.log.error({ err: error }, 'unexpected failure')
      reports.report(error, { requestId: String(request.id), userId, route })
    } else if (problem.status >= 500) {
      request.log.warn({ err: error }, problem.detail)
    }
    // The head is out, so the only honest end is a broken one: nobody takes half for the whole.
    if (response.headersSent) {
      response.destroy()
      return
    }
    if (problem.retryAfterS) response.setHeader('Retry-After', String(problem.retryAfterS))
    if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer')
    const instance = request.originalUrl.split('?')[0] ?? ''
    response
      .status(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify(problemDocument(problem, instance, String(request.id))))
  }
