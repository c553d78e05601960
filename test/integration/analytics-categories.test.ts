import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { spread, type Written, write } from '../support/category-world.ts'
import { type Collected, collectedBy } from '../support/collected.ts'

const clock = { now: () => new Date('2026-11-20T12:00:00Z') }
let app: TestApp
let person: SignedIn
let world: Collected
let source: string
beforeAll(async () => {
  app = await startTestApp({ clock })
  person = await app.signIn()
  world = await collectedBy(app, person)
  source = await world.source('twitter', 'blog')
})
afterAll(async () => {
  await world?.close()
  await app?.close()
})

type Value = { value: number | null; n: number; reason?: string }
type Ranked = {
  rank: number
  author: { handle: string }
  posts: number
  total: Value
  averagePerPost: Value
}
type Category = {
  rank: number
  category: string
  authors: number
  posts: number
  views: number | null
  total: Value
  shareOfTotal: Value
  averagePerPost: Value
  medianOfAuthors: Value
  topAuthor: { handle: string; total: number } | null
}
type Top = {
  categories: Category[]
  all: { posts: number; total: Value }
  uncategorized: { posts: number; total: Value }
  withoutAuthor: { posts: number }
}

const top = async (query = '') => {
  const answer = await person.call('GET', `/api/analytics/categories/top?${query}`)
  expect(answer.status).toBe(200)
  return answer.body as Top
}
const authorsOf = async (category: string, query = '') => {
  const name = encodeURIComponent(category)
  const answer = await person.call('GET', `/api/analytics/categories/${name}/authors?${query}`)
  expect(answer.status).toBe(200)
  return answer.body as { authors: Ranked[]; authorCount: number; medianOfAuthors: Value }
}

/**
 * Seed 003, query 1: author, category, posts, views, likes, comments, total, average, rank. Its eighth
 * row is the same author's other kind of posts: here a category of its own.
 */
const seed = [
  ['Author_6', 'Lifestyle', 19, 80, 17, 1, 98, 5.16, 1],
  ['Author_26', 'Business', 24, 75, 10, 0, 85, 3.54, 1],
  ['Author_32', 'Tech', 15, 55, 9, 1, 65, 4.33, 1],
  ['Author_14', 'Entertainment', 14, 53, 8, 2, 63, 4.5, 1],
  ['Author_28', 'Lifestyle', 16, 53, 7, 1, 61, 3.81, 2],
  ['Author_10', 'Business', 13, 49, 9, 1, 59, 4.54, 2],
  ['Author_22', 'Lifestyle', 13, 51, 7, 0, 58, 4.46, 3],
  ['Author_28', 'Lifestyle & Tech', 13, 48, 3, 0, 51, 3.92, 1],
  ['Author_5', 'Business', 14, 47, 3, 0, 50, 3.57, 3],
  ['Author_19', 'Tech', 9, 45, 5, 0, 50, 5.56, 2],
] as const

describe("seed 003's top authors", () => {
  const ids = new Map<string, string>()
  beforeAll(async () => {
    await world.client.query('delete from posts')
    for (const [handle, category, posts, views, likes, comments] of seed) {
      const author = ids.get(handle) ?? (await world.author('twitter', handle))
      ids.set(handle, author)
      const [seen, liked, said] = [
        spread(views, posts),
        spread(likes, posts),
        spread(comments, posts),
      ]
      await write(
        world,
        source,
        seen.map(
          (some, index): Written => ({
            author,
            category,
            at: `2026-10-${String(1 + (index % 28)).padStart(2, '0')}T09:00:00Z`,
            views: some,
            likes: liked[index] ?? 0,
            comments: said[index] ?? 0,
            shares: 0,
          }),
        ),
      )
    }
  })

  test.each([...new Set(seed.map(([, category]) => category))])('%s, ranked', async (category) => {
    const { authors, authorCount } = await authorsOf(category, 'measure=total_engagements')
    expect(
      authors.map(({ author, posts, total, averagePerPost, rank }) => [
        author.handle,
        posts,
        total.value,
        Math.round((averagePerPost.value ?? 0) * 100) / 100,
        rank,
      ]),
    ).toEqual(
      seed
        .filter((row) => row[1] === category)
        .map(([handle, , posts, , , , total, average, rank]) => [
          handle,
          posts,
          total,
          average,
          rank,
        ]),
    )
    expect(authorCount).toBe(authors.length)
  })

  test('without views it is another ranking, and the answer says which', async () => {
    const { authors } = await authorsOf('Business')
    expect(authors.map(({ author, total }) => [author.handle, total.value])).toEqual([
      ['Author_26', 10],
      ['Author_10', 10],
      ['Author_5', 3],
    ])
    expect(authors.map(({ rank }) => rank)).toEqual([1, 1, 3])
    expect(authors[0]?.total).toMatchObject({ definition: 'engagement', n: expect.any(Number) })
  })

  test('top categories: total, share, median of authors, best author', async () => {
    const { categories, all } = await top('days=90&measure=total_engagements')
    expect(categories.map(({ category, total }) => [category, total.value])).toEqual([
      ['Lifestyle', 217],
      ['Business', 194],
      ['Tech', 115],
      ['Entertainment', 63],
      ['Lifestyle & Tech', 51],
    ])
    expect(all.total.value).toBe(640)
    expect(categories[0]).toMatchObject({
      rank: 1,
      authors: 3,
      posts: 48,
      topAuthor: { handle: 'Author_6', total: 98 },
    })
    expect(categories[0]?.shareOfTotal.value).toBeCloseTo(217 / 640, 12)
    expect(categories[0]?.medianOfAuthors.value).toBeCloseTo(58 / 13, 12)
    expect((await top('days=90&limit=2')).categories).toHaveLength(2)
  })
})

test('what tells nothing is null, not 0; what is nowhere is said apart', async () => {
  await world.client.query('delete from posts')
  const author = await world.author('twitter', 'quiet')
  const at = '2026-11-10T00:00:00Z'
  await write(world, source, [
    { author, category: 'Silent', at },
    { author, category: null, at, likes: 3 },
    { author: null, category: 'Orphan', at, likes: 5 },
    { author, category: 'Silent', at, likes: 100, kind: 'comment' },
  ])
  const answer = await top()
  expect(answer.categories).toHaveLength(1)
  expect(answer.categories[0]).toMatchObject({
    category: 'Silent',
    posts: 1,
    views: null,
    total: { value: null, n: 0, reason: 'not_reported' },
    shareOfTotal: { value: null },
    medianOfAuthors: { value: null },
    topAuthor: null,
  })
  expect(answer.all).toMatchObject({ posts: 3, total: { value: 8, n: 2 } })
  expect(answer.uncategorized).toMatchObject({ posts: 1, total: { value: 3 } })
  expect(answer.withoutAuthor.posts).toBe(1)
})

test('no post: no category, and no share of nothing', async () => {
  await world.client.query('delete from posts')
  const answer = await top()
  expect(answer.categories).toEqual([])
  expect(answer.all).toMatchObject({ posts: 0, total: { value: null, reason: 'no_items' } })
  const none = await authorsOf('Nowhere')
  expect(none).toMatchObject({ authors: [], authorCount: 0, medianOfAuthors: { value: null } })
})

test('equal plain SQL over the posts, folded or not, promoted or not', async () => {
  const ids: string[] = []
  for (const handle of 'vwxyz') ids.push(await world.author('twitter', handle))
  const number = fc.option(fc.integer({ min: 0, max: 30 }))
  const post = fc.record({
    author: fc.option(fc.constantFrom(...ids)),
    category: fc.constantFrom(null, 'Tech', 'Art', 'Food'),
    kind: fc.constantFrom('tweet', 'tweet', 'comment'),
    promoted: fc.boolean(),
    views: number,
    likes: number,
    at: fc.constantFrom('2026-11-20T11:00:00Z', '2026-10-22T00:00:00Z', '2026-10-21T23:59:59Z'),
  })
  const asked = fc.record({
    measure: fc.constantFrom('engagement', 'total_engagements'),
    promoted: fc.constantFrom(null, true, false),
    folded: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(post, { maxLength: 40 }), asked, async (posts, ask) => {
      await world.client.query('delete from posts')
      await write(world, source, posts)
      if (ask.folded)
        await world.client.query('select fold_rollups($1, 100000)', [world.workspaceId])
      const filter = ask.promoted === null ? '' : `&promoted=${ask.promoted}`
      const answer = await top(`measure=${ask.measure}${filter}`)
      const { rows } = await world.client.query(plain, [ask.measure, ask.promoted])
      expect(
        answer.categories.map(
          ({ category, authors, posts: count, total, averagePerPost, shareOfTotal }) => ({
            category,
            authors,
            posts: count,
            total: total.value,
            average: averagePerPost.value,
            share: shareOfTotal.value,
          }),
        ),
      ).toEqual(rows)
    }),
    { numRuns: 40 },
  )
})

/** Straight from the posts. */
const plain = `
  with own as (
    select *, case $1 when 'engagement' then likes else case when views is null and likes is null
      then null else coalesce(views, 0) + coalesce(likes, 0) end end as told
    from posts where kind <> 'comment' and published_at >= '2026-10-22'
      and ($2::boolean is null or promoted = $2)),
  whole as (select sum(told) as total from own)
  select category, count(distinct author_id)::int as authors, count(*)::int as posts,
    sum(told)::int as total, avg(told)::float8 as average,
    case when sum(told) is null or w.total = 0 then null
      else sum(told)::float8 / w.total::float8 end as share
  from own cross join whole w where category is not null and author_id is not null
  group by category, w.total order by count(told) > 0 desc, coalesce(sum(told), 0) desc, category`
