import type { PlatformApi } from '../http/platform-api.ts'
import { bearerOf } from '../http/request.ts'
import { createTokenOffice } from '../limits/app-token.ts'
import { createFixedLimiter } from '../limits/window.limit.ts'
import type { ApiOptions } from '../sandbox.options.ts'
import { redditError, redditFault } from './reddit.errors.ts'
import { basicOf, redditOauthRoutes, refuseReddit } from './reddit.oauth.ts'
import { redditRoutes } from './reddit.routes.ts'

const requestsPerWindow = 600
const windowMs = 600_000

export function createRedditApi({
  seed,
  clock,
  world,
}: ApiOptions): PlatformApi & { reset: () => void } {
  const office = createTokenOffice(seed, 'reddit', clock.ms)
  const limiter = createFixedLimiter(() => {
    const start = clock.ms() - (clock.ms() % windowMs)
    return [start, start + windowMs]
  })
  return {
    id: 'reddit',
    owns: (path) => /^\/(?:api|r|comments|subreddits)\//.test(path),
    routes: [...redditOauthRoutes(office), ...redditRoutes(world, clock.ms)],
    credentialOf: (request) =>
      basicOf(request)?.id ?? office.read(bearerOf(request) ?? '')?.clientId ?? null,
    refuse: (request) => refuseReddit(office, request),
    count: (credential) => {
      const { remaining, resetMs, refused } = limiter.take(credential, requestsPerWindow)
      const headers = {
        'x-ratelimit-used': String(requestsPerWindow - remaining),
        'x-ratelimit-remaining': remaining.toFixed(1),
        // Seconds to go, not a time of day.
        'x-ratelimit-reset': String(Math.ceil((resetMs - clock.ms()) / 1000)),
      }
      return { headers, refusal: refused ? redditError(429, 'Too Many Requests') : null }
    },
    errorAnswer: redditFault,
    unknownRoute: () => redditError(404, 'Not Found'),
    reset: limiter.reset,
  }
}
