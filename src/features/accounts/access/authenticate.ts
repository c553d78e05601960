import { createSecretKey, type KeyObject } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Request, Response } from 'express'
import passport from 'passport'
import { Strategy } from 'passport-jwt'
import type { Config } from '../../../config/config.ts'
import type { Actor } from '../../../core/actor.ts'
import type { Clock } from '../../../core/clock.ts'
import { AppError } from '../../../core/errors.ts'
import { Id } from '../../../http/id.ts'
import { KnownRefusal } from '../../../http/known-refusal.ts'
import { apiTokenHash, isApiToken } from '../api-tokens/api-token.ts'
import { noteApiTokenUse } from '../api-tokens/api-tokens.repository.ts'
import { noteSessionUse } from '../sessions/sessions.repository.ts'
import { findLiveApiToken, findLiveSession, type LiveSession } from './access.queries.ts'
import { looksIssued, readClaims, tokenRules } from './access-token.ts'

type Needs = {
  database: { orm: { em: { fork: () => unknown } } }
  secrets: { jwtSecret: string }
  config: Pick<Config, 'auth'>
  clock: Clock
}

/** One answer for every bad token: what was wrong with it is nobody's business. */
const refusal = () =>
  new AppError('unauthorized', 'This needs a valid access token: sign in at /api/auth/login.')

/** Tells who asks from the bearer token, and only while its session or the token itself lives. */
export const authenticate = (parts: Needs) => {
  // As text it would be tried as a public key first, with each token: a tenth of a millisecond.
  const key = createSecretKey(parts.secrets.jwtSecret, 'utf8')
  return async (request: Request): Promise<Actor> => {
    const token = bearerOf(request)
    if (!token) throw refusal()
    const em = parts.database.orm.em.fork() as EntityManager
    const actor = isApiToken(token)
      ? await byApiToken(parts, em, token, request)
      : await bySession({ ...parts, key }, em, token, request)
    if (!actor) throw refusal()
    return actor
  }
}

/** Nothing else than one header with one token: not the address, a cookie or the body. */
function bearerOf(request: Request): string | null {
  const [header, ...more] = request.headersDistinct.authorization ?? []
  return more.length > 0 ? null : (/^Bearer ([\w.-]{1,8000})$/i.exec(header ?? '')?.[1] ?? null)
}

/** undefined: none is named. null: what is named can be no workspace. */
function namedWorkspace(request: Request): string | null | undefined {
  const given = request.get('x-workspace')
  if (given === undefined) return undefined
  const id = Id.safeParse(given)
  return id.success ? id.data : null
}

async function bySession(
  parts: Needs & { key: KeyObject },
  em: EntityManager,
  token: string,
  request: Request,
): Promise<Actor | null> {
  const now = parts.clock.now()
  const claims = looksIssued(token) ? await verified(parts, token, now) : null
  if (!claims) return null
  const named = namedWorkspace(request)
  const session = await findLiveSession(em, { ...claims, workspaceId: named ?? null, now })
  if (!session) return null
  if (session.unseen) await noteSessionUse(em, session.session_id, now)
  const memberRole = named === null ? null : session.member_role
  const kind = { sessionId: session.session_id, apiToken: null }
  return actorOf({ ...session, member_role: memberRole }, kind)
}

async function byApiToken(
  { clock }: Needs,
  em: EntityManager,
  token: string,
  request: Request,
): Promise<Actor | null> {
  const now = clock.now()
  const hash = apiTokenHash(token)
  const found = hash && (await findLiveApiToken(em, hash, now))
  if (!found) return null
  if (found.unseen) await noteApiTokenUse(em, { id: found.token_id, ip: request.ip ?? null, now })
  const kind = { sessionId: null, apiToken: { id: found.token_id, scopes: found.scopes } }
  const actor = actorOf(found, kind)
  const named = namedWorkspace(request)
  if (named === undefined || named === found.workspace_id) return actor
  const message = 'An API token works in the workspace it was made in, only.'
  throw new KnownRefusal('forbidden', message, actor)
}

function actorOf(
  found: Omit<LiveSession, 'session_id'>,
  kind: Pick<Actor, 'sessionId' | 'apiToken'>,
): Actor {
  const { user_id: userId, email, role, workspace_id: workspaceId, member_role: memberRole } = found
  if (memberRole) return { ...kind, userId, email, role, workspaceId, memberRole }
  // The same for a workspace that is not there and for one of others, whose log it is no news for.
  const person = { userId, apiToken: kind.apiToken, workspaceId: null, memberRole }
  throw new KnownRefusal('not_found', 'Workspace not found', person)
}

type Verifying = { key: KeyObject; config: Needs['config'] }

/** Passport checks the signature, we the rest. null: refused. */
function verified({ key, config }: Verifying, token: string, now: Date) {
  const strategy = new Strategy(
    {
      jwtFromRequest: () => token,
      // Typed as text, though jsonwebtoken takes a KeyObject as well.
      secretOrKeyProvider: (_request, _token, done) => done(null, key as never),
      algorithms: [tokenRules.algorithm],
      issuer: tokenRules.issuer,
      audience: tokenRules.audience,
      jsonWebTokenOptions: {
        clockTimestamp: Math.floor(now.getTime() / 1000),
        ignoreNotBefore: true,
      },
    },
    (payload, done) => {
      const minutes = config.auth.accessTokenMinutes
      done(null, readClaims(token, payload, { now, minutes }) ?? false)
    },
  )
  return throughPassport(strategy)
}

type Claims = NonNullable<ReturnType<typeof readClaims>>

/** Passport's callback as a promise; the strategy was handed the token and reads no request. */
function throughPassport(strategy: Strategy): Promise<Claims | null> {
  return new Promise((resolve, reject) => {
    const done = (error: unknown, claims: Claims | false | null | undefined) =>
      error ? reject(error) : resolve(claims || null)
    const nothing = {} as Request
    passport.authenticate(strategy, { session: false }, done)(nothing, {} as Response, reject)
  })
}
