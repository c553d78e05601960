import { afterEach, describe, expect, test } from '@jest/globals'
import { contextOf } from '../../src/compose.ts'
import { commandOrigin } from '../../src/core/origin.ts'
import { syncTags } from '../../src/features/hashtags/index.ts'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'
import { openTestRedis, queueStores, type TestRedis } from '../support/redis.ts'

const start = Date.parse('2026-11-20T12:30:00Z')
const at = { now: start }

let app: TestApp
let person: SignedIn
let mine: Collected
let redis: TestRedis | null = null

/** An API with these variables, and a workspace that used two hashtags. */
async function open(variables: Record<string, string>): Promise<void> {
  at.now = start
  app = await startTestApp({ variables, clock: { now: () => new Date(at.now) } })
  person = await app.signIn()
  mine = await collectedBy(app, person)
  const source = await mine.source('twitter', 'ada')
  for (const tags of [['tea'], ['tea', 'biscuit']]) {
    await mine.post(source, { published_at: '2026-11-20T12:10:00Z', tags })
  }
}
afterEach(async () => {
  await mine?.close()
  await app?.close()
  await redis?.close()
  redis = null
})

type Trending = { hashtags: object[]; store: string; as_of: string; to: string }
async function trending(): Promise<Trending> {
  const { status, body } = await person.call('GET', '/api/hashtags/trending')
  expect(status).toBe(200)
  return body
}
const secondsLater = (seconds: number) => {
  at.now = start + seconds * 1_000
  return trending()
}
const asOf = (seconds: number) => ({ as_of: new Date(start + seconds * 1_000).toISOString() })

describe('TRENDING_TTL_SECONDS', () => {
  test('a minute where nothing is said', async () => {
    await open({})
    expect(await secondsLater(0)).toMatchObject(asOf(0))
    expect(await secondsLater(59)).toMatchObject(asOf(0))
    expect(await secondsLater(60)).toMatchObject(asOf(60))
  })

  test('longer: the same answer again, which says what time it is of', async () => {
    await open({ TRENDING_TTL_SECONDS: '300' })
    const first = await secondsLater(0)
    expect(await secondsLater(299)).toEqual(first)
    expect(first.to).toBe('2026-11-20T12:31:00.000Z')
    expect(await secondsLater(300)).toMatchObject(asOf(300))
  })

  test('0: each one is computed', async () => {
    await open({ TRENDING_TTL_SECONDS: '0' })
    expect(await secondsLater(1)).toMatchObject(asOf(1))
    expect(await secondsLater(2)).toMatchObject(asOf(2))
  })

  test('new data is never held back', async () => {
    await open({ TRENDING_TTL_SECONDS: '300' })
    const source = await mine.source('twitter', 'eve')
    expect(await secondsLater(1)).toMatchObject({ hashtags: [{ count: 2 }, { count: 1 }] })
    await mine.post(source, { published_at: '2026-11-20T12:10:00Z', tags: ['tea'] })
    expect(await secondsLater(2)).toMatchObject({ hashtags: [{ count: 3 }, { count: 1 }] })
  })
})

/** Where there is no Redis to be had, nothing can be switched off. */
const whereRedisIs = queueStores().includes('redis') ? describe : describe.skip

whereRedisIs('ENABLE_REDIS_CACHE', () => {
  test.each([
    ['true', 'redis'],
    ['false', 'postgres'],
  ])('%s: %s counts, and the answer is the same', async (value, store) => {
    redis = await openTestRedis()
    await open({ REDIS_URL: redis.url, ENABLE_REDIS_CACHE: value })
    const ctx = contextOf(app.parts, new AbortController().signal, commandOrigin('test'))
    await syncTags(ctx, { workspaceId: mine.workspaceId, minutes: 60 })
    expect(await trending()).toMatchObject({
      store,
      hashtags: [
        { hashtag: 'tea', count: 2 },
        { hashtag: 'biscuit', count: 1 },
      ],
    })
    const keys = await redis.client.keys('earshot:tags:*')
    expect(keys.length > 0).toBe(store === 'redis')
  })
})
