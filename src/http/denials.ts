import type { EntityManager } from '@mikro-orm/postgresql'
import type { ErrorRequestHandler, Request, Response } from 'express'
import { recordAudit } from '../audit/audit.ts'
import type { Parts } from '../compose.ts'
import type { Authenticate } from './access.ts'
import { originOf } from './origin.ts'
import { problemOf } from './problem.ts'
import type { Actor } from './route.ts'

const actors = new WeakMap<Request, Actor>()

/** Keeps who was proven, so that a refusal later on can say whom it refused. */
export const remembered =
  (authenticate: Authenticate): Authenticate =>
  async (request) => {
    const actor = await authenticate(request)
    actors.set(request, actor)
    return actor
  }

/** Writes every 403 of a known person down, whoever raised it, and lets it pass on. */
export function noteDenials(parts: Parts): ErrorRequestHandler {
  // What tells of somebody who tries one door all day must not fill the log.
  const told = parts.limits.limiter({ name: 'denied', points: 1, durationS: 60, uncounted: true })
  const note = async (request: Request, response: Response, actor: Actor) => {
    const { method } = request
    const route = String(response.locals.route ?? 'none')
    if (!(await told.consume(`${actor.userId} ${method} ${route}`)).allowed) return
    const needs = {
      em: parts.database.orm.em.fork() as EntityManager,
      clock: parts.clock,
      origin: originOf(request, actor),
    }
    await recordAudit(needs, {
      action: 'access.denied',
      workspaceId: actor.workspaceId,
      outcome: 'denied',
      details: { method, route, role: actor.memberRole },
    })
  }
  return (error, request, response, next) => {
    const actor = actors.get(request)
    if (!actor || problemOf(error)?.code !== 'forbidden') {
      next(error)
      return
    }
    note(request, response, actor)
      .catch((err: unknown) => request.log.warn({ err }, 'the audit log was not written'))
      .finally(() => next(error))
  }
}
