import { type Request, type RequestHandler, type Response, Router } from 'express'
import { contextOf, type Parts } from '../compose.ts'
import type { Context } from '../context.ts'
import type { Actor } from '../core/actor.ts'
import { forWorkspace } from '../database/database.ts'
import { type Authenticate, admit } from './access.ts'
import { readBody } from './body.ts'
import { originOf } from './origin.ts'
import { byPrecision, expressPath } from './path.ts'
import type { RateLimits } from './rate-limit.ts'
import type { AnyRoute } from './route.ts'
import { readUpload } from './upload.ts'
import { validator } from './validate.ts'

/** Mounts the routes: the one place where a request becomes a handler's input. */
export function mountRoutes(
  parts: Parts,
  routes: readonly AnyRoute[],
  authenticate: Authenticate,
  limits: RateLimits,
) {
  const router = Router()
  for (const route of routes.toSorted(byPrecision)) {
    router[route.method](expressPath(route.path), handlerOf(parts, route, authenticate, limits))
  }
  return router
}

function handlerOf(
  parts: Parts,
  route: AnyRoute,
  authenticate: Authenticate,
  limits: RateLimits,
): RequestHandler {
  const params = validator('params', route.params)
  const query = validator('query', route.query)
  const body = validator('body', route.body)
  const doorkeeper = {
    authenticate: limits.counted(authenticate, route),
    metricsToken: parts.config.http.metricsToken,
    production: parts.config.production,
  }
  return async (request, response) => {
    response.locals.route = route.path
    const signal = signalOf(response)
    // Who asks, and how often, comes first: nobody unknown makes us read 10 MB.
    if (route.access === 'public') await limits.admitAddress(request, route)
    const actor = await admit(request, route, doorkeeper)
    response.locals.userId = actor?.userId
    const input = {
      ctx: contextFor(parts, request, actor, signal),
      actor,
      request,
      params: params({ ...request.params }),
      query: query({ ...request.query }),
      body: route.body && body(await readBody(request, response)),
      upload: route.upload && (await readUpload(request, route.upload)),
    }
    await answer(route, input, response)
  }
}

function contextFor(
  parts: Parts,
  request: Request,
  actor: Actor | null,
  signal: AbortSignal,
): Context {
  const ctx = contextOf(parts, signal, originOf(request, actor))
  const log = actor ? request.log.child({ userId: actor.userId }) : request.log
  const em = actor ? forWorkspace(ctx.em, actor.workspaceId) : ctx.em
  return { ...ctx, em, log }
}

async function answer(route: AnyRoute, input: object, response: Response): Promise<void> {
  if ('stream' in route) {
    await route.stream({ ...input, response } as never)
    return
  }
  const given = await route.handler(input as never)
  response.status(route.status)
  if (route.status === 204) {
    response.end()
    return
  }
  // The schema is the allow-list: what it does not name stays inside.
  response.json(route.response.parse(given))
}

/** Aborts when the client is gone before it had its answer. */
function signalOf(response: Response): AbortSignal {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort(new Error('The client has gone away.'))
  })
  return gone.signal
}
