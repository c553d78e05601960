import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Written, write } from '../support/category-world.ts'
import { type Collected, collectedBy } from '../support/collected.ts'

const clock = { now: () => new Date('2026-11-20T12:00:00Z') }
let app: TestApp
let person: SignedIn
let world: Collected
let source: string
let author: string
beforeAll(async () => {
  app = await startTestApp({ clock })
  person = await app.signIn()
  world = await collectedBy(app, person)
  source = await world.source('twitter', 'blog')
  author = await world.author('twitter', 'Author_5')
})
afterAll(async () => {
  await world?.close()
  await app?.close()
})
beforeEach(() => world.client.query('delete from posts'))

const get = async <T>(path: string): Promise<T> => {
  const { status, body } = await person.call('GET', path)
  expect([status, body]).toEqual([200, expect.anything()])
  return body as T
}
type Value = {
  value: number | null
  definition: string
  n: number
  reason?: string
  low?: number
  high?: number
}
const post = (some: Partial<Written> = {}): Written => ({
  author,
  category: 'Tech',
  at: '2026-11-15T10:00:00Z',
  ...some,
})

describe('one post', () => {
  type Post = Record<string, unknown> & { figures: Value[] }

  test("seed 003's example: 1,358 with views, and 7.21 is likes by views", async () => {
    const [id] = await write(world, source, [
      post({ at: '2024-11-15T22:00:00Z', views: 1_234, likes: 89, comments: 23, shares: 12 }),
    ])
    await world.client.query('update posts set title = $1, audience = 6200, audience_at = now()', [
      'Understanding Modern Data Analytics',
    ])
    const answer = await get<Post>(`/api/analytics/posts/${id}`)
    expect(answer).toMatchObject({
      post_id: id,
      title: 'Understanding Modern Data Analytics',
      author_name: 'AUTHOR_5',
      category: 'Tech',
      publish_date: '2024-11-15',
      views: 1_234,
      likes: 89,
      comments: 23,
      shares: 12,
      total_engagements: 1_358,
      engagement_rate: 7.21,
      promoted: false,
    })
    const figures = Object.fromEntries(answer.figures.map((one) => [one.definition, one.value]))
    expect(figures).toMatchObject({ engagement: 124, total_engagements: 1_358, er_by_followers: 2 })
    expect(figures.er_by_views).toBeCloseTo(10.05, 2)
    expect(figures.like_rate).toBeCloseTo(7.2123, 4)
    expect(answer.figures.find(({ definition }) => definition === 'er_by_reach')).toMatchObject({
      value: null,
      reason: 'reach_not_reported',
    })
    const spelt = (answer.definitions as { id: string }[]).map(({ id: one }) => one)
    for (const { definition } of answer.figures) expect(spelt).toContain(definition)
  })

  test('what the platform does not tell is null with the reason', async () => {
    const [silent, unseen] = await write(world, source, [post(), post({ views: 0, likes: 0 })])
    const answer = await get<Post>(`/api/analytics/posts/${silent}`)
    expect(answer).toMatchObject({ views: null, total_engagements: null, engagement_rate: null })
    const untold = ['views', 'likes', 'comments', 'shares', 'total_engagements', 'audience']
    expect(answer.reasons).toEqual(
      Object.fromEntries([...untold, 'engagement_rate'].map((name) => [name, 'not_reported'])),
    )
    // From the 15th at ten to the 20th at noon.
    expect(answer.coverage).toMatchObject({ ratio: 1, sources: 1, sourceHours: 122 })
    expect(answer.figures.map(({ value }) => value)).toEqual(answer.figures.map(() => null))
    const other = await get<Post>(`/api/analytics/posts/${unseen}`)
    expect(other).toMatchObject({ total_engagements: 0, engagement_rate: null })
    expect(other.reasons).toMatchObject({ engagement_rate: 'no_views', comments: 'not_reported' })
    expect(other.figures.find(({ definition }) => definition === 'like_rate')?.reason).toBe(
      'no_views',
    )
  })

  test('total_engagements says what it stands on', async () => {
    const [seen, liked, both] = await write(world, source, [
      post({ views: 40 }),
      post({ likes: 3 }),
      post({ views: 40, likes: 3 }),
    ])
    const told = async (id: string | undefined) => {
      const answer = await get<Post>(`/api/analytics/posts/${id}`)
      return [answer.total_engagements, answer.total_engagements_of]
    }
    expect(await told(seen)).toEqual([40, ['views']])
    expect(await told(liked)).toEqual([3, ['engagement']])
    expect(await told(both)).toEqual([43, ['views', 'engagement']])
  })

  test('somebody else finds no such post', async () => {
    const [id] = await write(world, source, [post()])
    const stranger = await app.signIn()
    expect((await stranger.call('GET', `/api/analytics/posts/${id}`)).status).toBe(404)
    expect((await stranger.call('GET', `/api/analytics/authors/${author}/trends`)).status).toBe(404)
  })
})

describe("an author's trends", () => {
  type Sums = {
    posts: Value
    engagement: Value
    views: Value
    averagePerPost: Value
    engagementAt24h: Value
  }
  type Trends = {
    trends: (Sums & { days: number; before: Sums; growth: Record<keyof Sums, Value> })[]
    series: { day: string; complete: boolean; posts: number | null; engagement: number | null }[]
    standing: { category: string; rank: number; authors: number; total: Value } | null
    standingReason?: string
  }
  const trends = () => get<Trends>(`/api/analytics/authors/${author}/trends`)
  const day = (ago: number) =>
    new Date(Date.parse('2026-11-20T10:00:00Z') - ago * 86_400_000).toISOString()

  test('7 and 30 whole days next to as many before; today is apart', async () => {
    await write(world, source, [
      post({ at: day(0), likes: 1_000 }),
      ...[1, 3, 7].map((ago) => post({ at: day(ago), likes: 10 })),
      ...[8, 14].map((ago) => post({ at: day(ago), likes: 10 })),
      ...[15, 31].map((ago) => post({ at: day(ago), likes: 5 })),
      post({ at: day(2), likes: 77, kind: 'comment' }),
    ])
    const {
      trends: [week, month],
      series,
    } = await trends()
    expect(week).toMatchObject({
      days: 7,
      from: '2026-11-13T00:00:00.000Z',
      to: '2026-11-20T00:00:00.000Z',
      posts: { value: 3 },
      engagement: { value: 30, n: 3 },
      averagePerPost: { value: 10 },
      before: { posts: { value: 2 }, engagement: { value: 20 } },
      growth: { posts: { value: 0.5 }, engagement: { value: 0.5 }, averagePerPost: { value: 0 } },
    })
    expect(month).toMatchObject({ posts: { value: 6 }, before: { posts: { value: 1 } } })
    expect(series).toHaveLength(31)
    expect(series.at(-1)).toMatchObject({
      day: '2026-11-20',
      complete: false,
      posts: 1,
      engagement: 1_000,
    })
    expect(series.at(-2)).toMatchObject({ day: '2026-11-19', complete: true, posts: 1 })
    expect(series.at(-3)).toMatchObject({ posts: 0, engagement: 0 })
  })

  test('younger posts are compared at the same age, with an interval', async () => {
    const given = [...[2, 3, 4], ...[9, 10, 11]].map((ago) => post({ at: day(ago), likes: 500 }))
    const ids = await write(world, source, given)
    const partition = `select ensure_sample_partitions('2026-10-01', 3)`
    await world.client.query(partition)
    for (const [index, id] of ids.entries()) {
      await world.client.query(
        `insert into post_samples (workspace_id, post_id, sampled_at, likes)
         select workspace_id, id, published_at + interval '24 hours', $2 from posts where id = $1`,
        [id, index < 3 ? 100 + index * 10 : 50 + index],
      )
    }
    const {
      trends: [week],
    } = await trends()
    expect(week?.engagementAt24h).toMatchObject({ value: 110, n: 3, level: 0.95 })
    // Student's factor for two degrees, 4.3027, by 10 / √3.
    expect(week?.engagementAt24h.low).toBeCloseTo(110 - 4.3027 * (10 / Math.sqrt(3)), 2)
    expect(week?.before.engagementAt24h).toMatchObject({ value: 54, n: 3 })
    expect(week?.growth.engagementAt24h.value).toBeCloseTo(110 / 54 - 1, 10)
    // Logarithms: ln(110 / 54), give or take 0.0536 times Student's factor for 2.17 degrees, near 4.
    expect(week?.growth.engagementAt24h.low).toBeCloseTo(0.65, 1)
    expect(week?.growth.engagementAt24h.high).toBeCloseTo(1.52, 1)
    expect(week?.growth.engagementAt24h).toMatchObject({ level: 0.95 })
    expect(week?.growth.engagement.value).toBe(0)
  })

  test('days that nobody watched are no zeros, and no measure for growth', async () => {
    const late = await world.source('twitter', 'late', '2026-11-12T00:00:00Z')
    await write(
      world,
      late,
      [1, 9].map((ago) => post({ at: day(ago), likes: 10 })),
    )
    const {
      trends: [week],
      series,
    } = await trends()
    expect(week?.growth.posts).toMatchObject({ value: null, reason: 'not_watched_before' })
    expect(series.find(({ day: one }) => one === '2026-11-11')).toMatchObject({ posts: 1 })
    expect(series.find(({ day: one }) => one === '2026-11-10')).toMatchObject({
      posts: null,
      engagement: null,
    })
    expect(series.find(({ day: one }) => one === '2026-11-13')).toMatchObject({ posts: 0 })
  })

  test('from nothing there is no rate, and without posts there is nothing', async () => {
    expect(await trends()).toMatchObject({
      standing: null,
      standingReason: 'no_post_with_a_category',
      trends: [
        { posts: { value: 0 }, engagement: { value: null, reason: 'no_items' } },
        { posts: { value: 0 } },
      ],
    })
    await write(world, source, [post({ at: day(1), likes: 10 })])
    const {
      trends: [week],
    } = await trends()
    expect(week?.growth.posts).toMatchObject({ value: null, reason: 'from_zero' })
    expect(week?.growth.engagement).toMatchObject({ value: null, reason: 'nothing_before' })
  })

  test('rank in the category of most of their posts', async () => {
    const [better, worse] = [
      await world.author('twitter', 'better'),
      await world.author('twitter', 'worse'),
    ]
    await write(world, source, [
      ...[1, 2].map((ago) => post({ at: day(ago), likes: 10 })),
      post({ at: day(1), category: 'Art', likes: 900 }),
      post({ at: day(1), author: better, likes: 21 }),
      post({ at: day(1), author: worse, likes: 19 }),
      post({ at: day(40), author: worse, likes: 999 }),
    ])
    expect((await trends()).standing).toMatchObject({
      category: 'Tech',
      rank: 2,
      authors: 3,
      total: { value: 20 },
    })
  })
})
