import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { opportunities } from '../../src/statistics/opportunity.ts'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { spread, type Written, write } from '../support/category-world.ts'
import { type Collected, collectedBy } from '../support/collected.ts'

const clock = { now: () => new Date('2026-11-20T12:00:00Z') }
const path = '/api/analytics/authors/opportunities'
let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ clock })
})
afterAll(() => app?.close())

type Row = {
  author: { handle: string }
  category: string
  posts: number
  averagePerPost: { value: number; n: number }
  categoryMedian: { value: number }
  categoryMedianPosts: number
  segment: string
  opportunityScore: number
}
type Answer = {
  opportunities: Row[]
  found: number
  lift: { score: number; total: { value: number }; shareOfTotal: { value: number; reason: string } }
  segments: Record<string, number>
  coverage: object
}

async function openWorld(): Promise<{ person: SignedIn; world: Collected; source: string }> {
  const person = await app.signIn()
  const world = await collectedBy(app, person)
  return { person, world, source: await world.source('twitter', 'blog') }
}

/** Seed 003's ten rows: posts, likes in all, and how many posts tell none, so that averages fit. */
const seed: [name: string, category: string, posts: number, likes: number, silent: number][] = [
  ['Author_18', 'Business', 83, 86, 0],
  ['Author_16', 'Business', 85, 92, 0],
  ['Author_29', 'Lifestyle', 81, 101, 0],
  ['Author_37', 'Lifestyle', 79, 100, 2],
  ['Author_36', 'Health', 74, 63, 8],
  ['Author_31', 'Lifestyle', 77, 98, 1],
  ['Author_42', 'Tech', 87, 101, 0],
  ['Author_47', 'Lifestyle', 90, 126, 1],
  ['Author_20', 'Business', 76, 96, 0],
  ['Author_8', 'Tech', 82, 104, 0],
]

/** Who stands in the middle of each category, and as many above it as the seed has below. */
const others: typeof seed = [
  ['Middle_B', 'Business', 25, 39, 0],
  ['Middle_L', 'Lifestyle', 24, 42, 0],
  ['Middle_H', 'Health', 25, 36, 0],
  ['Middle_T', 'Tech', 25, 38, 0],
  ...(['Business', 'Lifestyle', 'Health', 'Tech'] as const).flatMap((category) =>
    seed
      .filter((row) => row[1] === category)
      .map((_, index): (typeof seed)[number] => [`${category}_${index}`, category, 20, 60, 0]),
  ),
]

/** Author, average, median and score as the seed prints them. */
const printed = [
  ['Author_18', 1.04, 1.56, 43],
  ['Author_16', 1.08, 1.56, 41],
  ['Author_29', 1.25, 1.75, 41],
  ['Author_37', 1.3, 1.75, 36],
  ['Author_36', 0.95, 1.44, 36],
  ['Author_31', 1.29, 1.75, 35],
  ['Author_42', 1.16, 1.52, 31],
  ['Author_47', 1.42, 1.75, 30],
  ['Author_20', 1.26, 1.56, 23],
  ['Author_8', 1.27, 1.52, 21],
]

describe("seed 003's coaching targets", () => {
  let person: SignedIn
  let world: Collected
  let source: string
  beforeAll(async () => {
    ;({ person, world, source } = await openWorld())
    for (const [handle, category, posts, likes, silent] of [...seed, ...others]) {
      const author = await world.author('twitter', handle)
      const at = '2026-11-01T10:00:00Z'
      const given = spread(likes, posts, silent).map(
        (some): Written => ({ author, category, at, likes: some }),
      )
      await write(world, source, given)
    }
    // Neither counts as an author's post in a category, but the first is part of the total.
    await write(world, source, [
      { author: null, category: null, at: '2026-11-02T10:00:00Z', likes: 50_000 },
      { author: null, category: null, at: '2026-11-02T10:00:00Z', likes: 9, kind: 'comment' },
    ])
  })
  afterAll(() => world?.close())

  const ask = async (query = '') => {
    const { status, body } = await person.call(
      'GET',
      `${path}?segment=high_volume_low_engagement${query}`,
    )
    expect([status, body]).toEqual([200, expect.anything()])
    return body as Answer
  }

  test('the ten rows come out exactly, and their sum is 337', async () => {
    const answer = await ask()
    expect(
      answer.opportunities
        .map(({ author, averagePerPost, categoryMedian, opportunityScore }) => [
          author.handle,
          Math.round(averagePerPost.value * 100) / 100,
          Math.round(categoryMedian.value * 100) / 100,
          opportunityScore,
        ])
        .toSorted(),
    ).toEqual(printed.toSorted())
    expect(answer.opportunities.map(({ posts }) => posts).toSorted()).toEqual(
      seed.map((row) => row[2]).toSorted(),
    )
    const scores = answer.opportunities.map(({ opportunityScore }) => opportunityScore)
    expect(scores).toEqual([43, 41, 41, 36, 36, 35, 31, 30, 23, 21])
    expect(answer.found).toBe(10)
    expect(answer.lift.score).toBe(337)
  })

  test('the lift is a share of the true total, not the 15 to 20 % that the seed claims', async () => {
    const { lift } = await ask()
    const likes = [...seed, ...others].reduce((sum, row) => sum + row[3], 0) + 50_000
    expect(lift.total.value).toBe(likes)
    expect(lift.shareOfTotal.value).toBeCloseTo(337 / likes, 12)
    expect(lift.shareOfTotal.value).toBeLessThan(0.007)
  })

  test('filters choose rows and leave the medians alone', async () => {
    const tech = await ask('&category=Tech')
    expect(tech.opportunities.map(({ author }) => author.handle)).toEqual(['Author_42', 'Author_8'])
    expect((await ask('&minPosts=85')).opportunities.map(({ posts }) => posts)).toEqual([
      85, 87, 90,
    ])
    expect((await ask('&minPosts=91')).found).toBe(0)
    const quality = await person.call('GET', `${path}?segment=undiscovered_quality&limit=200`)
    const rows = (quality.body as Answer).opportunities
    expect(rows.map(({ author }) => author.handle).toSorted()).toEqual(
      others
        .slice(4)
        .map((row) => row[0])
        .toSorted(),
    )
    expect(rows.every(({ opportunityScore }) => opportunityScore === 0)).toBe(true)
    expect((quality.body as Answer).segments).toEqual({
      high_volume_high_engagement: 4,
      high_volume_low_engagement: 10,
      undiscovered_quality: 10,
    })
  })

  test('the days decide: outside them there is nothing, and nothing is no share', async () => {
    const none = await ask('&days=7')
    expect(none.opportunities).toEqual([])
    expect(none.segments).toEqual({})
    expect(none.lift.score).toBe(0)
    expect(none.lift.shareOfTotal).toMatchObject({ value: null, reason: 'no_items' })
    expect((await ask('&days=1&until=2026-11-01')).lift.score).toBe(337)
    expect((await ask('&days=1&until=2026-11-02')).opportunities).toEqual([])
  })

  test('promoted posts alone, or the others alone', async () => {
    const author = await world.author('twitter', 'promoter')
    const post = { author, category: 'Ads', at: '2026-11-03T10:00:00Z', likes: 4 }
    await write(world, source, [{ ...post, promoted: true, likes: 10 }, post, post])
    const shares = async (promoted: string) => {
      const { body } = await person.call('GET', `${path}?category=Ads&promoted=${promoted}`)
      return (body as Answer).opportunities.map(({ posts, averagePerPost }) => [
        posts,
        averagePerPost.value,
      ])
    }
    expect(await shares('true')).toEqual([[1, 10]])
    expect(await shares('false')).toEqual([[2, 4]])
  })
})

test.each([
  ['days=0', '/days'],
  ['days=9999', '/days'],
  ['until=soon', '/until'],
  ['until=0001-01-01', '/until'],
  ['minPosts=0', '/minPosts'],
  ['segment=good', '/segment'],
  ['limit=1000', '/limit'],
])('%s is a problem that names %s', async (query, pointer) => {
  const person = await app.signIn()
  const { status, body } = await person.call('GET', `${path}?${query}`)
  expect(status).toBe(400)
  expect(JSON.stringify(body)).toContain(pointer)
})

test('equal the formula on any posts of any authors', async () => {
  const { person, world, source } = await openWorld()
  const ids: string[] = []
  for (const handle of 'abcde') ids.push(await world.author('twitter', handle))
  const post = fc.record({
    author: fc.constantFrom(...ids),
    category: fc.constantFrom('Tech', 'Art'),
    likes: fc.option(fc.integer({ min: 0, max: 40 })),
    at: fc.constantFrom(
      '2026-11-01T00:00:00Z',
      '2026-11-20T11:59:00Z',
      '2026-08-22T23:59:00Z',
      '2026-08-23T00:00:00Z',
    ),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(post, { maxLength: 60 }), async (posts) => {
      await world.client.query('delete from posts')
      await write(world, source, posts)
      const { body } = await person.call('GET', `${path}?limit=200`)
      const answer = (body as Answer).opportunities.map((row) => ({
        key: `${row.category} ${row.author.handle}`,
        posts: row.posts,
        average: row.averagePerPost.value,
        median: row.categoryMedian.value,
        segment: row.segment,
        score: row.opportunityScore,
      }))
      expect(answer.toSorted(byKey)).toEqual(truth(posts, ids).toSorted(byKey))
    }),
    { numRuns: 25 },
  )
  await world.close()
})

type Keyed = { key: string }
const byKey = (one: Keyed, other: Keyed) => (one.key < other.key ? -1 : 1)

/** By the pure function, over posts that are counted one by one. 22 August is one day too old. */
function truth(posts: readonly Written[], ids: readonly string[]) {
  const own = posts.filter(({ at }) => !at.startsWith('2026-08-22'))
  const groups = Map.groupBy(
    own,
    ({ author, category }) => `${category} ${'abcde'[ids.indexOf(author ?? '')]}`,
  )
  const rows = [...groups].flatMap(([key, of]) => {
    const told = of.flatMap(({ likes }) => (likes == null ? [] : [likes]))
    const average = told.reduce((sum, one) => sum + one, 0) / told.length
    const category = key.slice(0, key.indexOf(' '))
    return told.length === 0 ? [] : [{ author: key, category, posts: of.length, average }]
  })
  return opportunities(rows).map((row) => ({
    key: row.author,
    posts: row.posts,
    average: row.average,
    median: row.categoryMedian,
    segment: row.segment,
    score: row.opportunityScore,
  }))
}
