import type { PlatformApi, Route } from '../http/platform-api.ts'
import type { SandboxRequest } from '../http/request.ts'
import { isSandboxCredential } from '../limits/app-token.ts'
import { createFixedLimiter } from '../limits/window.limit.ts'
import type { ApiOptions } from '../sandbox.options.ts'
import type { World } from '../world/world.ts'
import { pacificDay } from './pacific-day.ts'
import { comments, commentThreads } from './youtube.comments.ts'
import { googleError, invalidKey, noKey, quotaExceeded, youtubeFault } from './youtube.errors.ts'
import {
  batchGetStats,
  channels,
  playlistItems,
  videoCategories,
  videos,
  type YoutubeHandler,
} from './youtube.handlers.ts'
import { search } from './youtube.search.ts'

const handlers: Record<string, YoutubeHandler> = {
  channels,
  playlistItems,
  videos,
  'videos:batchGetStats': batchGetStats,
  videoCategories,
  commentThreads,
  comments,
  search,
}

/** Calls a day; every call costs one, also the invalid and the unchanged ones. */
const buckets: Record<string, number> = { search: 100, 'videos:batchGetStats': 10_000 }
const sharedUnits = 10_000

const routes = (world: World): Route[] =>
  Object.entries(handlers).map(([name, handle]) => ({
    method: 'GET',
    path: new RegExp(`^/youtube/v3/${name}$`),
    name,
    handle: async (request) => ({ ...handle(await world.youtube(), request), cost: 1 }),
  }))

const keyOf = ({ headers, query }: SandboxRequest): string | null => {
  const header = headers['x-goog-api-key']
  return (typeof header === 'string' ? header : null) ?? query.get('key')
}

export function createYoutubeApi({
  clock,
  world,
}: ApiOptions): PlatformApi & { reset: () => void } {
  const limiter = createFixedLimiter(() => pacificDay(clock.ms()))
  return {
    id: 'youtube',
    owns: (path) => path.startsWith('/youtube/'),
    routes: routes(world),
    credentialOf: keyOf,
    refuse: (request) => {
      const key = keyOf(request)
      if (!key) return noKey()
      return isSandboxCredential(key) ? null : invalidKey()
    },
    count: (credential, { name }) => {
      const bucket = name in buckets ? name : 'shared'
      const { refused } = limiter.take(`${credential} ${bucket}`, buckets[name] ?? sharedUnits)
      return { headers: {}, refusal: refused ? quotaExceeded() : null }
    },
    errorAnswer: youtubeFault,
    unknownRoute: () =>
      googleError({ code: 404, message: 'Not Found', domain: 'global', reason: 'notFound' }),
    reset: limiter.reset,
  }
}
