import cors from 'cors'
import type { RequestHandler } from 'express'
import helmet from 'helmet'

/** What a page of ours could ask a browser for, and never does. */
const permissions = ['camera', 'geolocation', 'microphone', 'payment', 'usb']
  .map((feature) => `${feature}=()`)
  .join(', ')

/** For everything but the pages of /docs and /redoc, which name what they need on top. */
export function securityHeaders(): RequestHandler {
  const set = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: true },
    referrerPolicy: { policy: 'no-referrer' },
  })
  return (request, response, next) => {
    response.setHeader('Permissions-Policy', permissions)
    set(request, response, next)
  }
}

/** Browsers of other origins: those of CORS_ORIGINS alone, with credentials; never '*'. */
export function crossOrigin(origins: readonly string[]): RequestHandler {
  const allow = cors({
    origin: [...origins],
    credentials: true,
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'authorization',
      'content-type',
      'x-request-id',
      'x-workspace',
      'idempotency-key',
    ],
    exposedHeaders: [
      'x-request-id',
      'retry-after',
      'content-disposition',
      'x-coverage',
      'ratelimit',
      'ratelimit-limit',
      'ratelimit-remaining',
      'ratelimit-reset',
      'ratelimit-policy',
    ],
    maxAge: 600,
  })
  return (request, response, next) => {
    const preflight = request.headers['access-control-request-method'] !== undefined
    if (request.method === 'OPTIONS' && !preflight) next()
    else allow(request, response, next)
  }
}
