import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { Context } from '../context.ts'
import type { Actor, MemberRole, Scope } from '../core/actor.ts'

type Shape = z.ZodType
type Inferred<S> = S extends z.ZodType ? z.infer<S> : undefined

/**
 * operator: an admin, or a machine that holds METRICS_TOKEN.
 * local-operator: that, or outside production whoever asks from this very machine, not by a proxy.
 */
export type Access = 'public' | 'user' | 'admin' | 'operator' | 'local-operator'

/**
 * sensitive: a smaller budget of an address, or of who is signed in, on top of the plain one.
 * exempt: for health checks.
 */
export type Limit = 'plain' | 'sensitive' | 'exempt'

/** A body that is a file: sent as it is, of one of these media types. */
export type UploadRule = { types: readonly string[]; maxBytes: number }

type RouteInput<A extends Access, P, Q, B> = {
  ctx: Context
  actor: A extends 'user' | 'admin' ? Actor : null
  params: Inferred<P>
  query: Inferred<Q>
  body: Inferred<B>
  request: Request
}

type RouteBase<A extends Access, P, Q, B> = {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** OpenAPI's form: /api/jobs/{id} */
  path: string
  summary: string
  description?: string
  tag: string
  access: A
  /** The least role in the active workspace. Not said: viewer for GET and admins, else editor. */
  role?: MemberRole
  /** The least role in the workspace that the path names, where that one counts: its service asks. */
  roleInPath?: MemberRole
  /** What an API token needs. Not said: read for GET, else write. session (admins' all): none will do. */
  scope?: Scope | 'session'
  /**
   * Which budget callers draw on. Not said: `sensitive` for what anybody may POST (passwords and codes
   * are tried there), `plain` for all else.
   */
  limit?: Limit
  params?: P
  query?: Q
  body?: B
  upload?: UploadRule
}

export type Route<
  A extends Access = Access,
  P extends Shape | undefined = Shape | undefined,
  Q extends Shape | undefined = Shape | undefined,
  B extends Shape | undefined = Shape | undefined,
  R extends Shape = Shape,
> = RouteBase<A, P, Q, B> & {
  /** 204: the answer has no body, and `response` is z.void(). */
  status: number
  response: R
  handler: (input: RouteInput<A, P, Q, B>) => Promise<z.input<R>>
}

/** A route that writes its own body (an export): it streams and says its media types. */
export type StreamRoute<
  A extends Access = Access,
  P extends Shape | undefined = Shape | undefined,
  Q extends Shape | undefined = Shape | undefined,
> = RouteBase<A, P, Q, undefined> & {
  produces: string[]
  stream: (input: RouteInput<A, P, Q, undefined> & { response: Response }) => Promise<void>
}

/** A route that takes a file. What its bytes really are is for the handler to find out. */
export type UploadRoute<
  A extends Access = Access,
  P extends Shape | undefined = Shape | undefined,
  R extends Shape = Shape,
> = RouteBase<A, P, undefined, undefined> & {
  upload: UploadRule
  status: number
  response: R
  handler: (
    input: RouteInput<A, P, undefined, undefined> & { upload: Buffer },
  ) => Promise<z.input<R>>
}

export type AnyRoute =
  | (Omit<Route, 'handler'> & { handler: (input: never) => Promise<unknown> })
  | (Omit<StreamRoute, 'stream'> & { stream: (input: never) => Promise<void> })

type Rights = Pick<AnyRoute, 'role' | 'scope' | 'access' | 'method'>

/** What administrators are in some workspace does not count, and no API token has their rights. */
export const roleOf = ({ role, access, method }: Rights): MemberRole =>
  role ?? (access === 'admin' || method === 'get' ? 'viewer' : 'editor')
export const scopeOf = ({ scope, access, method }: Rights): Scope | 'session' =>
  access === 'admin' ? 'session' : (scope ?? (method === 'get' ? 'read' : 'write'))

export const limitOf = ({
  limit,
  access,
  method,
}: Pick<AnyRoute, 'limit' | 'access' | 'method'>): Limit =>
  limit ?? (access === 'public' && method !== 'get' ? 'sensitive' : 'plain')

/** A route is a value: the router mounts it, the OpenAPI document lists it. */
export const route = <
  A extends Access,
  R extends Shape,
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends Shape | undefined = undefined,
>(
  definition: Route<A, P, Q, B, R>,
): AnyRoute => definition as unknown as AnyRoute

export const streamRoute = <
  A extends Access,
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
>(
  definition: StreamRoute<A, P, Q>,
): AnyRoute => definition as unknown as AnyRoute

export const uploadRoute = <
  A extends Access,
  R extends Shape,
  P extends Shape | undefined = undefined,
>(
  definition: UploadRoute<A, P, R>,
): AnyRoute => definition as unknown as AnyRoute
