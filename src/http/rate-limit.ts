import type { EntityManager } from '@mikro-orm/postgresql'
import type { Request, Response } from 'express'
import { recordAudit } from '../audit/audit.ts'
import type { Parts } from '../compose.ts'
import { AppError } from '../core/errors.ts'
import { addressKey } from '../limits/address.ts'
import type { Limiter, Standing } from '../limits/limits.ts'
import type { Authenticate } from './access.ts'
import { type KnownPerson, KnownRefusal } from './known-refusal.ts'
import { originOf } from './origin.ts'
import { type AnyRoute, limitOf } from './route.ts'

/**
 * Of what an address may ask, the share that may go to doors where passwords and codes are tried. A
 * person who is signed in has as much there for themselves.
 */
const sensitiveShare = 0.3

export type RateLimits = {
  /** In front of what anybody may ask for; throws `rate_limited`. */
  admitAddress: (request: Request, route?: AnyRoute) => Promise<void>
  /** Counts people by their id, also those who are refused, and whoever is nobody by address. */
  counted: (authenticate: Authenticate, route: AnyRoute) => Authenticate
}

type Taken = { limiter: Limiter; standing: Standing }

/** The limits in front of every route: what is refused here was neither read nor hashed. */
export function createRateLimits(parts: Parts): RateLimits {
  const { windowS: durationS, anonymous, user } = parts.config.rateLimits
  const limiterOf = (name: string, points: number) =>
    parts.limits.limiter({ name, points, durationS })
  const byAddress = limiterOf('address', anonymous)
  const bySensitive = limiterOf('sensitive', Math.ceil(anonymous * sensitiveShare))
  const byUser = limiterOf('user', user)
  const told = parts.limits.limiter({ name: 'told', points: 1, durationS, uncounted: true })

  const take = async (request: Request, person: KnownPerson | null, limiters: Limiter[]) => {
    const key = person ? person.userId : addressKey(request.ip)
    const taken = await Promise.all(
      limiters.map(async (limiter) => ({ limiter, standing: await limiter.consume(key) })),
    )
    if (request.res) sayStanding(request.res, taken)
    const over = taken.find(({ standing }) => !standing.allowed)
    if (!over) return
    await recordOnce(parts, told, request, { ...over, key, person })
    throw refusal(over)
  }

  return {
    admitAddress: async (request, route) => {
      const kind = route ? limitOf(route) : 'plain'
      if (kind === 'exempt') return
      await take(request, null, kind === 'sensitive' ? [byAddress, bySensitive] : [byAddress])
    },
    counted: (authenticate, route) => {
      const ofPerson = limitOf(route) === 'sensitive' ? [byUser, bySensitive] : [byUser]
      return async (request) => {
        const actor = await authenticate(request).catch(async (error: unknown) => {
          if (error instanceof KnownRefusal) await take(request, error.person, ofPerson)
          else if (error instanceof AppError) await take(request, null, [byAddress])
          throw error
        })
        await take(request, actor, ofPerson)
        return actor
      }
    },
  }
}

const seconds = (ms: number) => Math.max(1, Math.ceil(ms / 1_000))

function refusal({ limiter, standing }: Taken): AppError {
  const { points, durationS } = limiter.rule
  const retryAfterS = seconds(standing.resetMs)
  const message = `Too many requests: ${points} are allowed in ${durationS / 60} minutes. Try again in ${retryAfterS} s.`
  return new AppError('rate_limited', message, { retryAfterS })
}

/**
 * RateLimit and RateLimit-Policy as draft-ietf-httpapi-ratelimit-headers writes them, and for
 * clients of its early forms the three plain numbers of the limit that is nearest.
 */
function sayStanding(response: Response, taken: Taken[]): void {
  const policies = taken.map(
    ({ limiter: { rule } }) => `"${rule.name}";q=${rule.points};w=${rule.durationS}`,
  )
  const standings = taken.map(
    ({ limiter, standing }) =>
      `"${limiter.rule.name}";r=${standing.remaining};t=${seconds(standing.resetMs)}`,
  )
  response.setHeader('RateLimit-Policy', policies.join(', '))
  response.setHeader('RateLimit', standings.join(', '))
  const [nearest] = taken.toSorted((a, b) => a.standing.remaining - b.standing.remaining)
  if (!nearest) return
  response.setHeader('RateLimit-Limit', String(nearest.standing.limit))
  response.setHeader('RateLimit-Remaining', String(nearest.standing.remaining))
  response.setHeader('RateLimit-Reset', String(seconds(nearest.standing.resetMs)))
}

type Exceeded = Taken & { key: string; person: KnownPerson | null }

/** One audit row a window and key: what tells of a flood must not become one. */
async function recordOnce(parts: Parts, told: Limiter, request: Request, over: Exceeded) {
  const { limiter, key, person } = over
  const { name, points, durationS } = limiter.rule
  if (!(await told.consume(`${name} ${key}`)).allowed) return
  const needs = {
    em: parts.database.orm.em.fork() as EntityManager,
    clock: parts.clock,
    origin: originOf(request, person),
  }
  await recordAudit(needs, {
    action: 'rate_limit.exceeded',
    workspaceId: person?.workspaceId ?? null,
    outcome: 'denied',
    details: { limit: name, points, windowS: durationS },
  }).catch((error: unknown) => request.log.warn({ err: error }, 'the audit log was not written'))
}
