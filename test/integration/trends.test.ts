import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'
import { missed, publish } from '../support/measured-world.ts'

const at = { now: new Date('2026-11-20T12:00:00Z') }
let app: TestApp
let person: SignedIn
let mine: Collected

beforeAll(async () => {
  app = await startTestApp({ clock: { now: () => at.now } })
})
afterAll(() => app.close())

async function asSomeone(work: () => Promise<void>) {
  person = await app.signIn()
  mine = await collectedBy(app, person)
  await work().finally(() => mine.close())
}

type Point = {
  from: string
  to: string
  local: string
  value: number | null
  min: number | null
  max: number | null
  low?: number
  high?: number
  reason: string | null
  movingAverage: number | null
  posts: number
  n: number
  observed: number
  whole: boolean
  maturing: boolean
  buckets: number
}
type FigureLike = { value: number | null; n: number; reason?: string; low?: number; high?: number }
type Answer = {
  points: Point[]
  bucketsPerPoint: number
  total: FigureLike
  growth: Record<'firstToLast' | 'daily' | 'againstBefore', FigureLike>
  frequency: FigureLike
  definitions: { id: string }[]
}

async function trends(query: string): Promise<Answer> {
  const { status, body } = await person.call('GET', `/api/analytics/trends?${query}`)
  expect({ status, body }).toMatchObject({ status: 200 })
  expect(JSON.stringify(body)).not.toMatch(/NaN|Infinity/)
  return body
}
const hours = ({ from, to }: Point) => (Date.parse(to) - Date.parse(from)) / 3_600_000

describe('days are as long as the zone’s calendar says', () => {
  test.each([
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z', 23],
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00.000Z', 25],
    ['Asia/Kathmandu', '2026-10-25', '2026-10-24T18:15:00.000Z', 24],
    ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00.000Z', 24.5],
    ['Australia/Lord_Howe', '2026-10-04', '2026-10-03T13:30:00.000Z', 23.5],
    ['America/Havana', '2026-11-01', '2026-11-01T04:00:00.000Z', 25],
  ])('%s, %s', (zone, day, from, length) =>
    asSomeone(async () => {
      const source = await mine.source('twitter', 'ada')
      const begins = Date.parse(from)
      const inside = [0, 1, length * 4 - 1].map((quarter) => begins + quarter * 900_000)
      const outside = [begins - 1, begins + length * 3_600_000]
      const posts = [...inside, ...outside].map((ms) => ({
        at: new Date(ms).toISOString(),
        likes: 1,
      }))
      await publish(mine, source, posts)
      const around = `from=${new Date(begins - 3 * 86_400_000).toISOString()}&to=${new Date(begins + 4 * 86_400_000).toISOString()}`
      const { points } = await trends(`${around}&zone=${zone}&metric=likes`)
      const found = points.find(({ local }) => local.startsWith(day))
      expect(found).toMatchObject({ from, value: 3, posts: 3, n: 3, whole: true, observed: 1 })
      expect(found && hours(found)).toBe(length)
      expect(points.reduce((total, { posts: own }) => total + own, 0)).toBe(5)
    }),
  )
})

test('the hour that an autumn night has twice is two hours, and Lord Howe has half of one', () =>
  asSomeone(async () => {
    const source = await mine.source('twitter', 'ada')
    await publish(mine, source, [
      { at: '2026-10-25T00:59:59Z' },
      { at: '2026-10-25T01:00:00Z' },
      { at: '2026-04-04T15:10:00Z' },
    ])
    const night = 'from=2026-10-25T00:00:00Z&to=2026-10-25T02:00:00Z&bucket=hour&metric=posts'
    const { points } = await trends(`${night}&zone=Europe/Berlin`)
    expect(points.map(({ local, value }) => [local, value])).toEqual([
      ['2026-10-25T02:00:00+02:00', 1],
      ['2026-10-25T02:00:00+01:00', 1],
    ])
    const howe = 'from=2026-04-04T14:00:00Z&to=2026-04-04T16:30:00Z&bucket=hour&metric=posts'
    const half = await trends(`${howe}&zone=Australia/Lord_Howe`)
    expect(half.points.map((point) => [point.local, hours(point), point.value])).toEqual([
      ['2026-04-05T01:00:00+11:00', 1, 0],
      ['2026-04-05T01:30:00+10:30', 0.5, 1],
      ['2026-04-05T02:00:00+10:30', 1, 0],
    ])
  }))

test('weeks begin on Monday', () =>
  asSomeone(async () => {
    const source = await mine.source('twitter', 'ada')
    await publish(mine, source, [{ at: '2026-11-01T23:59:59Z' }, { at: '2026-11-02T00:00:00Z' }])
    const { points } = await trends('bucket=week&metric=posts&from=2026-10-26&to=2026-11-16')
    expect(points.map(({ local, value }) => [local.slice(0, 10), value])).toEqual([
      ['2026-10-26', 1],
      ['2026-11-02', 1],
      ['2026-11-09', 0],
    ])
  }))

test('nothing is 0 where somebody watched, and null where nobody did', () =>
  asSomeone(async () => {
    const source = await mine.source('twitter', 'ada', '2026-11-03T00:00:00Z')
    await missed(mine, source, { from: '2026-11-05T00:00:00Z', to: '2026-11-06T12:00:00Z' })
    await missed(mine, source, {
      from: '2026-11-08T00:00:00Z',
      to: '2026-11-09T00:00:00Z',
      posts: 'recovered',
    })
    await publish(mine, source, [
      { at: '2026-11-01T10:00:00Z', likes: 7 },
      { at: '2026-11-04T10:00:00Z', likes: 5 },
    ])
    const { points, frequency } = await trends('metric=likes&from=2026-10-30&to=2026-11-10')
    expect(
      points.map(({ from, value, reason, observed }) => [
        from.slice(5, 10),
        value,
        reason,
        observed,
      ]),
    ).toEqual([
      ['11-01', 7, null, 0],
      ['11-02', null, 'not_observed', 0],
      ['11-03', 0, null, 1],
      ['11-04', 5, null, 1],
      ['11-05', null, 'not_observed', 0],
      ['11-06', 0, null, 0.5],
      ['11-07', 0, null, 1],
      ['11-08', 0, null, 1],
      ['11-09', 0, null, 1],
    ])
    // One post in the five days that were watched well.
    expect(frequency).toMatchObject({ value: 1 / 5, n: 1 })
    expect(frequency.low).toBeCloseTo(0.0253 / 5, 4)
    expect(frequency.high).toBeCloseTo(5.5716 / 5, 4)
  }))

test('ratios are means of posts’ ratios, and what no post tells is null with the reason', () =>
  asSomeone(async () => {
    const source = await mine.source('twitter', 'ada')
    await publish(mine, source, [
      {
        at: '2026-11-01T10:00:00Z',
        likes: 10,
        comments: 0,
        shares: 0,
        views: 100,
        audience: 1_000,
      },
      {
        at: '2026-11-01T11:00:00Z',
        likes: 30,
        comments: 5,
        shares: 5,
        views: 100,
        audience: 2_000,
      },
      { at: '2026-11-02T10:00:00Z', compound: 0.5 },
      { at: '2026-11-02T11:00:00Z', compound: -0.1 },
    ])
    const days = 'from=2026-11-01&to=2026-11-04'
    const valuesOf = async (metric: string) =>
      (await trends(`${days}&metric=${metric}`)).points.map(({ value, reason }) => value ?? reason)
    expect(await valuesOf('er_by_views')).toEqual([25, 'not_reported', 'no_posts'])
    expect(await valuesOf('er_by_followers')).toEqual([1.5, 'not_reported', 'no_posts'])
    expect(await valuesOf('engagement')).toEqual([50, 'not_reported', 0])
    expect(await valuesOf('engagement_per_post')).toEqual([25, 'not_reported', 'no_posts'])
    expect(await valuesOf('score')).toEqual(['not_reported', 'not_reported', 0])
    expect(await valuesOf('posts')).toEqual([2, 2, 0])
    const { points, total } = await trends(`${days}&metric=compound`)
    const [, second] = points
    expect(second?.value).toBeCloseTo(0.2, 6)
    expect(second?.low).toBe(-1)
    expect(second?.high).toBe(1)
    expect(total).toMatchObject({ n: 2, definition: 'compound' })
  }))

test('growth compares whole, watched, ripe buckets, and the period with the one before', () =>
  asSomeone(async () => {
    const source = await mine.source('twitter', 'ada')
    const days = Array.from({ length: 20 }, (_, day) => ({
      at: new Date(Date.parse('2026-11-01T10:00:00Z') + day * 86_400_000).toISOString(),
      likes: day < 9 ? 10 : 10 * 2 ** (day - 9),
    }))
    await publish(mine, source, days)
    const { growth, points } = await trends('metric=likes&from=2026-11-10&to=2026-11-20')
    expect(growth.firstToLast.value).toBeCloseTo(2 ** 8 - 1, 9)
    expect(growth.daily.value).toBeCloseTo(1, 9)
    expect(points.at(-1)).toMatchObject({ maturing: true, whole: true })
    const grown = await trends('metric=likes&from=2026-11-10&to=2026-11-14')
    expect(grown.growth.againstBefore.value).toBeCloseTo((10 + 20 + 40 + 80) / 40 - 1, 9)
    await missed(mine, source, { from: '2026-11-06T00:00:00Z', to: '2026-11-08T00:00:00Z' })
    const holed = await trends('metric=likes&from=2026-11-10&to=2026-11-14')
    expect(holed.growth.againstBefore).toMatchObject({ value: null, reason: 'not_observed' })
    await mine.source('twitter', 'grace', '2026-11-12T00:00:00Z')
    const joined = await trends('metric=likes&from=2026-11-10&to=2026-11-20&platform=twitter')
    expect(joined.growth.firstToLast).toMatchObject({ value: null, reason: 'sources_changed' })
  }))

test('a long series keeps its peaks in at most 1,000 points', () =>
  asSomeone(async () => {
    const source = await mine.source('twitter', 'ada', '2026-01-01T00:00:00Z')
    await publish(mine, source, [
      { at: '2026-06-01T10:10:00Z', likes: 900 },
      { at: '2026-06-03T10:10:00Z', likes: 1 },
    ])
    const asked = 'metric=likes&bucket=hour&from=2026-01-01&to=2026-11-01'
    const { points, bucketsPerPoint, total } = await trends(asked)
    expect(points.length).toBeLessThanOrEqual(1_000)
    expect(bucketsPerPoint).toBe(8)
    expect(Math.max(...points.map(({ max }) => max ?? 0))).toBe(900)
    expect(Math.min(...points.map(({ min }) => min ?? 0))).toBe(0)
    expect(total.value).toBe(901)
    expect(points.reduce((all, { buckets }) => all + buckets, 0)).toBe(304 * 24)
  }))

describe('what cannot be answered is said', () => {
  test('nobody watched, nothing was published', () =>
    asSomeone(async () => {
      const { points, total, frequency, growth } = await trends('days=7')
      expect(points).toEqual([])
      expect(total).toMatchObject({ value: null, reason: 'no_posts' })
      expect(frequency).toMatchObject({ value: null, reason: 'not_observed' })
      expect(growth.firstToLast.value).toBeNull()
    }))

  test('one post, and a window longer than history', () =>
    asSomeone(async () => {
      const source = await mine.source('twitter', 'ada', '2026-11-18T00:00:00Z')
      await publish(mine, source, [{ at: '2026-11-18T10:00:00Z', likes: 3 }])
      const { points, total } = await trends('from=1980-01-01&metric=likes')
      expect(points).toHaveLength(3)
      expect(total).toMatchObject({ value: 3, n: 1 })
    }))

  test.each([
    ['zone=Mars/Olympus', '/zone'],
    ['zone=%2B02:00', '/zone'],
    ['from=2027-01-01', '/from'],
    ['from=2026-11-05&to=2026-11-05', '/from'],
    ['bucket=minute', '/bucket'],
    ['metric=luck', '/metric'],
    ['days=0', '/days'],
  ])('%s', (query, pointer) =>
    asSomeone(async () => {
      const { status, body } = await person.call('GET', `/api/analytics/trends?${query}`)
      expect(status).toBe(400)
      expect((body as { errors: { pointer: string }[] }).errors[0]?.pointer).toBe(pointer)
    }),
  )

  test('a source of somebody else is as good as none', () =>
    asSomeone(async () => {
      const theirs = await mine.source('twitter', 'ada')
      await publish(mine, theirs, [{ at: '2026-11-18T10:00:00Z', likes: 3 }])
      const other = await app.signIn()
      const { body } = await other.call('GET', `/api/analytics/trends?source=${theirs}`)
      expect((body as Answer).points).toEqual([])
    }))
})
