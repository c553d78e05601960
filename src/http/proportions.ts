import type { RequestHandler } from 'express'
import { HttpProblem } from './problem.ts'

/** Of headers, the server refuses more by itself. */
export const mostHeaders = 100
const longestUrl = 8 * 1024

/** Refuses what no honest client sends, before anything looks at it. */
export const keepProportions: RequestHandler = (request, _response, next) => {
  if (request.url.length > longestUrl) {
    const detail = `An address may have at most ${longestUrl} characters.`
    next(new HttpProblem({ status: 414, code: 'uri_too_long', detail }))
  } else if (request.headers.host === undefined && request.httpVersion !== '1.0') {
    const detail = 'The request names no host.'
    next(new HttpProblem({ status: 400, code: 'invalid_input', detail }))
  } else next()
}
