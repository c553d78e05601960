import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { EntityManager } from '@mikro-orm/postgresql'
import fc from 'fast-check'
import { type Hints, openHints } from '../../src/cache/hints.ts'
import { createLogger } from '../../src/core/logger.ts'
import { type Database, forWorkspace } from '../../src/database/database.ts'
import { rows, sql } from '../../src/database/sql.ts'
import {
  countChangedTags,
  countWorkspaceTags,
  findTrending,
  mendCounters,
  syncTags,
} from '../../src/features/hashtags/index.ts'
import { ingestPosts } from '../../src/features/posts/index.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openTestRedis, queueStores, type StoreName, type TestRedis } from '../support/redis.ts'
import { type SeededSource, seedSource, somePost } from '../support/seed.ts'
import { asOwner } from '../support/servers.ts'

const log = createLogger({ level: 'silent', name: 'test' })
const noon = Date.parse('2026-11-20T12:34:20Z')
const minuteMs = 60_000
const tagNames = ['tea', 'ärger', '🎉', 'zebra', 'z', '__proto__']

type Step =
  | {
      do: 'post'
      id: string
      minutesAgo: number
      author: string | null
      tags: string[]
      edit: number
    }
  | { do: 'delete'; id: string }
  | { do: 'count' }
  | { do: 'sync' }
  | { do: 'flush' }
  | { do: 'wait'; minutes: number }
  | { do: 'ask'; windowMinutes: number; k: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('post' as const),
      id: fc.integer({ min: 1, max: 15 }).map(String),
      minutesAgo: fc.oneof(
        fc.integer({ min: -3, max: 70 }),
        fc.integer({ min: 0, max: 11_000 }),
        fc.constantFrom(0, 59, 60, 61, 1_440, 10_079, 10_080, 10_081),
      ),
      author: fc.constantFrom('a1', 'a2', null),
      tags: fc.uniqueArray(fc.constantFrom(...tagNames), { maxLength: 4 }),
      edit: fc.integer({ min: 0, max: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('delete' as const),
      id: fc.integer({ min: 1, max: 15 }).map(String),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('count' as const) }) },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ do: 'sync' }, { do: 'flush' }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      minutes: fc.integer({ min: 0, max: 2_000 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      windowMinutes: fc.oneof(
        fc.integer({ min: 1, max: 10_080 }),
        fc.constantFrom(1, 15, 59, 60, 61, 1_439, 1_440, 1_441, 10_080),
      ),
      k: fc.integer({ min: 1, max: 8 }),
    }),
  },
)

describe.each(queueStores())('tag counters with %s', (store: StoreName) => {
  let testDatabase: TestDatabase
  let database: Database
  let redis: TestRedis | null
  let hints: Hints
  let source: SeededSource
  let em: EntityManager
  const at = { now: noon }
  const clock = { now: () => new Date(at.now) }
  const { signal } = new AbortController()
  const ctx = () => ({ em: database.orm.em.fork() as EntityManager, clock, hints, signal })

  beforeAll(async () => {
    testDatabase = await createTestDatabase()
    database = await testDatabase.open()
    redis = store === 'redis' ? await openTestRedis() : null
    hints = await openHints({ redisUrl: redis?.url ?? null, log })
  })
  afterAll(async () => {
    await hints?.close()
    await redis?.close()
    await testDatabase?.close()
  })
  beforeEach(async () => {
    source = await seedSource(testDatabase.ownerUrl)
    em = forWorkspace(database.orm.em.fork() as EntityManager, source.workspaceId)
    at.now = noon
  })

  const ingest = (
    id: string,
    publishedAt: Date,
    { author = 'a1', tags, edit = 0 }: { author?: string | null; tags: string[]; edit?: number },
  ) =>
    em.transactional((inner) =>
      ingestPosts(
        inner as EntityManager,
        { ...source, platform: 'twitter', refreshableKinds: ['tweet'], sampleAges: [] },
        [
          somePost({
            externalId: id,
            body: `text ${edit}`,
            hashtags: tags,
            publishedAt,
            author: author
              ? { externalId: author, handle: author, displayName: null, followers: null }
              : null,
          }),
        ],
        clock.now(),
      ),
    )

  const ask = (windowMinutes: number, k: number) =>
    findTrending({ ...ctx(), em }, source.workspaceId, { windowMinutes, k })

  /** The same by plain SQL over the posts. */
  async function oracle(windowMinutes: number, k: number) {
    const to = Math.floor(at.now / minuteMs) * minuteMs + minuteMs
    const found = await rows(
      em,
      sql<{ tag: string; n: string }>`select tag, count(*) as n from post_tags
        where published_at >= ${new Date(to - windowMinutes * minuteMs)}::timestamptz
          and published_at < ${new Date(to)}::timestamptz
        group by tag order by 2 desc, tag collate "C" limit ${k}`,
    )
    return found.map(({ tag, n }) => ({ hashtag: tag, count: Number(n) }))
  }

  async function take(one: Step): Promise<void> {
    switch (one.do) {
      case 'post':
        return void (await ingest(one.id, new Date(noon - one.minutesAgo * minuteMs), one))
      case 'delete':
        return void (await rows(em, sql`delete from posts where external_id = ${one.id}`))
      case 'count':
        return void (await countChangedTags(ctx()))
      case 'sync':
        return void (await syncTags(ctx(), { ...source, minutes: 120 }))
      case 'flush':
        return redis?.flush()
      case 'wait':
        at.now += one.minutes * minuteMs
        return
      case 'ask': {
        const { hashtags } = await ask(one.windowMinutes, one.k)
        expect(hashtags).toEqual(await oracle(one.windowMinutes, one.k))
      }
    }
  }

  /** What the three tables of sums say, against the posts. */
  async function expectSumsOfPosts() {
    const sums = (of: string) =>
      asOwner(testDatabase.ownerUrl, async (client) => {
        await client.query('set role earshot_app')
        await client.query(`select set_config('app.workspace_id', $1, false)`, [source.workspaceId])
        return (await client.query(of)).rows
      })
    expect(
      await sums(`select tag, at, platform, posts, authors from tag_hours order by 1, 2`),
    ).toEqual(
      await sums(`select t.tag collate "C" as tag, date_bin('1 hour', t.published_at, '2000-01-01Z') as at,
        p.platform, count(*)::int as posts, count(distinct p.author_id)::int as authors
        from post_tags t join posts p on p.id = t.post_id group by 1, 2, 3 order by 1, 2`),
    )
    expect(
      await sums('select tag, at, posts from tag_days where posts <> 0 order by 1, 2'),
    ).toEqual(
      await sums(`select t.tag collate "C" as tag, date_bin('1 day', t.published_at, '2000-01-01Z') as at,
        count(*) as posts from post_tags t group by 1, 2 order by 1, 2`),
    )
    expect(
      await sums('select platform, tag, posts from tag_totals where posts <> 0 order by 1, 2'),
    ).toEqual(
      await sums(`select coalesce(p.platform, '') as platform, t.tag collate "C" as tag, count(*) as posts
        from post_tags t join posts p on p.id = t.post_id
        group by grouping sets ((p.platform, t.tag), (t.tag)) order by 1, 2`),
    )
  }

  test('whatever comes, changes, goes or comes late: always what the posts say', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        await asOwner(testDatabase.ownerUrl, (client) => client.query('delete from workspaces'))
        await redis?.flush()
        source = await seedSource(testDatabase.ownerUrl)
        em = forWorkspace(database.orm.em.fork() as EntityManager, source.workspaceId)
        at.now = noon
        for (const one of steps) await take(one)
        await countChangedTags(ctx())
        await mendCounters(ctx(), source.workspaceId)
        await expectSumsOfPosts()
        for (const windowMinutes of [1, 60, 1_500, 10_080]) {
          const told = await ask(windowMinutes, 6)
          expect(told.hashtags).toEqual(await oracle(windowMinutes, 6))
          const known = (await rows(em, sql`select from tag_counters`)).length > 0
          expect(told.store).toBe(store === 'redis' && known ? 'redis' : 'postgres')
        }
      }),
      { numRuns: 15, interruptAfterTimeLimit: 60_000, endOnFailure: true },
    )
  }, 120_000)

  test('counting twice, and two at the same time, is counting once', async () => {
    for (const id of ['1', '2', '3']) await ingest(id, new Date(noon - minuteMs), { tags: ['tea'] })
    await Promise.all([1, 2, 3].map(() => countWorkspaceTags(ctx(), source.workspaceId)))
    await syncTags(ctx(), { ...source, minutes: 120 })
    await syncTags(ctx(), { ...source, minutes: 120 })
    expect((await ask(60, 5)).hashtags).toEqual([{ hashtag: 'tea', count: 3 }])
    await expectSumsOfPosts()
  })

  test('who counts anew is told how far it is', async () => {
    await ingest('1', new Date(noon), { tags: ['tea'] })
    await ingest('2', new Date(noon - 90 * minuteMs), { tags: ['tea'] })
    await countChangedTags(ctx())
    const told: [number, number][] = []
    await syncTags(ctx(), { ...source, minutes: 120 }, (...one) => told.push(one))
    expect(told).toEqual([
      [0, 2],
      [2, 2],
    ])
  })

  const tea = (n: number) => [{ hashtag: 'tea', count: n }]

  test('while Redis is away PostgreSQL answers and counts; afterwards Redis is filled again', async () => {
    if (!redis) return
    await ingest('1', new Date(noon), { tags: ['tea'] })
    await countChangedTags(ctx())
    expect(await ask(60, 5)).toMatchObject({ store: 'redis', hashtags: tea(1) })
    const away = await openHints({ redisUrl: 'redis://127.0.0.1:1', log })
    await ingest('2', new Date(noon), { tags: ['tea'] })
    await countChangedTags({ ...ctx(), hints: away })
    const question = { windowMinutes: 60, k: 5 }
    const told = await findTrending({ ...ctx(), em, hints: away }, source.workspaceId, question)
    expect(told).toMatchObject({ store: 'postgres', hashtags: tea(2) })
    // Back again, but behind.
    expect(await ask(60, 5)).toMatchObject({ store: 'postgres', hashtags: tea(2) })
    expect(await mendCounters(ctx(), source.workspaceId)).toBe('filled')
    expect(await ask(60, 5)).toMatchObject({ store: 'redis', hashtags: tea(2) })
    await away.close()
  })

  test('a Redis that came back with what it held yesterday is not believed', async () => {
    if (!redis) return
    const { client } = redis
    await ingest('1', new Date(noon), { tags: ['tea'] })
    await countChangedTags(ctx())
    const keys = await client.keys(`earshot:tags:{${source.workspaceId}}:*`)
    const dumps = await Promise.all(keys.map((key) => client.dumpBuffer(key)))
    await ingest('2', new Date(noon), { tags: ['tea'] })
    await countChangedTags(ctx())
    await redis.flush()
    for (const [index, key] of keys.entries()) {
      await client.restore(key, 0, dumps[index] ?? Buffer.alloc(0))
    }
    expect(await ask(60, 5)).toMatchObject({ store: 'postgres', hashtags: tea(2) })
    // The next count notices as well.
    await ingest('3', new Date(noon - 86_400_000), { tags: ['tea'] })
    await countChangedTags(ctx())
    expect(await ask(2_000, 5)).toMatchObject({ store: 'redis', hashtags: tea(3) })
  })

  test('what Redis keeps goes by itself', async () => {
    if (!redis) return
    await ingest('1', new Date(noon), { tags: ['tea'] })
    await countChangedTags(ctx())
    for (const key of await redis.client.keys(`earshot:tags:{${source.workspaceId}}:*`)) {
      expect(await redis.client.ttl(key)).toBeGreaterThan(7 * 86_400)
    }
  })
})
