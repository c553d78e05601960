import { createLogger } from '../../src/core/logger.ts'
import { type Limits, openLimits } from '../../src/limits/limits.ts'
import { createMetrics } from '../../src/telemetry/metrics.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openTestRedis, queueStores, type TestRedis } from '../support/redis.ts'

describe.each(queueStores())('limits on %s', (store) => {
  let database: TestDatabase
  let redis: TestRedis | null = null
  let limits: Limits
  const log = createLogger({ level: 'silent', name: 'test' })

  beforeAll(async () => {
    database = await createTestDatabase()
    redis = store === 'redis' ? await openTestRedis() : null
    const { pool } = await database.open()
    const redisUrl = redis?.url ?? null
    limits = await openLimits({ redisUrl, pool, secret: 's', log, metrics: createMetrics() })
  })
  afterAll(async () => {
    await limits.close()
    await redis?.close()
    await database.close()
  })

  test('50 at once never take more than there is', async () => {
    const limiter = limits.limiter({ name: 'parallel', points: 10, durationS: 60 })
    const taken = await Promise.all(Array.from({ length: 50 }, () => limiter.consume('k')))
    expect(taken.filter(({ allowed }) => allowed)).toHaveLength(10)
    expect(limits.alone()).toBe(false)
  })
})
