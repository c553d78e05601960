import type { Redis } from 'ioredis'
import type { Logger } from '../core/logger.ts'
import { unanswered, watchStore } from '../limits/store-watch.ts'
import { openPromptRedis } from './prompt-redis.ts'

export { unanswered }

/**
 * Redis, for what PostgreSQL knows as well and only slower. Whoever asks has an answer of their own:
 * without Redis, and while it is away, each question is `unanswered` at once.
 */
export type Hints = {
  configured: boolean
  ask: <T>(work: (redis: Redis) => Promise<T>) => Promise<T | typeof unanswered>
  close: () => Promise<void>
}

export async function openHints(options: { redisUrl: string | null; log: Logger }): Promise<Hints> {
  const { redisUrl, log } = options
  if (!redisUrl) return { configured: false, ask: async () => unanswered, close: async () => {} }
  const redis = await openPromptRedis(redisUrl)
  const watch = watchStore({
    name: 'redis',
    says: { store: 'the store of counters', meanwhile: 'PostgreSQL counts meanwhile' },
    log,
    onFailure: () => {},
    onReturn: () => {},
  })
  return {
    configured: true,
    ask: (work) => watch.ask(() => work(redis)),
    close: async () => redis.disconnect(),
  }
}
