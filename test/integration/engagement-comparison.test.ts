import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { quantile } from '../../src/statistics/quantile.ts'
import { type EngagedWorld, openEngagedWorld } from '../support/engaged-world.ts'

const now = '2026-11-20T12:00:00Z'
const hourMs = 3_600_000
let world: EngagedWorld
beforeAll(async () => {
  world = await openEngagedWorld(now)
})
afterAll(() => world?.close())

type Figure = { value: number | null; n: number; low?: number; high?: number; reason?: string }
type Group = {
  platform: string
  kind: string | null
  source: { id: string; handle: string } | null
  median: Figure
  q1: number | null
  q3: number | null
  since: string | null
  shareKnown: number | null
  timesTheOthers: Figure
  difference: string
}
type Comparison = { from: string; to: string; groups: Group[]; groupsLeftOut: number }
type Aged = {
  ageHours: number
  value: number | null
  sampledAgeHours: number | null
  others: { median: Figure; q1: number | null; q3: number | null }
  timesTheMedian: Figure
  inWords: string | null
}
type OnePost = {
  measure: string
  curve: { ageHours: number; value: number | null }[]
  ages: Aged[]
}
const compare = (query: string) =>
  world.get<Comparison>(`/api/analytics/engagement/comparison?${query}`)
const hoursAgo = (hours: number) => new Date(Date.parse(now) - hours * hourMs).toISOString()

/** Posts an hour apart, each with so many likes 24 hours after publication; null: nobody looked then. */
async function publish(source: string, likes: readonly (number | null)[], firstHoursAgo = 30) {
  const times = likes.map((_, index) => hoursAgo(firstHoursAgo + index))
  const ids = await world.posts(
    source,
    times.map((at) => ({ at, likes: 1_000_000 })),
  )
  await world.looks(
    ids.flatMap((post, index) => {
      const value = likes[index] ?? null
      const at = new Date(Date.parse(times[index] ?? now) + 24 * hourMs).toISOString()
      return value === null ? [] : [{ post, at, likes: value }]
    }),
  )
  return ids
}
const around = (middle: number, n: number) =>
  Array.from({ length: n }, (_, index) => middle + ((index * 7) % n) - Math.floor(n / 2))

describe('F08: groups at equal age', () => {
  test('a difference is told with its interval; where there is none, that is the answer', async () => {
    for (const [handle, middle] of [
      ['loud', 900],
      ['even', 100],
      ['level', 101],
    ] as const) {
      await publish(await world.collected.source('youtube', handle), around(middle, 40))
    }
    const { groups } = await compare('platform=youtube&by=source&age=24')
    expect(groups.map(({ source }) => source?.handle)).toEqual(['loud', 'level', 'even'])
    const [loud] = groups
    expect(loud).toMatchObject({ difference: 'higher', shareKnown: 1, since: null })
    expect(loud?.median).toMatchObject({ n: 40, value: 899.5 })
    expect(loud?.timesTheOthers.low).toBeGreaterThan(6)
    const alone = await compare(`source=${loud?.source?.id}&by=source`)
    expect(alone.groups[0]).toMatchObject({
      difference: 'not comparable',
      timesTheOthers: { value: null, reason: 'too_few_posts_to_compare' },
    })
  })

  test('two sources of one world do not differ reliably', async () => {
    const one = await world.collected.source('reddit', 'one')
    const other = await world.collected.source('reddit', 'other')
    const values = (shift: number) =>
      Array.from({ length: 30 }, (_, index) =>
        Math.round(Math.exp(((index * 11 + shift) % 30) / 5)),
      )
    for (const [source, shift] of [
      [one, 0],
      [other, 3],
    ] as const) {
      const ids = await world.posts(
        source,
        values(shift).map((_, index) => ({ at: hoursAgo(30 + index), score: 9 })),
      )
      await world.looks(
        ids.map((post, index) => ({
          post,
          at: hoursAgo(6 + index),
          score: values(shift)[index] ?? 0,
        })),
      )
    }
    const { groups } = await compare('platform=reddit&by=source')
    expect(groups.map(({ difference }) => difference)).toEqual([
      'no reliable difference',
      'no reliable difference',
    ])
  })

  test('any values: median, quartiles, n and the share that was looked at, as by hand', async () => {
    const value = fc.option(fc.nat({ max: 500 }), { nil: null })
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 40 }), async (values) => {
        const source = await world.collected.source('twitter', `any${Math.random()}`)
        await publish(source, values)
        const known = values.filter((one) => one !== null)
        const { groups } = await compare(`source=${source}&by=source&age=24`)
        const [group] = groups
        const rounded = (share: number) => {
          const found = quantile(known, share)
          return found === null ? null : Math.round(found * 10_000) / 10_000
        }
        expect([group?.q1, group?.median.value, group?.q3]).toEqual([0.25, 0.5, 0.75].map(rounded))
        expect(group?.median.n).toBe(known.length)
        expect(group?.shareKnown).toBeCloseTo(known.length / values.length, 3)
        const { groups: kinds } = await compare(`source=${source}&by=kind&age=24`)
        expect(kinds[0]).toMatchObject({ kind: 'tweet', median: group?.median })
      }),
      { numRuns: 20, endOnFailure: true },
    )
  })

  test('of a large group its newest posts stand for it, and since when is said', async () => {
    const source = await world.collected.source('twitter', 'prolific')
    await publish(source, [...Array.from({ length: 250 }, () => 10), ...Array(100).fill(99)])
    const [group] = (await compare(`source=${source}&by=source&age=24&days=60`)).groups
    expect(group?.median).toMatchObject({ value: 10, n: 250 })
    expect(group?.since).toBe(new Date(Date.parse(hoursAgo(279)) + 15 * 60_000).toISOString())
    expect(group?.shareKnown).toBe(1)
  })

  test('posts that are too young for the age are not held against anybody', async () => {
    const source = await world.collected.source('twitter', 'fresh')
    await world.posts(source, [{ at: hoursAgo(2), likes: 5 }])
    const answer = await compare(`source=${source}&age=24&days=3`)
    expect(answer.to).toBe(hoursAgo(24))
    expect(answer.groups).toEqual([])
    expect((await compare(`source=${source}&age=168&days=2`)).groups).toEqual([])
  })

  test('what a platform does not report is not compared', async () => {
    const source = await world.collected.source('twitch', 'live')
    const posts = await world.posts(
      source,
      Array.from({ length: 9 }, (_, index) => ({ at: hoursAgo(200 + index) })),
    )
    await world.looks(
      posts.map((post, index) => ({ post, at: hoursAgo(194 + index), viewers: 50 })),
    )
    const [engagement] = (await compare('platform=twitch&by=platform&age=6')).groups
    expect(engagement).toMatchObject({
      median: { value: null, n: 0, reason: 'no_sample_near_this_age' },
      q1: null,
      difference: 'not comparable',
    })
    const [viewers] = (await compare('platform=twitch&by=platform&age=6&measure=viewers')).groups
    expect(viewers?.median).toMatchObject({ value: 50, n: 9 })
  })
})

describe('one post', () => {
  const of = (id: string, query = '') =>
    world.get<OnePost>(`/api/analytics/posts/${id}/comparison?${query}`)

  test('its curve, and at each age its source’s quartiles without itself', async () => {
    const source = await world.collected.source('youtube', 'own')
    const [newest = ''] = await publish(source, [310, ...around(100, 23)])
    const answer = await of(newest)
    expect(answer.curve).toEqual([expect.objectContaining({ ageHours: 24, value: 310 })])
    const [hour, , day] = answer.ages
    expect(hour).toMatchObject({
      value: null,
      timesTheMedian: { reason: 'no_sample_near_this_age' },
    })
    expect(day).toMatchObject({
      ageHours: 24,
      value: 310,
      sampledAgeHours: 24,
      others: { median: { value: 100, n: 23 }, q1: 94.5, q3: 105.5 },
      inWords: "3.1 times this source's median at 24 hours",
    })
  })

  test('of a stream, viewers', async () => {
    const source = await world.collected.source('twitch', 'alone')
    const [post = ''] = await world.posts(source, [{ at: hoursAgo(10) }])
    await world.looks([
      { post, at: hoursAgo(9), viewers: 40 },
      { post, at: hoursAgo(4), viewers: 60 },
    ])
    const answer = await of(post)
    expect(answer.measure).toBe('viewers')
    expect(answer.curve.map(({ ageHours, value }) => [ageHours, value])).toEqual([
      [1, 40],
      [6, 60],
    ])
    expect(answer.ages[1]).toMatchObject({ value: 60, timesTheMedian: { value: null, n: 0 } })
  })

  test('that nobody has, and one of somebody else, are not found', async () => {
    const stranger = await world.app.signIn()
    const source = await world.collected.source('youtube', 'mine')
    const [post = ''] = await world.posts(source, [{ at: hoursAgo(5), likes: 1 }])
    const path = `/api/analytics/posts/${post}/comparison`
    expect((await stranger.call('GET', path)).status).toBe(404)
    const missing = await world.person.call('GET', '/api/analytics/posts/999999/comparison')
    expect(missing.status).toBe(404)
  })
})
