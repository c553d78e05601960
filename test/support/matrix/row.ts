import type { Caller, Params, World } from './callers.ts'
import type { ObjectName } from './objects.ts'

export type Role = 'viewer' | 'editor' | 'owner'
/** Of the object that a request names: ours, somebody else's, nobody's. none: it names none. */
export type Belonging = 'own' | 'foreign' | 'absent' | 'none'

/** What a route asks of its callers, said by hand and apart from the route's own declaration. */
export type Row = {
  least: 'anyone' | Role | 'admin' | 'operator' | 'local operator'
  scope: 'read' | 'write' | 'export' | 'session' | null
  /**
   * active: an object of the active workspace. path: the workspace that the path names, whichever is
   * active. self: the caller's own, whatever they are in a workspace.
   */
  where: 'active' | 'path' | 'self'
  /** What the path (or the body) names. */
  object?: ObjectName
  /** The request changes or ends the object: each caller brings another one. */
  fresh?: true
  /** The request ends what the caller is: a session, an account. */
  endsCaller?: true
  body?: (given: { world: World; caller: Caller; params: Params }) => unknown
  /** What the path names that is nobody's. */
  params?: Params
  query?: string | ((params: Params) => string)
  headers?: Record<string, string>
  /** What a right caller is told where it is not 2xx: by what they sent, not by who they are. */
  says?: number[]
  /** The role that the document names, where it is another one than `least`, and why. */
  documented?: { role: Role; because: string }
}
type More = Partial<Row>

export const anyone = (more: More = {}): Row => ({
  least: 'anyone',
  scope: null,
  where: 'self',
  ...more,
})
export const reads = (object?: ObjectName, more: More = {}): Row => ({
  least: 'viewer',
  scope: 'read',
  where: 'active',
  ...(object && { object }),
  ...more,
})
export const writes = (object?: ObjectName, more: More = {}): Row => ({
  ...reads(object),
  least: 'editor',
  scope: 'write',
  ...more,
})
export const exportsAll = (more: More = {}): Row => ({ ...reads(), scope: 'export', ...more })
/** Rights in the workspace of the path; no API token may. */
export const inPath = (least: Role, object: ObjectName, more: More = {}): Row => ({
  least,
  scope: 'session',
  where: 'path',
  object,
  ...more,
})
/** A person's own account: everybody who is signed in; no API token may. */
export const ownAccount = (more: More = {}): Row => ({
  least: 'viewer',
  scope: 'session',
  where: 'self',
  ...more,
})
export const admins = (object?: ObjectName, more: More = {}): Row => ({
  least: 'admin',
  scope: 'session',
  where: 'self',
  ...(object && { object }),
  ...more,
})
export const operators = (least: 'operator' | 'local operator', more: More = {}): Row => ({
  least,
  scope: null,
  where: 'self',
  ...more,
})
