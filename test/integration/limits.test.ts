import { jest } from '@jest/globals'
import { contextOf } from '../../src/compose.ts'
import { taskOrigin } from '../../src/core/origin.ts'
import { type Limits, openLimits } from '../../src/limits/limits.ts'
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.ts'
import { sweepLimitsTask, sweepLimitsWorker } from '../../workers/upkeep.worker.ts'
import { startTestApp } from '../support/app.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { recordLog } from '../support/log-lines.ts'
import { openTestRedis, queueStores, type TestRedis } from '../support/redis.ts'
import { asOwner } from '../support/servers.ts'
import { until } from '../support/until.ts'

const dayMs = 86_400_000

describe.each(queueStores())('limits on %s', (store) => {
  let database: TestDatabase
  let redis: TestRedis | null = null
  let open: () => Promise<Limits>
  let limits: Limits
  let metrics: Metrics
  const { log, lines } = recordLog()

  beforeAll(async () => {
    database = await createTestDatabase()
    redis = store === 'redis' ? await openTestRedis() : null
    const { pool } = await database.open()
    const redisUrl = redis?.url ?? null
    metrics = createMetrics()
    open = () => openLimits({ redisUrl, pool, secret: 'of the test', log, metrics })
    limits = await open()
  })
  afterAll(async () => {
    await limits.close()
    await redis?.close()
    await database.close()
  })

  const storeText = async () => {
    if (redis) return (await redis.client.keys('*')).join('\n')
    const { rows } = await asOwner(database.ownerUrl, (c) => c.query('select * from rate_limits'))
    return JSON.stringify(rows)
  }

  test('SEC-28: 50 at once, over two processes, never take more than there is', async () => {
    const other = await open()
    const rule = { name: 'parallel', points: 10, durationS: 60 }
    const [one, two] = [limits.limiter(rule), other.limiter(rule)]
    const asked = Array.from({ length: 50 }, (_, n) => (n % 2 ? one : two).consume('k'))
    const taken = await Promise.all(asked)
    expect(taken.filter(({ allowed }) => allowed)).toHaveLength(10)
    expect(limits.alone()).toBe(false)
    await other.close()
  })

  test('a window passes, counted from its first point', async () => {
    const limiter = limits.limiter({ name: 'window', points: 2, durationS: 1 })
    const first = await limiter.consume('k')
    expect(first).toMatchObject({ allowed: true, limit: 2, used: 1, remaining: 1 })
    expect(first.resetMs).toBeLessThanOrEqual(1_000)
    await limiter.consume('k')
    expect(await limiter.consume('k')).toMatchObject({ allowed: false, remaining: 0 })
    expect((await limiter.consume('another')).allowed).toBe(true)
    await until('the window has passed', async () => (await limiter.consume('k')).allowed)
  })

  test('a key can be blocked, asked about, given points back and forgotten', async () => {
    const rule = { name: 'block', points: 3, durationS: 60, longestBlockS: 600 }
    const limiter = limits.limiter({ ...rule, refuseFromMemory: false })
    expect(await limiter.get('k')).toBeNull()
    await limiter.consume('k', 3)
    await limiter.reward('k', 2)
    expect(await limiter.get('k')).toMatchObject({ allowed: true, used: 1, remaining: 2 })
    await limiter.block('k', 600)
    const blocked = await limiter.consume('k')
    expect(blocked.allowed).toBe(false)
    expect(blocked.resetMs).toBeGreaterThan(590_000)
    await limiter.delete('k')
    expect((await limiter.consume('k')).allowed).toBe(true)
  })

  test('SEC-28: the store names nobody', async () => {
    await limits
      .limiter({ name: 'hidden', points: 9, durationS: 60 })
      .consume('ada@example.org 192.0.2.7')
    const text = await storeText()
    expect(text).toContain('hidden:')
    expect(text).not.toMatch(/ada|example|192\.0/)
  })

  test('a flood over the limit asks the store nothing', async () => {
    const limiter = limits.limiter({ name: 'flood', points: 1, durationS: 60 })
    await limiter.consume('k')
    const before = await storeText()
    for (let n = 0; n < 20; n += 1) expect((await limiter.consume('k')).allowed).toBe(false)
    expect(await storeText()).toBe(before)
  })

  test.each([true, false])(
    'SEC-28: a clock that is set back locks nobody out (from memory: %s)',
    async (refuseFromMemory) => {
      const rule = { name: `clock ${refuseFromMemory}`, points: 1, durationS: 60, refuseFromMemory }
      const limiter = limits.limiter(rule)
      const ahead = jest
        .spyOn(Date, 'now')
        .mockImplementation(() => Math.round(performance.timeOrigin + performance.now()) + dayMs)
      await limiter.consume('k')
      await limiter.consume('k')
      ahead.mockRestore()
      if (redis)
        await redis.client.pexpire((await redis.client.keys(`*${rule.name}*`))[0] ?? '', dayMs)
      expect((await limiter.consume('k')).allowed).toBe(true)
      expect(limits.alone()).toBe(false)
    },
  )

  test('two limiters of one name are one, or a mistake', () => {
    const rule = { name: 'same', points: 1, durationS: 60 }
    expect(limits.limiter(rule)).toBe(limits.limiter({ ...rule }))
    expect(() => limits.limiter({ ...rule, points: 2 })).toThrow('differ')
  })

  test('SEC-28: while the store is away each process counts by itself, says so, and comes back', async () => {
    const limiter = limits.limiter({ name: 'away', points: 5, durationS: 600 })
    await limiter.consume('k', 4)
    const back = await takeAway()
    const alone = []
    for (let n = 0; n < 8; n += 1) alone.push(await limiter.consume('k'))
    // It knows nothing of what was used before, and counts on from there.
    expect(alone.map(({ allowed }) => allowed)).toEqual([1, 1, 1, 1, 1, 0, 0, 0].map(Boolean))
    expect(limits.alone()).toBe(true)
    expect(lines.filter((line) => line.includes('counts by itself'))).toHaveLength(1)
    const metric = await metrics.registry.metrics()
    expect(metric).toMatch(/earshot_limits_store_failures_total [1-9]/)
    expect(metric).toMatch(/earshot_limits_refused_total\{limiter="away"\} 3/)
    await back()
    await until('the store counts again', async () => {
      await limiter.consume('another')
      return !limits.alone()
    })
    // PostgreSQL kept what was counted before; the private Redis keeps nothing.
    expect((await limiter.consume('k')).used).toBe(redis ? 1 : 5)
  })

  async function takeAway(): Promise<() => Promise<void>> {
    if (redis) {
      const { crash } = redis
      if (!crash) throw new Error('this Redis is not ours to kill')
      const started = crash()
      await until(
        'the connection is lost',
        async () => {
          await limits.limiter({ name: 'probe', points: 1_000_000, durationS: 60 }).consume('k')
          return limits.alone()
        },
        { everyMs: 1 },
      )
      return () => started
    }
    const rights = (change: string) => asOwner(database.ownerUrl, (c) => c.query(change))
    await rights('revoke all on rate_limits from earshot_app')
    return async () => void (await rights('grant all on rate_limits to earshot_app'))
  }
})

test('counts that ended an hour ago are taken away, and no others', async () => {
  const app = await startTestApp()
  const ask = (text: string) => asOwner(app.ownerUrl, (client) => client.query(text))
  await ask('delete from rate_limits')
  for (const [key, minutes] of [
    ['ended', -61],
    ['just ended', -1],
    ['runs', 5],
  ] as const) {
    await ask(`insert into rate_limits values ('${key}', 1, ${Date.now() + minutes * 60_000})`)
  }
  const ctx = contextOf(app.parts, new AbortController().signal, taskOrigin(sweepLimitsTask.name))
  await sweepLimitsWorker.handle(ctx, {} as never)
  const { rows } = await ask('select key from rate_limits order by key')
  expect(rows).toEqual([{ key: 'just ended' }, { key: 'runs' }])
  await app.close()
})
