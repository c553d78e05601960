import type { RequestHandler } from 'express'
import { HttpProblem } from './problem.ts'

const longestUrl = 8 * 1024
export const mostHeaders = 100

/** Refuses what no honest client sends, before anything looks at it. */
export const keepProportions: RequestHandler = (request, _response, next) => {
  if (request.url.length > longestUrl) {
    const detail = `An address may have at most ${longestUrl} characters.`
    next(new HttpProblem({ status: 414, code: 'uri_too_long', detail }))
  } else if (request.rawHeaders.length > 2 * mostHeaders) {
    const detail = `A request may have at most ${mostHeaders} headers.`
    next(new HttpProblem({ status: 431, code: 'headers_too_large', detail }))
  } else next()
}
