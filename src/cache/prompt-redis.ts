import { Redis } from 'ioredis'
import { within } from '../telemetry/timing.ts'

/** Answers or fails at once: who waits for Redis waits in front of every request. */
export async function openPromptRedis(url: string): Promise<Redis> {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    lazyConnect: true,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
  })
  // Whoever uses it tells of outages, once a minute: the client's own word for each attempt is noise.
  redis.on('error', () => {})
  await within(1_000, redis.connect()).catch(() => {})
  return redis
}
