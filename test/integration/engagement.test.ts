import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type EngagedPost, type EngagedWorld, openEngagedWorld } from '../support/engaged-world.ts'

const now = '2026-11-20T12:07:00Z'
let world: EngagedWorld
beforeAll(async () => {
  world = await openEngagedWorld(now)
})
afterAll(() => world?.close())

type Value = { value: number | null; definition: string; n: number; reason?: string }
type Totals = Record<'views' | 'likes' | 'comments' | 'shares' | 'engagement', Value>
type Rates = Record<'erByFollowers' | 'erByViews' | 'erByReach' | 'likeRate', Value>
type Figures = {
  totals: Totals & { posts: number }
  perPost: Totals
  meansOfRatios: Rates & { upvoteRatio: Value }
  ratiosOfSums: Rates
}
type Answer = Figures & {
  from: string
  to: string
  coverage: { ratio: number | null; sources: number }
  definitions: { id: string; formula: string }[]
  platforms: Record<string, Record<string, Value>>
  groups: (Figures & { platform: string; kind: string; source: { id: string; handle: string } })[]
  groupsLeftOut: number
}
const engagement = (query = '') => world.get<Answer>(`/api/analytics/engagement?${query}`)

describe('the seeds’ formulas', () => {
  test('F01, F02, F05: the example of seed 003 by its registered definitions', async () => {
    const source = await world.collected.source('youtube', 'seed003')
    await world.posts(source, [
      { at: '2026-11-10T10:00:00Z', views: 1_234, likes: 89, comments: 23, shares: 12 },
    ])
    const { meansOfRatios, ratiosOfSums, totals, platforms } = await engagement(`source=${source}`)
    expect(meansOfRatios.likeRate).toEqual({ value: 7.2123, definition: 'like_rate', n: 1 })
    expect(meansOfRatios.likeRate.value?.toFixed(2)).toBe('7.21')
    expect(meansOfRatios.erByViews.value?.toFixed(2)).toBe('10.05')
    expect(ratiosOfSums.likeRate.value).toBe(meansOfRatios.likeRate.value)
    expect(totals.engagement).toEqual({ value: 124, definition: 'engagement', n: 1 })
    expect(platforms.youtube?.likeRatio).toEqual({
      value: null,
      definition: 'youtube_like_ratio',
      n: 0,
      reason: 'dislikes_not_public',
    })
    expect(meansOfRatios.erByReach.reason).toBe('reach_not_reported')
  })

  test('F01: a tweet’s rate divides by the followers at the time of the post', async () => {
    const source = await world.collected.source('twitter', 'followed')
    await world.posts(source, [
      { at: '2026-11-10T10:00:00Z', likes: 30, shares: 10, comments: 10, audience: 1_000 },
      { at: '2026-11-11T10:00:00Z', likes: 10, audience: 10_000 },
      { at: '2026-11-12T10:00:00Z', likes: 999, audience: null },
    ])
    const { platforms } = await engagement(`source=${source}`)
    // (5 % + 0.1 %) / 2 beside (50 + 10) / 11,000: the two differ, and say which they are.
    expect(platforms.twitter).toMatchObject({
      engagementRate: { value: 2.55, definition: 'er_by_followers', n: 2 },
      engagementRateOfSums: { value: 0.5455, definition: 'er_by_followers_of_sums', n: 2 },
    })
  })

  test('F03: Reddit’s upvote ratio is the mean of what Reddit says; score counts from zero up', async () => {
    const source = await world.collected.source('reddit', 'votes')
    await world.posts(source, [
      { at: '2026-11-10T10:00:00Z', score: 100, comments: 5, upvote_ratio: 0.95 },
      { at: '2026-11-10T11:00:00Z', score: -20, comments: 3, upvote_ratio: 0.25 },
      { at: '2026-11-10T12:00:00Z', kind: 'comment', score: 7_000 },
    ])
    const { platforms, totals } = await engagement(`source=${source}`)
    expect(platforms.reddit?.upvoteRatio).toMatchObject({ value: 0.6, n: 2 })
    expect(totals.engagement).toMatchObject({ value: 108, n: 2 })
    expect(totals.views).toMatchObject({ value: null, n: 0, reason: 'not_reported' })
    const comments = await engagement(`source=${source}&kind=comment`)
    expect(comments.totals).toMatchObject({ posts: 1, engagement: { value: 7_000 } })
  })
})

const count = fc.option(fc.integer({ min: 0, max: 10_000 }), { nil: null })
const post: fc.Arbitrary<EngagedPost> = fc.record({
  // Two years: whole weeks in the middle, quarters of an hour at the ends.
  at: fc
    .integer({ min: 0, max: 730 * 24 * 60 })
    .map((minute) => new Date(Date.parse(now) - minute * 60_000).toISOString()),
  views: count,
  likes: count,
  comments: count,
  shares: count,
  audience: count,
})
const number = (value: number | null | undefined) => value ?? null
const known = (values: (number | null)[]) => values.filter((one): one is number => one !== null)
const sum = (values: (number | null)[]) => known(values).reduce((all, one) => all + one, 0)
const ratio = (part: number | null, whole: number | null) =>
  part === null || whole === null || whole <= 0 ? null : { part, whole }

const interactions = ({ likes, comments, shares }: EngagedPost) =>
  [likes, comments, shares].every((one) => number(one) === null)
    ? null
    : (likes ?? 0) + (comments ?? 0) + (shares ?? 0)

/** By hand from the posts, in other words than the rollups'. */
function expected(posts: EngagedPost[]) {
  const rate = (of: (one: EngagedPost) => number | null, by: (one: EngagedPost) => number | null) =>
    posts.map((one) => ratio(of(one), by(one))).filter((one) => one !== null)
  const both = (pairs: { part: number; whole: number }[]) => ({
    n: pairs.length,
    mean: (100 * sum(pairs.map(({ part, whole }) => part / whole))) / pairs.length,
    ofSums: (100 * sum(pairs.map(({ part }) => part))) / sum(pairs.map(({ whole }) => whole)),
  })
  return {
    views: { n: known(posts.map((one) => number(one.views))).length },
    likes: sum(posts.map((one) => number(one.likes))),
    engagement: sum(posts.map(interactions)),
    byViews: both(rate(interactions, (one) => number(one.views))),
    byFollowers: both(rate(interactions, (one) => number(one.audience))),
  }
}

const close = (value: number | null, wanted: number, n: number) =>
  n === 0 ? expect(value).toBeNull() : expect(value).toBeCloseTo(wanted, 3)

describe('any posts', () => {
  test('give what counting them by hand gives, folded or not, over any period', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(post, { maxLength: 40 }),
        fc.integer({ min: 1, max: 730 }),
        fc.boolean(),
        async (posts, days, folded) => {
          const source = await world.collected.source('twitter', `any${Math.random()}`)
          await world.posts(source, posts)
          if (folded) await world.fold()
          const answer = await engagement(`source=${source}&days=${days}`)
          const inside = posts.filter(({ at }) => at >= answer.from && at < now)
          const wanted = expected(inside)
          expect(answer.totals.posts).toBe(inside.length)
          expect(answer.totals.views.n).toBe(wanted.views.n)
          expect(answer.totals.likes.value ?? 0).toBe(wanted.likes)
          expect(answer.totals.engagement.value ?? 0).toBe(wanted.engagement)
          const { meansOfRatios: means, ratiosOfSums: ofSums } = answer
          close(means.erByViews.value, wanted.byViews.mean, wanted.byViews.n)
          close(ofSums.erByViews.value, wanted.byViews.ofSums, wanted.byViews.n)
          close(means.erByFollowers.value, wanted.byFollowers.mean, wanted.byFollowers.n)
          close(ofSums.erByFollowers.value, wanted.byFollowers.ofSums, wanted.byFollowers.n)
          expect(JSON.stringify(answer)).not.toMatch(/NaN|Infinity/)
        },
      ),
      { numRuns: 25, endOnFailure: true },
    )
  })

  test('groups by platform, kind and source add up to the whole, and say what they leave out', async () => {
    await world.fold()
    const whole = await engagement('days=400')
    for (const groupBy of ['platform', 'kind', 'source']) {
      const { groups } = await engagement(`days=400&groupBy=${groupBy}&limit=100`)
      const posts = groups.reduce((all, { totals }) => all + totals.posts, 0)
      const likes = groups.reduce((all, { totals }) => all + (totals.likes.value ?? 0), 0)
      expect([groupBy, posts, likes]).toEqual([
        groupBy,
        whole.totals.posts,
        whole.totals.likes.value,
      ])
    }
    const few = await engagement('days=400&groupBy=source&limit=2')
    const all = await engagement('days=400&groupBy=source&limit=100')
    expect(few.groups).toEqual(all.groups.slice(0, 2))
    expect(few.groupsLeftOut).toBe(all.groups.length - 2)
  })
})

describe('asked about nothing', () => {
  test('a period without posts has no posts, and no number that is made up', async () => {
    const answer = await engagement('from=2001-01-01&to=2001-02-01&groupBy=source')
    expect(answer.totals).toMatchObject({ posts: 0, likes: { value: null, reason: 'no_posts' } })
    expect(answer.meansOfRatios.erByViews).toMatchObject({ value: null, n: 0, reason: 'no_posts' })
    expect(answer.groups).toEqual([])
    expect(answer.platforms.twitch).toMatchObject({
      averageViewers: { value: null },
      hoursWatched: { value: null },
      consistency: { value: null, n: 0 },
    })
  })

  test.each([
    ['from=2030-01-01', '/from'],
    ['from=2026-11-02&to=2026-11-01', '/from'],
    ['days=0', '/days'],
    ['groupBy=author', '/groupBy'],
    ['kind=photo', '/kind'],
    ['source=abc', '/source'],
  ])('%s is refused, naming %s', async (query, pointer) => {
    const answer = await world.person.call('GET', `/api/analytics/engagement?${query}`)
    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.body)).toContain(pointer)
  })

  test('every definition that is named is spelt out, and stands in the registry', async () => {
    const answer = await engagement('days=400&groupBy=platform')
    const registry = await world.get<{ items: { id: string }[] }>('/api/analytics/definitions')
    const spelt = new Set(answer.definitions.map(({ id }) => id))
    const named = [...JSON.stringify(answer).matchAll(/"definition":"(\w+)"/g)].map(([, id]) => id)
    expect(named.length).toBeGreaterThan(50)
    expect(named.filter((id) => !spelt.has(id ?? ''))).toEqual([])
    expect([...spelt].filter((id) => !registry.items.some((one) => one.id === id))).toEqual([])
  })

  test('F15, T05: an answer is kept until its data changes', async () => {
    const source = await world.collected.source('youtube', 'kept')
    const query = `source=${source}&groupBy=kind`
    const [first, second] = [await engagement(query), await engagement(query)]
    expect(second).toEqual(first)
    await world.posts(source, [{ at: '2026-11-19T10:00:00Z', likes: 1, views: 10 }])
    expect((await engagement(query)).totals.posts).toBe(1)
    await world.fold()
    expect((await engagement(query)).totals.posts).toBe(1)
  })
})
