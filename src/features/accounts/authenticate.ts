import type { EntityManager } from '@mikro-orm/postgresql'
import type { Request, Response } from 'express'
import passport from 'passport'
import { ExtractJwt, Strategy } from 'passport-jwt'
import { z } from 'zod'
import type { Clock } from '../../core/clock.ts'
import { AppError } from '../../core/errors.ts'
import type { Actor } from '../../http/route.ts'
import { findLiveSession } from './access.queries.ts'
import { tokenRules } from './access-token.ts'
import { noteSessionUse } from './sessions.repository.ts'

type Needs = {
  database: { orm: { em: { fork: () => unknown } } }
  secrets: { jwtSecret: string }
  clock: Clock
}

const databaseId = z.string().regex(/^[1-9]\d{0,17}$/)
const Claims = z.object({ sub: databaseId, sid: databaseId })

/** One answer for every bad token: what was wrong with it is nobody's business. */
const refusal = () =>
  new AppError('unauthorized', 'This needs a valid access token: sign in at /api/auth/login.')

/** Tells who asks from the bearer token, and only while its session lives. */
export const authenticate =
  (parts: Needs) =>
  async (request: Request): Promise<Actor> => {
    const actor = await throughPassport(strategyOf(parts), request)
    if (!actor) throw refusal()
    return actor
  }

function strategyOf({ database, secrets, clock }: Needs): Strategy {
  const now = clock.now()
  const find = async (payload: unknown): Promise<Actor | null> => {
    const claims = Claims.safeParse(payload)
    if (!claims.success) return null
    const { sid: sessionId, sub: userId } = claims.data
    const em = database.orm.em.fork() as EntityManager
    const session = await findLiveSession(em, { sessionId, userId, now })
    if (session?.unseen) await noteSessionUse(em, sessionId, now)
    return session && actorOf(session)
  }
  return new Strategy(
    {
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKey: secrets.jwtSecret,
      algorithms: [tokenRules.algorithm],
      issuer: tokenRules.issuer,
      audience: tokenRules.audience,
      jsonWebTokenOptions: { clockTimestamp: Math.floor(now.getTime() / 1000) },
    },
    (payload, done) => void find(payload).then((actor) => done(null, actor ?? false), done),
  )
}

const actorOf = (session: NonNullable<Awaited<ReturnType<typeof findLiveSession>>>): Actor => ({
  userId: session.user_id,
  email: session.email,
  role: session.role,
  sessionId: session.session_id,
  apiToken: null,
  workspaceId: session.workspace_id,
  memberRole: session.member_role,
})

/** Passport's callback as a promise; false: refused. */
function throughPassport(strategy: Strategy, request: Request): Promise<Actor | null> {
  return new Promise((resolve, reject) => {
    const done = (error: unknown, actor: Actor | false | null | undefined) =>
      error ? reject(error) : resolve(actor || null)
    passport.authenticate(strategy, { session: false }, done)(request, {} as Response, reject)
  })
}
