import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type EngagedPost, type EngagedWorld, openEngagedWorld } from '../support/engaged-world.ts'

const now = '2026-11-20T12:00:00Z'
let world: EngagedWorld
beforeAll(async () => {
  world = await openEngagedWorld(now)
})
afterAll(() => world?.close())

type Figure = { value: number | null; n: number; low?: number; high?: number; reason?: string }
type Top = {
  by: string
  minimum: { of: string; value: number } | null
  among: { posts: number; least: number; complete: boolean }
  items: {
    rank: number
    value: Figure
    post: { id: string; source: { id: string }; publishedAt: string }
    timesTheMedian: Figure
    ageHours: number | null
    inWords: string | null
  }[]
}
const top = (query: string) => world.get<Top>(`/api/analytics/engagement/top?${query}`)
const daysAgo = (days: number) => new Date(Date.parse(now) - days * 86_400_000).toISOString()

const count = fc.option(fc.nat({ max: 2_000 }), { nil: null })
const post = fc.record({
  at: fc.integer({ min: 0, max: 60 * 96 }).map((quarter) => daysAgo(quarter / 96)),
  views: count,
  likes: count,
  comments: count,
  shares: count,
  audience: count,
})
type By = 'engagement' | 'views' | 'likes' | 'comments' | 'er_by_views' | 'er_by_followers'
const bys: By[] = ['engagement', 'views', 'likes', 'comments', 'er_by_views', 'er_by_followers']

const told = (value: number | null | undefined) => value ?? null
function engagementOf({ likes, comments, shares }: EngagedPost): number | null {
  const all = [told(likes), told(comments), told(shares)].filter((one) => one !== null)
  return all.length === 0 ? null : all.reduce((total, one) => total + one, 0)
}
function ranked(one: EngagedPost, by: By, minimum: number): number | null {
  const engagement = engagementOf(one)
  if (by === 'engagement') return engagement
  if (by === 'views' || by === 'likes' || by === 'comments') {
    // Ranked among those that tell views or engagement, which whoever tells these does.
    return told(one[by])
  }
  const whole = told(by === 'er_by_views' ? one.views : one.audience)
  return engagement === null || whole === null || whole < minimum
    ? null
    : (100 * engagement) / whole
}

describe('F07: top content', () => {
  test('is what sorting every post by hand gives', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(post, { maxLength: 30 }),
        fc.constantFrom(...bys),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 60 }),
        async (posts, by, limit, days) => {
          const source = await world.collected.source('twitter', `any${Math.random()}`)
          await world.posts(source, posts)
          const answer = await top(`source=${source}&by=${by}&limit=${limit}&days=${days}`)
          const wanted = posts
            .filter(({ at }) => at >= daysAgo(days) && at < daysAgo(0))
            .map((one) => ranked(one, by, 100))
            .filter((value) => value !== null)
            .toSorted((one, other) => other - one)
            .slice(0, limit)
          expect(answer.items.map(({ value }) => value.value)).toEqual(
            wanted.map((value) => Math.round(value * 10_000) / 10_000),
          )
          expect(answer.among.complete).toBe(true)
        },
      ),
      { numRuns: 40, endOnFailure: true },
    )
  })

  test('a rate of few views is chance: the minimum is told, and rises with the pool', async () => {
    const source = await world.collected.source('youtube', 'small')
    await world.posts(source, [
      { at: daysAgo(3), views: 2, likes: 2 },
      { at: daysAgo(4), views: 1_000, likes: 90 },
    ])
    const answer = await top(`source=${source}&by=er_by_views`)
    expect(answer.minimum).toEqual({ of: 'views', value: 100 })
    expect(answer.items.map(({ value }) => value.value)).toEqual([9])
    const all = await top(`source=${source}&by=er_by_views&minimum=1`)
    expect(all.items.map(({ value }) => value.value)).toEqual([100, 9])
  })

  test('says where the list is proven to be over all posts, and where not', async () => {
    const source = await world.collected.source('twitter', 'many')
    await world.posts(source, [
      ...Array.from({ length: 2_100 }, (_, index) => ({ at: daysAgo(5), likes: 100 + index })),
      { at: daysAgo(6), likes: 0, comments: 99 },
    ])
    const likes = await top(`source=${source}&by=likes&limit=5`)
    expect(likes.among).toMatchObject({ posts: 2_000, complete: true })
    // Nobody among the 2,000 tells comments: the one that does has fewer interactions than they.
    const comments = await top(`source=${source}&by=comments&limit=5`)
    expect(comments.among.complete).toBe(false)
  })

  test('leaves comments out unless they are asked for, and keeps to its platform', async () => {
    const source = await world.collected.source('reddit', 'talk')
    const [own] = await world.posts(source, [
      { at: daysAgo(2), score: 5, comments: 1 },
      { at: daysAgo(2), kind: 'comment', score: 90_000 },
    ])
    const reddit = await top('platform=reddit&days=10')
    expect(reddit.items.map(({ post: { id } }) => id)).toEqual([own])
    const comments = await top('platform=reddit&kind=comment&days=10')
    expect(comments.items.map(({ value }) => value.value)).toEqual([90_000])
    expect((await top('platform=twitch&days=10')).items).toEqual([])
  })
})

describe('beside its own source', () => {
  test('a post has so many times the median of the others at equal age', async () => {
    const source = await world.collected.source('youtube', 'channel')
    const ids = await world.posts(
      source,
      Array.from({ length: 21 }, (_, index) => ({ at: daysAgo(2 + index), likes: 1_000 - index })),
    )
    // At six hours the first has 310 likes, the others 90 to 109: a median of 99.5.
    await world.looks(
      ids.map((id, index) => ({
        post: id,
        at: new Date(Date.parse(daysAgo(2 + index)) + 6 * 3_600_000).toISOString(),
        likes: index === 0 ? 310 : 89 + index,
      })),
    )
    const [best] = (await top(`source=${source}&limit=1`)).items
    expect(best).toMatchObject({ ageHours: 6, timesTheMedian: { value: 3.1156, n: 20 } })
    expect(best?.inWords).toBe("3.1 times this source's median at 6 hours")
    const { low = 0, high = 0 } = best?.timesTheMedian ?? {}
    expect([low, high]).toEqual([2.9808, 3.2632])
  })

  test('too few others, or none of that age, is said and not guessed', async () => {
    const source = await world.collected.source('youtube', 'young')
    const [post = ''] = await world.posts(source, [{ at: daysAgo(1), likes: 10 }])
    expect((await top(`source=${source}`)).items[0]?.timesTheMedian).toMatchObject({
      value: null,
      reason: 'no_sample_near_a_common_age',
    })
    await world.looks([{ post, at: daysAgo(1 - 1 / 24), likes: 4 }])
    await world.posts(source, [{ at: daysAgo(3), likes: 1 }])
    expect((await top(`source=${source}`)).items[0]).toMatchObject({
      timesTheMedian: { value: null, n: 0, reason: 'too_few_posts_to_compare' },
      inWords: null,
    })
  })
})
