import type { PlatformApi, Route } from '../http/platform-api.ts'
import { bearerOf } from '../http/request.ts'
import { isSandboxCredential } from '../limits/app-token.ts'
import { createWindowLimiter } from '../limits/window.limit.ts'
import type { ApiOptions } from '../sandbox.options.ts'
import { createBill } from './x.bill.ts'
import { wordsOf } from './x.dialect.ts'
import { blankProblem, xFault } from './x.errors.ts'
import { searchRecent } from './x.search.ts'
import { timeline, tweetsByIds } from './x.tweets.ts'
import { userById, userByName, usersByIds, usersByNames, type XHandler } from './x.users.ts'
import { isAnswer, viewOf } from './x.view.ts'

type Endpoint = { name: string; path: RegExp; limit: number; handle: XHandler }

/** App-only requests in 15 minutes, as of August 2026. */
const endpoints = (nowMs: () => number): Endpoint[] => [
  { name: 'users/by', path: /^\/2\/users\/by$/, limit: 300, handle: usersByNames },
  {
    name: 'users/by/username',
    path: /^\/2\/users\/by\/username\/(?<username>[^/]+)$/,
    limit: 300,
    handle: userByName,
  },
  { name: 'users', path: /^\/2\/users$/, limit: 300, handle: usersByIds },
  { name: 'users/:id', path: /^\/2\/users\/(?<id>[^/]+)$/, limit: 300, handle: userById },
  {
    name: 'users/:id/tweets',
    path: /^\/2\/users\/(?<id>[^/]+)\/tweets$/,
    limit: 10_000,
    handle: timeline,
  },
  { name: 'tweets', path: /^\/2\/tweets$/, limit: 3500, handle: tweetsByIds },
  {
    name: 'tweets/search/recent',
    path: /^\/2\/tweets\/search\/recent$/,
    limit: 450,
    handle: searchRecent(nowMs),
  },
]

export function createXApi({
  clock,
  world,
  xDialect,
}: ApiOptions): PlatformApi & { reset: () => void } {
  const words = wordsOf[xDialect]
  const limiter = createWindowLimiter(clock.ms, 15 * 60_000)
  const bill = createBill(clock.ms)
  const known = endpoints(clock.ms)
  const routes: Route[] = known.map(({ name, path, handle }) => ({
    method: 'GET',
    path,
    name,
    handle: async (request) => {
      const view = viewOf(words, await world.x(), request)
      if (isAnswer(view)) return view
      const { answer, tweetIds, userIds } = handle(view, request)
      return { ...answer, cost: bill(bearerOf(request) ?? '', tweetIds, userIds) }
    },
  }))
  return {
    id: 'twitter',
    owns: (path) => path.startsWith('/2/'),
    routes,
    credentialOf: bearerOf,
    refuse: (request) =>
      isSandboxCredential(bearerOf(request)) ? null : blankProblem(401, 'Unauthorized'),
    count: (credential, { name }) => {
      const limit = known.find((endpoint) => endpoint.name === name)?.limit ?? 300
      const { remaining, resetMs, refused } = limiter.take(`${credential} ${name}`, limit)
      const headers = {
        'x-rate-limit-limit': String(limit),
        'x-rate-limit-remaining': String(remaining),
        'x-rate-limit-reset': String(Math.ceil(resetMs / 1000)),
      }
      return { headers, refusal: refused ? blankProblem(429, 'Too Many Requests') : null }
    },
    errorAnswer: (kind, retryAfterS) => xFault(kind, retryAfterS, clock.ms()),
    unknownRoute: () => blankProblem(404, 'Not Found'),
    reset: limiter.reset,
  }
}
