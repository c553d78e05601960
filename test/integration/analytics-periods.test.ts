import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { draws } from '../../bench/analytics/planted.ts'
import { foldRollups } from '../../src/features/rollups/index.ts'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Written, write } from '../support/category-world.ts'
import { type Collected, collectedBy } from '../support/collected.ts'

/** Rankings are put together from months, days and what is not folded yet. */
const dayMs = 86_400_000
const now = new Date('2026-11-20T12:00:00Z')
let app: TestApp
let person: SignedIn
let mine: Collected

beforeAll(async () => {
  app = await startTestApp({ clock: { now: () => now } })
  person = await app.signIn()
  mine = await collectedBy(app, person)
  const source = await mine.source('twitter', 'ada')
  const authors: string[] = []
  for (let index = 0; index < 6; index++)
    authors.push(await mine.author('twitter', `author${index}`))
  const draw = draws(7)
  const one = (): Written => ({
    author: authors[draw.whole(authors.length)] ?? null,
    category: ['Art', 'Tech', null][draw.whole(3)] ?? null,
    at: new Date(now.getTime() - Math.floor(draw.uniform() * 420 * dayMs)).toISOString(),
    kind: draw.whole(8) === 0 ? 'comment' : 'tweet',
    likes: draw.whole(3) === 0 ? null : draw.whole(100),
  })
  await write(mine, source, Array.from({ length: 2_500 }, one))
  await foldRollups({
    em: app.parts.database.orm.em.fork() as never,
    signal: new AbortController().signal,
  })
  await write(mine, source, Array.from({ length: 300 }, one))
})
afterAll(async () => {
  await mine.close()
  await app.close()
})

type Category = {
  category: string
  posts: number
  authors: number
  total: { value: number | null; n: number }
}

const period = fc.record({
  days: fc.oneof(fc.integer({ min: 1, max: 400 }), fc.constantFrom(28, 30, 31, 61, 92, 365)),
  // Ends of months are where months are counted wrongly.
  ago: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.constantFrom(0, 19, 20, 21, 50, 51)),
})

test('a ranking of any days is what plain SQL counts over the posts', async () => {
  await fc.assert(
    fc.asyncProperty(period, async ({ days, ago }) => {
      const until = new Date(now.getTime() - ago * dayMs).toISOString().slice(0, 10)
      const { body } = await person.call(
        'GET',
        `/api/analytics/categories/top?days=${days}&until=${until}`,
      )
      const { rows } = await mine.client.query(
        `select category, count(*)::int as posts, count(distinct author_id)::int as authors,
           count(engagement)::int as n, coalesce(sum(engagement), 0)::int as total
         from posts where kind <> 'comment' and author_id is not null and category is not null
           and published_at >= $1::date - ($2::int - 1) and published_at < $1::date + 1
         group by category order by total desc, category`,
        [until, days],
      )
      const { categories } = body as { categories: Category[] }
      expect(
        categories.map(({ category, posts, authors, total }) => ({
          category,
          posts,
          authors,
          n: total.n,
          total: total.value ?? 0,
        })),
      ).toEqual(rows)
    }),
    { numRuns: 40 },
  )
})
