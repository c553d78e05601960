import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type EngagedWorld, openEngagedWorld } from '../support/engaged-world.ts'

let world: EngagedWorld
beforeAll(async () => {
  world = await openEngagedWorld('2026-11-20T12:00:00Z')
})
afterAll(() => world?.close())
beforeEach(() => world.collected.client.query('delete from posts'))

type Sums = Record<'views' | 'likes' | 'comments' | 'shares', number | null> & {
  reasons: Record<string, string>
}
const at = '2026-11-10T09:20:00Z'
let serial = 0
const fresh = (name: string) => `${name}${++serial}`

/** Everything there is, by one author and of one category. */
const nameAll = async (platform: string, handle: string) => {
  const author = await world.collected.author(platform, handle)
  await world.collected.client.query(
    `update posts set author_id = $1, category = 'Art' where author_id is null`,
    [author],
  )
  return author
}

describe('what a platform does not report is null with the reason', () => {
  beforeEach(async () => {
    const { collected, posts } = world
    await posts(await collected.source('reddit', fresh('board')), [{ at, score: 7, comments: 2 }])
    await nameAll('reddit', fresh('redditor'))
  })

  const reddit = {
    ...{ views: null, likes: null, comments: 2, shares: null },
    reasons: { views: 'not_reported', likes: 'not_reported', shares: 'not_reported' },
  }

  test('of categories, and of their authors', async () => {
    type Top = { categories: (Sums & { rank: number })[] }
    const { categories } = await world.get<Top>('/api/analytics/categories/top')
    expect(categories).toMatchObject([{ rank: 1, ...reddit }])
    expect(categories[0]?.reasons).toEqual(reddit.reasons)
    type Authors = { authors: (Sums & { rank: number })[] }
    const { authors } = await world.get<Authors>('/api/analytics/categories/Art/authors')
    expect(authors).toMatchObject([{ rank: 1, ...reddit }])
  })

  test('of hours', async () => {
    type Cell = Sums & { day: number; hour: number; posts: number; total: number | null }
    const { cells } = await world.get<{ cells: Cell[] }>('/api/analytics/engagement-patterns')
    // The tenth was a Tuesday.
    const cell = cells[24 + 9]
    expect(cell).toMatchObject({ day: 2, hour: 9, posts: 1, total: 9, ...reddit })
    // Where nothing was published there is nothing, and that is known.
    expect(cells[0]).toMatchObject({ posts: 0, views: 0, likes: 0, shares: 0, total: 0 })
  })

  test('of all but the promoted, and of the promoted', async () => {
    const ask = (promoted: boolean) =>
      world.get<{ categories: Sums[] }>(`/api/analytics/categories/top?promoted=${promoted}`)
    expect((await ask(false)).categories).toMatchObject([reddit])
    await world.collected.client.query('update posts set promoted = true')
    expect((await ask(true)).categories).toMatchObject([reddit])
    expect((await ask(false)).categories).toEqual([])
  })
})

describe('of Twitch nobody knows the engagement', () => {
  let author: string
  beforeEach(async () => {
    const { collected, posts } = world
    await posts(await collected.source('twitch', fresh('live')), [{ at }])
    author = await nameAll('twitch', fresh('streamer'))
  })

  test('so its hours have no total, no share and no rate', async () => {
    type Patterns = {
      cells: Record<string, unknown>[]
      total: object
      weekdays: object
      weekends: object
      weekdayRatio: object
    }
    const answer = await world.get<Patterns>('/api/analytics/engagement-patterns')
    expect(answer.cells[24 + 9]).toMatchObject({
      ...{ posts: 1, total: null, averagePerPost: null, percentOfTotal: null, perHour: null },
      reasons: {
        total: 'not_reported',
        averagePerPost: 'not_reported',
        percentOfTotal: 'not_reported',
        perHour: 'not_reported',
      },
    })
    expect(answer.cells[0]).toMatchObject({
      ...{ posts: 0, total: 0, averagePerPost: null, percentOfTotal: null },
      reasons: { averagePerPost: 'no_items', percentOfTotal: 'total_is_zero' },
    })
    expect(answer.total).toMatchObject({ value: null, reason: 'not_reported' })
    expect(answer.weekdays).toMatchObject({ perHour: null, reasons: { perHour: 'not_reported' } })
    expect(answer.weekends).toMatchObject({ perHour: null, reasons: { perHour: 'no_items' } })
  })

  test('and nobody has a rank: neither first nor last', async () => {
    const unranked = { rank: null, reasons: { rank: 'not_reported' } }
    const path = `/api/analytics/authors/${author}/trends`
    type Trends = { standing: object; series: { day: string }[] }
    const { standing, series } = await world.get<Trends>(path)
    expect(standing).toMatchObject({ category: 'Art', authors: 1, ...unranked })
    expect(series.find(({ day }) => day === '2026-11-10')).toMatchObject({
      ...{ posts: 1, engagement: null, views: null },
      reasons: { engagement: 'not_reported', views: 'not_reported' },
    })
    type Ranked = { authors: object[] }
    const { authors } = await world.get<Ranked>('/api/analytics/categories/Art/authors')
    expect(authors).toMatchObject([unranked])
    const { categories } = await world.get<{ categories: object[] }>(
      '/api/analytics/categories/top',
    )
    expect(categories).toMatchObject([unranked])
  })

  test('while those who tell theirs are ranked before, also with nothing', async () => {
    const { collected, posts } = world
    await posts(await collected.source('twitter', fresh('blog')), [{ at, likes: 0 }])
    const teller = await nameAll('twitter', fresh('teller'))
    type Ranked = { authors: { rank: number | null; author: { id: string } }[] }
    const { authors } = await world.get<Ranked>('/api/analytics/categories/Art/authors')
    expect(authors.map(({ rank, author: { id } }) => [rank, id])).toEqual([
      [1, teller],
      [null, author],
    ])
    const { standing } = await world.get<{ standing: object }>(
      `/api/analytics/authors/${teller}/trends`,
    )
    expect(standing).toMatchObject({ rank: 1, authors: 2 })
  })
})
