import type { PlatformApi } from '../http/platform-api.ts'
import { bearerOf } from '../http/request.ts'
import { createTokenOffice } from '../limits/app-token.ts'
import { createBucketLimiter } from '../limits/window.limit.ts'
import type { ApiOptions } from '../sandbox.options.ts'
import { twitchError, twitchFault } from './twitch.errors.ts'
import { clientIdOf, refuseTwitch, twitchOauthRoutes } from './twitch.oauth.ts'
import { twitchRoutes } from './twitch.routes.ts'

const pointsAMinute = 800

export function createTwitchApi({
  seed,
  clock,
  world,
}: ApiOptions): PlatformApi & { reset: () => void } {
  const office = createTokenOffice(seed, 'twitch', clock.ms)
  const limiter = createBucketLimiter(clock.ms, 60_000)
  return {
    id: 'twitch',
    owns: (path) => path.startsWith('/helix/') || path.startsWith('/oauth2/'),
    routes: [...twitchOauthRoutes(office, clock.ms), ...twitchRoutes(world)],
    credentialOf: (request) => {
      const header = request.headers['client-id']
      const named = typeof header === 'string' ? header : clientIdOf(request)
      return named ?? office.read(bearerOf(request) ?? '')?.clientId ?? null
    },
    refuse: (request) => refuseTwitch(office, request),
    count: (credential) => {
      const { remaining, resetMs, refused } = limiter.take(credential, pointsAMinute)
      const headers = {
        'ratelimit-limit': String(pointsAMinute),
        'ratelimit-remaining': String(remaining),
        'ratelimit-reset': String(Math.ceil(resetMs / 1000)),
      }
      return { headers, refusal: refused ? twitchError(429, 'Too Many Requests') : null }
    },
    errorAnswer: (kind, retryAfterS) => twitchFault(kind, retryAfterS, clock.ms()),
    unknownRoute: () => twitchError(404, ''),
    reset: limiter.reset,
  }
}
