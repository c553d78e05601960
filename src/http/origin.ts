import type { Request } from 'express'
import type { Actor } from '../core/actor.ts'
import type { Origin } from '../core/origin.ts'

type Asking = Pick<Actor, 'userId' | 'apiToken'>

const kindOf = (actor: Asking | null): Origin['kind'] => {
  if (!actor) return 'anonymous'
  return actor.apiToken ? 'token' : 'user'
}

/** Who a request is done for, as the audit log says it. */
export const originOf = (request: Request, actor: Asking | null): Origin => ({
  kind: kindOf(actor),
  userId: actor?.userId ?? null,
  name: null,
  requestId: String(request.id),
  ip: request.ip ?? null,
  userAgent: request.get('user-agent')?.slice(0, 300) ?? null,
})
