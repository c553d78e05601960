import { createHash, timingSafeEqual } from 'node:crypto'
import { isIPv4 } from 'node:net'
import type { Request } from 'express'
import { type Actor, memberRoles } from '../core/actor.ts'
import { AppError } from '../core/errors.ts'
import { type AnyRoute, roleOf, scopeOf } from './route.ts'

/** Proves who asks, or throws `unauthorized`: one answer for every kind of bad token. */
export type Authenticate = (request: Request) => Promise<Actor>

type Doorkeeper = { authenticate: Authenticate; metricsToken: string | null; production: boolean }

/** Lets a request in or throws; null where nobody has to be known. */
export async function admit(
  request: Request,
  route: AnyRoute,
  { authenticate, metricsToken, production }: Doorkeeper,
): Promise<Actor | null> {
  const { access } = route
  if (access === 'public') return null
  if (access === 'local-operator' && !production && isLocal(request)) return null
  if (access === 'operator' || access === 'local-operator') {
    if (holdsToken(request, metricsToken)) return null
    await requireAdmin(request, authenticate)
    return null
  }
  const actor = await (access === 'admin'
    ? requireAdmin(request, authenticate)
    : authenticate(request))
  requireRights(actor, route)
  return actor
}

/** What the person is in the active workspace, and what their API token was made for. */
function requireRights(actor: Actor, route: AnyRoute): void {
  const role = roleOf(route)
  if (memberRoles.indexOf(actor.memberRole) < memberRoles.indexOf(role)) {
    const message = `This needs the role ${role} in this workspace; yours is ${actor.memberRole}.`
    throw new AppError('forbidden', message)
  }
  const scope = scopeOf(route)
  if (!actor.apiToken || (scope !== 'session' && actor.apiToken.scopes.includes(scope))) return
  const message =
    scope === 'session'
      ? 'No API token may do this: sign in.'
      : `This API token was made without the scope '${scope}'.`
  throw new AppError('forbidden', message)
}

/** Signed in: an API token that leaks from some script may not open every account with it. */
async function requireAdmin(request: Request, authenticate: Authenticate): Promise<Actor> {
  const actor = await authenticate(request)
  if (actor.role !== 'admin' || actor.apiToken)
    throw new AppError('forbidden', 'This is for administrators.')
  return actor
}

const digest = (text: string) => createHash('sha256').update(text).digest()

function holdsToken(request: Request, metricsToken: string | null): boolean {
  if (!metricsToken) return false
  const given = /^Bearer (.+)$/i.exec(request.get('authorization') ?? '')?.[1]
  return given !== undefined && timingSafeEqual(digest(given), digest(metricsToken))
}

const isLoopback = (address = '') => {
  const plain = address.replace(/^::ffff:/, '')
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'))
}

const forwarding = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

/**
 * A proxy on this machine speaks for strangers: what it forwards is not local. One that is told to
 * forward and no more says nothing of it, and so nobody is local in production.
 */
function isLocal(request: Request): boolean {
  const forwarded = forwarding.some((name) => request.headers[name] !== undefined)
  const named = ['localhost', '127.0.0.1', '[::1]'].includes(
    (request.headers.host ?? '').replace(/:\d+$/, ''),
  )
  return !forwarded && named && isLoopback(request.socket.remoteAddress)
}
