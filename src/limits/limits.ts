import { createHmac } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Pool } from 'pg'
import {
  RateLimiterPostgres,
  RateLimiterRedis,
  type RateLimiterStoreAbstract,
} from 'rate-limiter-flexible'
import { openPromptRedis } from '../cache/prompt-redis.ts'
import type { Logger } from '../core/logger.ts'
import type { LimitsMetrics } from '../telemetry/limits-metrics.ts'
import { createLimiter, type Limiter, type LimitRule } from './limiter.ts'
import { watchStore } from './store-watch.ts'

export type { Limiter, LimitRule, Standing } from './limiter.ts'

/**
 * Counts that all processes share: in Redis where it is configured, else in PostgreSQL. While the
 * store is away nobody is refused for that and nobody is let through uncounted: each process goes on
 * counting in its own memory, says so once a minute, and starts from the store again when it is back.
 */
export type Limits = {
  store: 'redis' | 'postgres'
  /** One limiter a name: asked for again, it is the same one. */
  limiter: (rule: LimitRule) => Limiter
  /** true: the store is away and this process counts alone. */
  alone: () => boolean
  close: () => Promise<void>
}

type Options = {
  redisUrl: string | null
  pool: Pool
  /** Keys are kept as its HMAC: who reads the store cannot try all addresses against it. */
  secret: string
  log: Logger
  metrics: LimitsMetrics
}

export async function openLimits(options: Options): Promise<Limits> {
  const { redisUrl, pool, secret, log, metrics } = options
  const redis = redisUrl ? await openPromptRedis(redisUrl) : null
  const store = redis ? 'redis' : 'postgres'
  const limiters = new Map<string, ReturnType<typeof createLimiter>>()
  const watch = watchStore({
    name: store,
    log,
    onFailure: metrics.limitStoreFailed,
    onReturn: () => {
      for (const limiter of limiters.values()) limiter.reset()
    },
  })
  const stored = (rule: LimitRule) => (redis ? onRedis(redis, rule) : onPostgres(pool, rule))
  const hidden = (key: string) =>
    createHmac('sha256', secret).update(`limits ${key}`).digest('base64url').slice(0, 32)
  return {
    store,
    limiter: (rule) => {
      const known = limiters.get(rule.name)
      if (known) return sameRule(known, rule)
      const parts = { stored: stored(rule), watch, hidden, onRefused: metrics.limitRefused }
      const made = createLimiter(rule, parts)
      limiters.set(rule.name, made)
      return made
    },
    alone: watch.away,
    close: async () => redis?.disconnect(),
  }
}

function sameRule(known: Limiter, rule: LimitRule): Limiter {
  const { points, durationS } = known.rule
  if (points === rule.points && durationS === rule.durationS) return known
  throw new Error(`Two limiters are called ${rule.name}, and they differ.`)
}

const shared = ({ name, points, durationS, refuseFromMemory = true }: LimitRule) => ({
  points,
  duration: durationS,
  ...(refuseFromMemory && { inMemoryBlockOnConsumed: points }),
  keyPrefix: name,
})

const onRedis = (redis: Redis, rule: LimitRule): RateLimiterStoreAbstract =>
  new RateLimiterRedis({
    ...shared(rule),
    keyPrefix: `earshot:limits:${rule.name}`,
    storeClient: redis,
    rejectIfRedisNotReady: true,
  })

/** The table is the migrations' and its old rows are the upkeep task's: no DDL, no timer here. */
const onPostgres = (pool: Pool, rule: LimitRule): RateLimiterStoreAbstract =>
  new RateLimiterPostgres({
    ...shared(rule),
    storeClient: pool,
    storeType: 'pool',
    tableName: 'rate_limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
  })
