import type { EntityManager } from '@mikro-orm/postgresql'
import type { ErrorRequestHandler, Request, Response } from 'express'
import { recordAudit } from '../audit/audit.ts'
import type { Parts } from '../compose.ts'
import type { Authenticate } from './access.ts'
import { type KnownPerson, KnownRefusal } from './known-refusal.ts'
import { originOf } from './origin.ts'
import { problemOf } from './problem.ts'

const people = new WeakMap<Request, KnownPerson>()

/** Keeps who was proven, so that a refusal later on can say whom it refused. */
export const remembered =
  (authenticate: Authenticate): Authenticate =>
  async (request) => {
    const actor = await authenticate(request).catch((error: unknown) => {
      if (error instanceof KnownRefusal) people.set(request, error.person)
      throw error
    })
    people.set(request, actor)
    return actor
  }

/**
 * Writes every 403 of a known person down, whoever raised it, and what was refused to them at the
 * door; and lets it pass on.
 */
export function noteDenials(parts: Parts): ErrorRequestHandler {
  // What tells of somebody who tries one door all day must not fill the log.
  const told = parts.limits.limiter({ name: 'denied', points: 1, durationS: 60, uncounted: true })
  const note = async (request: Request, response: Response, person: KnownPerson) => {
    const { method } = request
    const route = String(response.locals.route ?? 'none')
    if (!(await told.consume(`${person.userId} ${method} ${route}`)).allowed) return
    const needs = {
      em: parts.database.orm.em.fork() as EntityManager,
      clock: parts.clock,
      origin: originOf(request, person),
    }
    await recordAudit(needs, {
      action: 'access.denied',
      workspaceId: person.workspaceId,
      outcome: 'denied',
      details: { method, route, role: person.memberRole },
    })
  }
  return (error, request, response, next) => {
    const person = people.get(request)
    const denied = error instanceof KnownRefusal || problemOf(error)?.code === 'forbidden'
    if (!person || !denied) {
      next(error)
      return
    }
    note(request, response, person)
      .catch((err: unknown) => request.log.warn({ err }, 'the audit log was not written'))
      .finally(() => next(error))
  }
}
