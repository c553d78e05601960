import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Request, RequestHandler, Response } from 'express'
import { pinoHttp } from 'pino-http'
import type { Logger } from '../core/logger.ts'
import { plainError } from '../core/plain-error.ts'

/** Asked for every few seconds by machines: worth a line only while debugging. */
const chatty = new Set(['/health/live', '/health/ready', '/metrics'])

const nothing = () => undefined

/** Never the query: it may hold what a person typed. */
const pathOf = (request: IncomingMessage) => (request as Request).originalUrl.split('?')[0] ?? ''

const levelOf = (request: IncomingMessage, response: ServerResponse) => {
  if (response.statusCode >= 500) return 'error'
  if (response.statusCode >= 400) return 'warn'
  return chatty.has(pathOf(request)) ? 'debug' : 'info'
}

/** One line a request: id, person, address, path, status, time. Neither bodies nor headers. */
export const requestLog = (log: Logger): RequestHandler => {
  const line = (request: IncomingMessage, response: ServerResponse, times: object) => ({
    ...times,
    userId: (response as Response).locals.userId ?? null,
    ip: (request as Request).ip ?? null,
    method: request.method,
    path: pathOf(request),
    status: response.statusCode,
  })
  const say = (request: IncomingMessage, response: ServerResponse) =>
    `${request.method} ${pathOf(request)} ${response.statusCode}`
  return pinoHttp({
    logger: log,
    genReqId: (request) => request.id,
    // pino-http's own would copy headers, and errors with all that drivers hang on them.
    serializers: { req: nothing, res: nothing, err: (error: unknown) => plainError(error) },
    wrapSerializers: false,
    quietReqLogger: true,
    quietResLogger: true,
    customAttributeKeys: { reqId: 'requestId', responseTime: 'ms' },
    customLogLevel: levelOf,
    customSuccessMessage: say,
    customErrorMessage: say,
    customSuccessObject: (request, response, { ms }) => line(request, response, { ms }),
    customErrorObject: (request, response, _error, { ms }) => line(request, response, { ms }),
  })
}
