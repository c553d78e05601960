import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { EntityManager } from '@mikro-orm/postgresql'
import { type Database, forWorkspace } from '../../src/database/database.ts'
import { rows, sql } from '../../src/database/sql.ts'
import type { EffectiveLimit } from '../../src/features/credentials/budget.limits.ts'
import { openBudget } from '../../src/features/credentials/budget.store.ts'
import type { Budget } from '../../src/platforms/budget.ts'
import { PlatformError } from '../../src/platforms/platform-error.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { asOwner } from '../support/servers.ts'

const limit = (bucket: string, amount: number, more: Partial<EffectiveLimit> = {}) => ({
  bucket,
  unit: 'requests' as const,
  amount,
  platformAmount: amount,
  window: { kind: 'rolling' as const, seconds: 60 },
  label: `${bucket} a minute`,
  ...more,
})

let test_: TestDatabase
let databases: Database[]
let owner: { workspaceId: string; profileId: string }
let now: Date
const clock = { now: () => now }

beforeAll(async () => {
  test_ = await createTestDatabase()
  databases = [await test_.open(), await test_.open()]
  await asOwner(test_.ownerUrl, async (client) => {
    await client.query(`insert into master_keys values ('k1', '', now())`)
    await client.query(
      `insert into workspaces (name, created_at) values ('w', now()), ('v', now())`,
    )
  })
})
afterAll(() => test_.close())

beforeEach(async () => {
  now = new Date('2026-11-20T10:00:00Z')
  const em = emOf(0)
  const [profile] = await rows(
    em,
    sql<{ id: string }>`insert into credential_profiles (workspace_id, platform, name, key_id,
        wrapped_key, sealed_fields, hints, created_at, updated_at)
      values (1, 'twitch', ${crypto.randomUUID()}, 'k1', '', '{}', '{}', now(), now()) returning id`,
  )
  owner = { workspaceId: '1', profileId: String(profile?.id) }
})

const emOf = (index: number) => forWorkspace(databases[index]?.orm.em.fork() as EntityManager, '1')

const budgetOf = (limits: EffectiveLimit[], index = 0): Budget =>
  openBudget({
    em: emOf(index),
    clock,
    owner,
    platform: { id: 'twitch', name: 'Twitch' },
    limits,
  })

const refusalOf = async (work: Promise<unknown>): Promise<PlatformError> => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof PlatformError)) throw new Error(`no refusal, but ${error}`)
  return error
}
const at = (text: string) => {
  now = new Date(`2026-11-20T${text}Z`)
}

describe('taking', () => {
  test('books until the limit and refuses in words until the window ends', async () => {
    const budget = budgetOf([limit('points', 3)])
    await budget.take([{ bucket: 'points', amount: 2 }])
    expect(await budget.remaining('points')).toBe(1)
    const error = await refusalOf(budget.take([{ bucket: 'points', amount: 2 }]))
    expect(error.kind).toBe('budget_exhausted')
    expect(error.until).toEqual(new Date('2026-11-20T10:01:00Z'))
    expect(error.message).toContain('1 requests of 3 requests left, this call needs 2 requests')
    await budget.take([{ bucket: 'points', amount: 1 }])
    at('10:01:00')
    expect(await budget.remaining('points')).toBe(3)
    await budget.take([{ bucket: 'points', amount: 3 }])
    expect(await budget.remaining('points')).toBe(0)
  })

  test('50 at once, over two processes’ pools, never pass the limit', async () => {
    const budgets = [budgetOf([limit('points', 20)]), budgetOf([limit('points', 20)], 1)]
    const takers = Array.from({ length: 50 }, (_, i) =>
      budgets[i % 2]?.take([{ bucket: 'points', amount: 1 }]),
    )
    const done = await Promise.allSettled(takers)
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(20)
    expect(await budgets[0]?.remaining('points')).toBe(0)
    // The same at the seam, where a window ends for all of them at once.
    at('10:02:00')
    const again = await Promise.allSettled(
      Array.from({ length: 50 }, (_, i) => budgets[i % 2]?.take([{ bucket: 'points', amount: 3 }])),
    )
    expect(again.filter(({ status }) => status === 'fulfilled')).toHaveLength(6)
    expect(await budgets[1]?.remaining('points')).toBe(2)
  })

  test('books all buckets or none, without deadlock', async () => {
    const limits = [limit('requests', 100), limit('dollars', 10, { unit: 'micro_dollars' })]
    const budgets = [budgetOf(limits), budgetOf(limits.toReversed(), 1)]
    const costs = [
      { bucket: 'requests', amount: 1 },
      { bucket: 'dollars', amount: 1 },
    ]
    const done = await Promise.allSettled(
      Array.from({ length: 40 }, (_, i) =>
        budgets[i % 2]?.take(i % 3 ? costs : costs.toReversed()),
      ),
    )
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
    const reasons = done.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect(reasons.every((reason) => reason instanceof PlatformError)).toBe(true)
    expect(await budgets[0]?.remaining('requests')).toBe(90)
  })

  test('refuses what is dearer than the whole limit, also on an untouched bucket', async () => {
    const error = await refusalOf(
      budgetOf([limit('points', 3)]).take([{ bucket: 'points', amount: 4 }]),
    )
    expect(error.kind).toBe('budget_exhausted')
  })

  test('stays booked when the caller’s own work is rolled back', async () => {
    const em = emOf(0)
    const budget = openBudget({
      em,
      clock,
      owner,
      platform: { id: 'twitch', name: 'Twitch' },
      limits: [limit('points', 3)],
    })
    const work = em.transactional(async () => {
      await budget.take([{ bucket: 'points', amount: 1 }])
      throw new Error('rolled back')
    })
    await expect(work).rejects.toThrow('rolled back')
    expect(await budget.remaining('points')).toBe(2)
  })

  test('of another workspace is refused by the database', async () => {
    const foreign = openBudget({
      em: emOf(0),
      clock,
      owner: { ...owner, workspaceId: '2' },
      platform: { id: 'twitch', name: 'Twitch' },
      limits: [limit('points', 3)],
    })
    await budgetOf([limit('points', 3)]).take([{ bucket: 'points', amount: 1 }])
    expect(await foreign.remaining('points')).toBe(3)
    await expect(foreign.take([{ bucket: 'points', amount: 1 }])).rejects.toThrow()
  })
})

describe('settling', () => {
  test('gives back what the call did not use, once, and leaves unnamed buckets alone', async () => {
    const budget = budgetOf([limit('requests', 10), limit('dollars', 100)])
    const booking = await budget.take([
      { bucket: 'requests', amount: 1 },
      { bucket: 'dollars', amount: 50 },
    ])
    await booking.settle([{ bucket: 'dollars', amount: 5 }])
    await booking.settle([{ bucket: 'dollars', amount: 0 }])
    expect(await budget.remaining('dollars')).toBe(95)
    expect(await budget.remaining('requests')).toBe(9)
  })

  test('counts what a call cost beyond its booking, even past the limit', async () => {
    const budget = budgetOf([limit('dollars', 10)])
    const booking = await budget.take([{ bucket: 'dollars', amount: 8 }])
    await booking.settle([{ bucket: 'dollars', amount: 12 }])
    expect(await budget.remaining('dollars')).toBe(0)
    await refusalOf(budget.take([{ bucket: 'dollars', amount: 1 }]))
  })

  test('leaves the window after the one that was charged alone', async () => {
    const budget = budgetOf([limit('dollars', 100)])
    const booking = await budget.take([{ bucket: 'dollars', amount: 50 }])
    at('10:01:30')
    await budget.take([{ bucket: 'dollars', amount: 60 }])
    await booking.settle([{ bucket: 'dollars', amount: 0 }])
    expect(await budget.remaining('dollars')).toBe(40)
  })
})

describe('headers', () => {
  const soon = new Date('2026-11-20T10:00:30Z')

  test('lower what is left and end the window', async () => {
    const budget = budgetOf([limit('points', 800)])
    await budget.take([{ bucket: 'points', amount: 1 }])
    await budget.observe('points', { limit: 800, remaining: 5, resetsAt: soon })
    expect(await budget.remaining('points')).toBe(5)
    const error = await refusalOf(budget.take([{ bucket: 'points', amount: 6 }]))
    expect(error.until).toEqual(soon)
    now = soon
    expect(await budget.remaining('points')).toBe(800)
  })

  test('never raise what is left', async () => {
    const budget = budgetOf([limit('points', 10, { platformAmount: 800 })])
    await budget.take([{ bucket: 'points', amount: 10 }])
    await budget.observe('points', { limit: 800, remaining: 790, resetsAt: soon })
    expect(await budget.remaining('points')).toBe(0)
    // Nor does the platform's early refill open a window that the profile's own limit made.
    now = soon
    expect(await budget.remaining('points')).toBe(0)
  })

  test('of a platform that allows less than we thought bind for that window', async () => {
    const budget = budgetOf([limit('points', 10_000)])
    await budget.take([{ bucket: 'points', amount: 1 }])
    await budget.observe('points', { limit: 1_500, remaining: 1_499, resetsAt: soon })
    expect(await budget.remaining('points')).toBe(1_499)
    await refusalOf(budget.take([{ bucket: 'points', amount: 1_500 }]))
  })

  test('that speak of the past or of next year are not believed', async () => {
    const budget = budgetOf([limit('points', 10)])
    await budget.observe('points', { remaining: 0, resetsAt: new Date('2026-11-20T09:59:59Z') })
    await budget.observe('points', { remaining: 0, resetsAt: new Date('2027-11-20T10:00:00Z') })
    await budget.observe('points', { remaining: Number.NaN, resetsAt: soon })
    expect(await budget.remaining('points')).toBe(10)
  })
})
