import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'

/** What a proxy or a client may hand in: it goes into logs, so nothing but plain characters. */
const sane = /^[A-Za-z0-9][A-Za-z0-9._-]{7,127}$/

/** Gives each request its id, kept by pino-http as `request.id`, and says it in the answer. */
export const requestId: RequestHandler = (request, response, next) => {
  const given = request.get('x-request-id')
  request.id = given && sane.test(given) ? given : randomUUID()
  response.setHeader('X-Request-Id', request.id)
  next()
}
