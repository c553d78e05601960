import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type Answer, type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'
import { asOwner } from '../support/servers.ts'

const start = Date.parse('2026-11-20T12:34:20Z')
const at = { now: start }
let app: TestApp
let person: SignedIn
let mine: Collected
let source: string

beforeAll(async () => {
  app = await startTestApp({ clock: { now: () => new Date(at.now) } })
})
afterAll(() => app?.close())

beforeEach(async () => {
  at.now = start
  person = await app.signIn()
  mine = await collectedBy(app, person)
  source = await mine.source('twitter', 'ada')
})
afterEach(() => mine.close())

const get = <T = Record<string, never>>(
  path: string,
): Promise<Omit<Answer, 'body'> & { body: T }> => person.call('GET', path) as never
const ago = (minutes: number) => new Date(at.now - minutes * 60_000).toISOString()
const post = (minutesAgo: number, tags: string[], more: object = {}) =>
  mine.post(source, { published_at: ago(minutesAgo), tags, ...more })

type Tag = { hashtag: string; count: number }

describe('GET /api/hashtags/trending', () => {
  const path = '/api/hashtags/trending'

  test('answers as the contract says: the most used first, equal ones by name', async () => {
    for (const tags of [['python', 'ai'], ['python', 'tech'], ['python'], ['ai'], ['zig']]) {
      await post(5, tags)
    }
    const { status, body } = await get(`${path}?window_minutes=60&k=3`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      hashtags: [
        { hashtag: 'python', count: 3 },
        { hashtag: 'ai', count: 2 },
        { hashtag: 'tech', count: 1 },
      ],
      window_minutes: 60,
      total_count: 3,
      store: 'postgres',
      definitions: [{ id: 'tag_posts' }],
      coverage: { sources: 1, ratio: 1 },
      from: '2026-11-20T11:35:00.000Z',
      to: '2026-11-20T12:35:00.000Z',
    })
  })

  test('the window is exact to the minute, and 7 days long at most', async () => {
    for (const published of ['11:34:59.999Z', '11:35:00.000Z', '12:34:59.999Z', '12:35:00.000Z']) {
      await mine.post(source, { published_at: `2026-11-20T${published}`, tags: ['edge'] })
    }
    await post(10_080, ['before'])
    await post(10_079, ['week'])
    const counts = async (query: string) =>
      (await get<{ hashtags: Tag[] }>(path + query)).body.hashtags
    expect(await counts('')).toEqual([{ hashtag: 'edge', count: 2 }])
    expect(await counts('?window_minutes=61')).toEqual([{ hashtag: 'edge', count: 3 }])
    expect(await counts('?window_minutes=10080')).toEqual([
      { hashtag: 'edge', count: 3 },
      { hashtag: 'week', count: 1 },
    ])
  })

  test('one platform alone', async () => {
    const reddit = await mine.source('reddit', 'news')
    await post(5, ['tea', 'x'])
    await mine.post(reddit, { published_at: ago(5), tags: ['tea'] })
    const { body } = await get(`${path}?platform=reddit`)
    expect(body).toMatchObject({ hashtags: [{ hashtag: 'tea', count: 1 }], total_count: 1 })
  })

  test('nothing is an empty list, in both orders', async () => {
    for (const by of ['count', 'surprise']) {
      const { status, body } = await get(`${path}?by=${by}`)
      expect([status, body]).toMatchObject([200, { hashtags: [], total_count: 0 }])
    }
  })

  test.each([
    ['window_minutes=0', '/window_minutes'],
    ['window_minutes=10081', '/window_minutes'],
    ['window_minutes=1.5', '/window_minutes'],
    ['k=0', '/k'],
    ['k=101', '/k'],
    ['by=luck', '/by'],
    ['platform=myspace', '/platform'],
    ['zone=Mars/Base', '/zone'],
    ['windowMinutes=5', '/windowMinutes'],
  ])('%s is refused by name', async (query, pointer) => {
    const { status, body } = await get<{ errors: { pointer: string }[] }>(`${path}?${query}`)
    expect(status).toBe(400)
    expect(JSON.stringify(body)).toContain(pointer)
  })

  test('another workspace sees none of it', async () => {
    await post(5, ['secret'])
    const other = await app.signIn()
    expect((await other.call('GET', path)).body).toMatchObject({ hashtags: [] })
    expect((await other.call('GET', '/api/hashtags/search?q=s')).body).toMatchObject({
      hashtags: [],
    })
    expect((await other.call('GET', '/api/reports/top-hashtags')).body).toMatchObject({
      hashtags: [],
    })
  })
})

/** 20 posts by hand: A in 8, B in 10, both in 6; C in 3 of A's, D in 2 of them, E in none. */
const twenty: string[][] = [
  ['a', 'b', 'c'],
  ['a', 'b', 'c'],
  ['a', 'b', 'd'],
  ['a', 'b', 'd'],
  ['a', 'b'],
  ['a', 'b'],
  ['a', 'c'],
  ['a'],
  ...Array.from({ length: 4 }, () => ['b', 'e']),
  ...Array.from({ length: 8 }, () => []),
]

describe('GET /api/hashtags/recommendations', () => {
  const path = '/api/hashtags/recommendations?target_hashtag='
  type Recommended = { hashtag: string; cooccurrence_rate: number; lift: number; npmi: number }
  const recommended = async (query: string) =>
    (await get<{ recommendations: Recommended[] }>(path + query)).body.recommendations

  test('the 20 posts by hand', async () => {
    for (const [index, tags] of twenty.entries()) await post(index, tags)
    const { status, body } = await get(`${path}%23A&min_cooccurrence_rate=0.1`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      target_hashtag: 'a',
      min_cooccurrence_rate: 0.1,
      posts: 8,
      looked_at: 8,
      reason: null,
      recommendations: [
        { hashtag: 'b', cooccurrence_rate: 0.75, support: 6, lift: 1.5, jaccard: 0.5 },
        { hashtag: 'c', cooccurrence_rate: 0.375, support: 3, lift: 2.5, jaccard: 0.375 },
      ],
    })
    const [b, c] = await recommended('a')
    expect(b?.npmi).toBeCloseTo(Math.log(1.5) / -Math.log(0.3), 12)
    expect(c?.npmi).toBeCloseTo(Math.log(2.5) / -Math.log(0.15), 12)
    expect((await recommended('a&sort=lift')).map(({ hashtag }) => hashtag)).toEqual(['c', 'b'])
    expect(await recommended('a&min_cooccurrence_rate=0.5')).toHaveLength(1)
    expect((await recommended('a&min_support=2')).map(({ hashtag }) => hashtag)).toEqual([
      'b',
      'c',
      'd',
    ])
    // Wilson's interval of 6 in 8.
    expect(b).toMatchObject({
      rate_low: expect.closeTo(0.4093, 3),
      rate_high: expect.closeTo(0.9285, 3),
    })
  })

  test('nobody uses it: none, with the reason; no name at all is refused', async () => {
    expect((await get(`${path}nothing`)).body).toMatchObject({
      recommendations: [],
      posts: 0,
      reason: 'no_posts_with_this_hashtag',
    })
    expect((await get(`${path}%23`)).status).toBe(400)
    expect((await get('/api/hashtags/recommendations')).status).toBe(400)
  })

  test('of a very common one the newest 20,000 posts, exact over the period that it says', async () => {
    await mine.client.query(
      `with p as (
         insert into posts (workspace_id, source_id, platform, kind, external_id, published_at, fetched_at)
         select $1, $2, 'twitter', 'tweet', 'n' || n, $3::timestamptz - n * interval '2 minutes', now()
         from generate_series(1, 22000) n returning id, published_at, external_id)
       insert into post_tags select $1, tag, published_at, id
       from p, unnest(case when right(external_id, 1) in ('1', '2', '3') then array['big', 'beside']
         else array['big'] end) tag`,
      [mine.workspaceId, source, new Date(at.now)],
    )
    await asOwner(app.ownerUrl, (client) => client.query('analyze posts, post_tags'))
    const { body } = await get<{
      from: string
      to: string
      posts: number
      looked_at: number
      recommendations: { cooccurrence_rate: number; support: number; lift: number }[]
    }>(`${path}big`)
    expect(body.posts).toBe(22_000)
    expect(body.looked_at).toBeLessThanOrEqual(20_000)
    expect(body.looked_at).toBeGreaterThan(19_900)
    const { rows } = await mine.client.query(
      `select count(*) filter (where tag = 'big')::int as a, count(*) filter (where tag = 'beside')::int as b
       from post_tags where published_at >= $1 and published_at < $2`,
      [body.from, body.to],
    )
    expect(body.looked_at).toBe(rows[0].a)
    expect(body.recommendations).toMatchObject([
      { support: rows[0].b, cooccurrence_rate: rows[0].b / rows[0].a, lift: 1 },
    ])
  })
})

describe('GET /api/hashtags/search', () => {
  const search = async (q: string) =>
    (await get<{ hashtags: Tag[] }>(`/api/hashtags/search?q=${encodeURIComponent(q)}`)).body
      .hashtags

  test('by prefix, most used first; wildcards are letters like others', async () => {
    for (const tags of [['tea', 'team'], ['tea'], ['tee'], ['ärger'], ['t_x'], ['日本語']]) {
      await post(5_000, tags)
    }
    expect(await search('#TE')).toEqual([
      { hashtag: 'tea', count: 2 },
      { hashtag: 'team', count: 1 },
      { hashtag: 'tee', count: 1 },
    ])
    expect(await search('t_')).toEqual([{ hashtag: 't_x', count: 1 }])
    expect(await search('%')).toEqual([])
    expect(await search('Ä')).toEqual([{ hashtag: 'ärger', count: 1 }])
    expect(await search('日')).toEqual([{ hashtag: '日本語', count: 1 }])
    expect((await get('/api/hashtags/search?q=')).status).toBe(400)
  })
})

describe('reports', () => {
  test('the top of all time', async () => {
    for (const tags of [['old'], ['old', 'new'], ['old']]) await post(400_000, tags)
    expect((await get('/api/reports/top-hashtags?limit=1')).body).toMatchObject({
      hashtags: [{ hashtag: 'old', count: 3 }],
      limit: 1,
      total_count: 1,
    })
    expect((await get('/api/reports/top-hashtags?limit=0')).status).toBe(400)
  })

  const growing = '/api/reports/fastest-growing?hours=24&limit=15'

  test('what grew beyond chance: not 1 -> 3, not what grew as everything did not', async () => {
    const day = 1_440
    const some = async (tag: string, before: number, now: number) => {
      for (let n = 0; n < before; n++) await post(day + 60 + n, [tag])
      for (let n = 0; n < now; n++) await post(60 + n, [tag])
    }
    await some('few', 1, 3)
    await some('steady', 30, 31)
    await some('rising', 10, 60)
    await some('fresh', 0, 8)
    const { body } = await get(growing)
    expect(body).toMatchObject({
      hashtags: [
        { hashtag: 'rising', count: 60, count_before: 10, growth: 6 },
        { hashtag: 'fresh', count: 8, count_before: 0, growth: null, growth_high: null },
      ],
      hours: 24,
      limit: 15,
      total_count: 2,
      tested: 3,
      observed: { now: 1, before: 1 },
      reason: null,
    })
  })

  test('a window before that nobody watched is no window with nothing in it', async () => {
    for (let n = 0; n < 20; n++) await post(60 + n, ['loud'])
    await mine.client.query(
      `insert into coverage_gaps (workspace_id, source_id, from_at, to_at, reason, posts)
       values ($1, $2, $3, $4, 'not_running', 'possibly_missing')`,
      [mine.workspaceId, source, ago(2_880), ago(1_439)],
    )
    expect((await get(growing)).body).toMatchObject({
      hashtags: [],
      reason: 'window_before_not_observed',
      observed: { now: expect.closeTo(1, 2), before: expect.closeTo(0, 2) },
    })
  })
})
