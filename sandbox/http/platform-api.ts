import type { FaultKind } from '../control/faults.store.ts'
import type { PlatformId } from '../world/world.ts'
import type { Answer } from './answer.ts'
import type { SandboxRequest } from './request.ts'

export type Route = {
  method: 'GET' | 'POST'
  path: RegExp
  /** Endpoints of one name share a rate limit where the platform limits by endpoint. */
  name: string
  /** Token endpoints: they check their own credentials and count against no limit. */
  open?: boolean
  handle: (request: SandboxRequest) => Answer | Promise<Answer>
}

/** `refusal` when the budget is spent; `headers` go on every answer. */
type LimitState = { headers: Record<string, string>; refusal: Answer | null }

/** The faults that are answers; the others happen to an answer or to its connection. */
export type ErrorKind = Exclude<
  FaultKind,
  'slow' | 'hang' | 'truncated' | 'changed_shape' | 'reset'
>

export type PlatformApi = {
  id: PlatformId
  /** Whose path this is, known routes or not. */
  owns: (path: string) => boolean
  routes: readonly Route[]
  /** Best guess at who calls, for the log and for faults; it need not be valid. */
  credentialOf: (request: SandboxRequest) => string | null
  /** null: may pass. */
  refuse: (request: SandboxRequest) => Answer | null
  /** Counts one call. */
  count: (credential: string, route: Route) => LimitState
  errorAnswer: (kind: ErrorKind, retryAfterS: number) => Answer
  unknownRoute: () => Answer
}

export function matchRoute(api: PlatformApi, request: SandboxRequest): Route | null {
  for (const route of api.routes) {
    const match = route.method === request.method ? route.path.exec(request.path) : null
    if (match) {
      request.params = { ...match.groups }
      return route
    }
  }
  return null
}
