import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import { readConfig } from '../../src/config/config.ts'
import { AppError } from '../../src/core/errors.ts'
import { forWorkspace } from '../../src/database/database.ts'
import { rows, sql } from '../../src/database/sql.ts'
import { usePerDay, usePerWindow } from '../../src/features/credentials/budget.forecast.ts'
import { limitsOf } from '../../src/features/credentials/budget.limits.ts'
import { assertFits, describeBudget } from '../../src/features/credentials/budget.service.ts'
import { openBudget } from '../../src/features/credentials/budget.store.ts'
import { getProfile } from '../../src/features/credentials/credentials.service.ts'
import { definePlatform } from '../../src/platforms/platform.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type SeededSource, seedSource } from '../support/seed.ts'

const now = new Date('2026-11-20T10:00:00Z')

/** One unit a source and run, one request for ten refreshed posts, a cent a refreshed post. */
const toy = definePlatform({
  id: 'toy',
  name: 'Toy',
  sourceKind: 'channel',
  interval: { min: 15, max: 120, default: 60 },
  credentials: z.strictObject({ key: z.string() }),
  credentialFields: [{ name: 'key', label: 'Key', secret: true }],
  setup: { url: 'https://example.org', steps: [], note: null },
  handle: { example: 'x', parse: (input) => input },
  refreshableKinds: ['tweet'],
  limits: [
    {
      bucket: 'units',
      unit: 'units',
      amount: 100,
      window: { kind: 'day', timeZone: 'America/Los_Angeles' },
      label: 'Units a day',
    },
    {
      bucket: 'requests',
      unit: 'requests',
      amount: 10,
      window: { kind: 'rolling', seconds: 900 },
      label: 'Requests in 15 minutes',
    },
    {
      bucket: 'dollars',
      unit: 'micro_dollars',
      amount: 1,
      window: { kind: 'month' },
      label: 'Spending a month',
    },
  ],
  estimate: (sources, refreshed) => [
    { bucket: 'units', amount: sources },
    { bucket: 'requests', amount: Math.ceil(refreshed / 10) },
    { bucket: 'dollars', amount: refreshed * 10_000 },
  ],
  open: () => {
    throw new Error('nothing opens this')
  },
})
const config = readConfig({ NODE_ENV: 'test', X_MONTHLY_DOLLARS: '40' })
const [units, requests, dollars] = limitsOf(toy, {}, config)
if (!units || !requests || !dollars) throw new Error('limits are missing')

describe('the load of jobs', () => {
  const load = { groups: [], refreshesPerDay: 0 }

  test('is what their runs take in a day', () => {
    const groups = [
      { intervalMinutes: 60, sources: 2 },
      { intervalMinutes: 15, sources: 1 },
    ]
    expect(usePerDay(toy, 'units', { ...load, groups })).toBe(24 * 2 + 96)
    expect(usePerWindow(toy, units, { ...load, groups }, now)).toBe(24 * 2 + 96)
  })

  test('peaks in a short window when all fall due together', () => {
    const groups = [
      { intervalMinutes: 60, sources: 2 },
      { intervalMinutes: 5, sources: 1 },
    ]
    const window = { ...requests, bucket: 'units' }
    expect(usePerWindow(toy, window, { ...load, groups }, now)).toBe(2 + 3)
  })

  test('counts a call for each wait that ends with a due post, and money for each post', () => {
    // 11,000 looks in 288 waits of five minutes: 38 or 39 posts each, 10 posts a call.
    expect(usePerDay(toy, 'requests', { ...load, refreshesPerDay: 11_000 })).toBe(288 * 4)
    expect(usePerDay(toy, 'requests', { ...load, refreshesPerDay: 100 })).toBe(100)
    expect(usePerDay(toy, 'dollars', { ...load, refreshesPerDay: 11_000 })).toBe(110_000_000)
    expect(usePerWindow(toy, dollars, { ...load, refreshesPerDay: 10 }, now)).toBe(30 * 100_000)
  })
})

describe('a profile', () => {
  let database: TestDatabase
  let seeded: SeededSource
  let em: EntityManager
  const ctxOf = () => ({ em, clock: { now: () => now }, config, platforms: { toy } })

  beforeAll(async () => {
    database = await createTestDatabase()
    seeded = await seedSource(database.ownerUrl, 'toy')
    em = forWorkspace((await database.open()).orm.em.fork() as EntityManager, seeded.workspaceId)
    await rows(em, sql`update monitoring_jobs set interval_minutes = 60`)
    // Unmeasured, ten posts a day are assumed; five runs of the plan would not fit into the money.
    await rows(em, sql`update credential_profiles set limits = '{"dollars": 90000000}'`)
  })
  afterAll(() => database.close())

  test('is told what is left, when it refills and what its jobs will use', async () => {
    const profile = await getProfile(em, seeded.profileId)
    const budget = openBudget({
      em,
      clock: { now: () => now },
      owner: { workspaceId: seeded.workspaceId, profileId: seeded.profileId },
      platform: toy,
      limits: limitsOf(toy, profile.limits, config),
    })
    await budget.take([
      { bucket: 'units', amount: 30 },
      { bucket: 'dollars', amount: 1_250_000 },
    ])
    const view = await describeBudget(ctxOf(), profile)
    expect(view).toMatchObject({
      activeSources: 1,
      postsPerSourcePerDay: 10,
      postsBasis: 'assumed',
      refreshesPerDay: 110,
    })
    const [inUnits, inRequests, inDollars] = view.buckets
    expect(inUnits).toMatchObject({
      limit: 100,
      used: 30,
      remaining: 70,
      windowStartedAt: '2026-11-20T08:00:00.000Z',
      resetsAt: '2026-11-21T08:00:00.000Z',
      forecastPerDay: 24,
      fits: true,
      dollars: null,
    })
    expect(inRequests).toMatchObject({ used: 0, remaining: 10, resetsAt: null, fits: true })
    expect(inDollars).toMatchObject({
      resetsAt: '2026-12-01T00:00:00.000Z',
      dollars: { limit: 90, used: 1.25, remaining: 88.75, forecastPerDay: 1.1 },
    })
  })

  test('refuses jobs that cannot fit, with figures and what would', async () => {
    const profile = await getProfile(em, seeded.profileId)
    await assertFits(ctxOf(), profile, 1, 60)
    const tooFast = assertFits(ctxOf(), profile, 1, 15)
    await expect(tooFast).rejects.toThrow(AppError)
    await expect(tooFast).rejects.toThrow(
      'Units a day: 100 units allowed, 120 units needed, of which 24 units by the jobs that already run. Every 20 minutes would fit.',
    )
    await expect(tooFast).rejects.toMatchObject({ code: 'over_budget' })
    await expect(assertFits(ctxOf(), profile, 10, 60)).rejects.toThrow(
      /Spending a month: \$90\.00 allowed.*No interval/,
    )
  })

  test('is judged by what was measured once something was collected', async () => {
    await rows(em, sql`update monitoring_jobs set last_success_at = ${now}::timestamptz`)
    await rows(
      em,
      sql`insert into posts (workspace_id, source_id, platform, kind, external_id, published_at, fetched_at)
        select ${seeded.workspaceId}::bigint, ${seeded.sourceId}::bigint, 'toy',
          case when n > 14 then 'comment' else 'tweet' end, n::text,
          ${now}::timestamptz - make_interval(hours => n * 8), now()
        from generate_series(1, 30) n`,
    )
    const view = await describeBudget(ctxOf(), await getProfile(em, seeded.profileId))
    expect(view).toMatchObject({ postsPerSourcePerDay: 2, postsBasis: 'measured' })
    expect(view.refreshesPerDay).toBe(22)
  })
})
