import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { draws } from '../../bench/analytics/planted.ts'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'
import { missed, publish } from '../support/measured-world.ts'

const now = new Date('2026-11-20T12:00:00Z')
const dayMs = 86_400_000
let app: TestApp
let person: SignedIn
let mine: Collected

beforeAll(async () => {
  app = await startTestApp({ clock: { now: () => now } })
})
afterAll(() => app.close())

async function asSomeone(work: () => Promise<void>) {
  person = await app.signIn()
  mine = await collectedBy(app, person)
  await work().finally(() => mine.close())
}

/** One post a day, with likes as the function says; day 0 is 1 August. */
const daily = (days: number, likes: (day: number) => number, from = '2026-08-01T09:00:00Z') =>
  Array.from({ length: days }, (_, day) => ({
    at: new Date(Date.parse(from) + day * dayMs).toISOString(),
    likes: Math.round(likes(day)),
  }))

async function ask<T>(path: string): Promise<T> {
  const { status, body } = await person.call('GET', `/api/analytics/trends/${path}`)
  expect({ status, body }).toMatchObject({ status: 200 })
  expect(JSON.stringify(body)).not.toMatch(/NaN|Infinity/)
  return body
}

type ForecastAnswer = {
  history: { from: string; to: string; buckets: number; holes: number; begins: string }
  points:
    | {
        local: string
        value: number
        low80: number
        high80: number
        low95: number
        high95: number
      }[]
    | null
  reason: string | null
  method: string | null
  scores: { method: string; mase: number }[]
  covered80: number | null
  coveredOf: number
  coveredReason: string | null
  simpleMovingAverage: number | null
}

describe('forecast', () => {
  test('follows a week’s rhythm, from the end of what is whole and ripe', () =>
    asSomeone(async () => {
      const source = await mine.source('twitter', 'ada')
      const draw = draws(1)
      const weekly = [100, 100, 100, 100, 100, 20, 20]
      // 1 August 2026 is a Saturday.
      const likes = (day: number) => (weekly[(day + 5) % 7] ?? 0) + 3 * draw.normal()
      await publish(mine, source, daily(112, likes))
      const told = await ask<ForecastAnswer>('forecast?metric=likes&steps=7')
      // The 19th ended less than a day ago, the 20th is running.
      expect(told.history).toMatchObject({ to: '2026-11-19T00:00:00.000Z', holes: 0 })
      expect(told.points?.map(({ local }) => local.slice(0, 10))).toEqual([
        '2026-11-19',
        '2026-11-20',
        '2026-11-21',
        '2026-11-22',
        '2026-11-23',
        '2026-11-24',
        '2026-11-25',
      ])
      const truth = [100, 100, 20, 20, 100, 100, 100]
      for (const [index, point] of (told.points ?? []).entries()) {
        expect(Math.abs(point.value - (truth[index] ?? 0))).toBeLessThan(12)
        expect(point.low95).toBeLessThanOrEqual(point.low80)
        expect(point.high95).toBeGreaterThanOrEqual(point.high80)
      }
      expect(told.coveredOf).toBeGreaterThan(100)
      expect(Math.abs((told.covered80 ?? 0) - 0.8)).toBeLessThan(0.15)
      expect(told.coveredReason).toBeNull()
      expect(told.scores[0]?.method).toBe(told.method)
      const named = told.scores.find(({ method }) => method === 'simple_moving_average')
      expect(named?.mase).toBeGreaterThan(told.scores[0]?.mase ?? 0)
      expect(told.simpleMovingAverage).toBeCloseTo((5 * 100 + 2 * 20) / 7, -1)
    }))

  test('a hole is no zero: what was missed does not pull the forecast down', () =>
    asSomeone(async () => {
      const source = await mine.source('twitter', 'ada')
      const gone = new Set([100, 101, 102, 103])
      const draw = draws(2)
      const posts = daily(112, () => 100 + 5 * draw.normal()).filter((_, day) => !gone.has(day))
      await publish(mine, source, posts)
      const blind = await ask<ForecastAnswer>('forecast?metric=likes&steps=5')
      expect(blind.history.holes).toBe(0)
      expect(Math.min(...(blind.points ?? []).map(({ low95 }) => low95))).toBeLessThan(70)
      await missed(mine, source, { from: '2026-11-09T00:00:00Z', to: '2026-11-13T00:00:00Z' })
      const told = await ask<ForecastAnswer>('forecast?metric=likes&steps=5')
      expect(told.history.holes).toBe(4)
      for (const { value, low95 } of told.points ?? []) {
        expect(Math.abs(value - 100)).toBeLessThan(10)
        expect(low95).toBeGreaterThan(70)
      }
    }))

  test.each([
    ['too_short', 11, '2026-11-08T09:00:00Z'],
    ['constant', 100, '2026-08-12T09:00:00Z'],
  ] as const)('%s is said, and the moving average still told', (reason, days, from) =>
    asSomeone(async () => {
      const source = await mine.source('twitter', 'ada', from)
      await publish(
        mine,
        source,
        daily(days, () => 5, from),
      )
      const told = await ask<ForecastAnswer>('forecast?metric=likes')
      expect(told).toMatchObject({ points: null, reason, method: null, simpleMovingAverage: 5 })
    }),
  )

  test.each([
    ['day', 'week', 6, 86_400_000, '2026-09-01T00:00:00.000Z'],
    ['hour', 'day', 20, 3_600_000, '2026-11-10T00:00:00.000Z'],
  ] as const)(
    'by the %s: silent since its first %s, and so it stays',
    (bucket, _, count, ms, from) =>
      asSomeone(async () => {
        const source = await mine.source('twitter', 'ada', from)
        const posts = Array.from({ length: count }, (_post, index) => ({
          at: new Date(Date.parse(from) + index * ms).toISOString(),
        }))
        await publish(mine, source, posts)
        const told = await ask<ForecastAnswer>(`forecast?metric=posts&bucket=${bucket}&steps=3`)
        const silence = { value: 0, low80: 0, high80: 0, low95: 0, high95: 0 }
        expect(told.points).toMatchObject([silence, silence, silence])
        expect(told).toMatchObject({ covered80: 1, coveredReason: null })
      }),
  )

  test.each([
    [15, 1, 'too_short'],
    [16, 2, 'too_short'],
    [17, 3, 'too_short'],
    [18, 4, 'too_short'],
    [19, 6, 'too_short'],
    [19, 1, null],
    [19, 5, null],
    [20, 6, null],
  ])('%d days of history, %d ahead: %j', (length, steps, reason) =>
    asSomeone(async () => {
      const from = new Date(Date.UTC(2026, 10, 20 - length)).toISOString()
      const source = await mine.source('twitter', 'ada', from)
      const draw = draws(length)
      const posts = daily(length, () => 1, from).flatMap((post) =>
        new Array<typeof post>(1 + draw.poisson(4)).fill(post),
      )
      await publish(mine, source, posts)
      const told = await ask<ForecastAnswer>(`forecast?metric=posts&steps=${steps}`)
      expect(told.history.buckets).toBe(length)
      expect(told).toMatchObject({
        reason,
        covered80: null,
        coveredOf: 0,
        coveredReason: reason ? 'no_forecast' : 'too_few_backtests',
      })
      const widths = (told.points ?? []).map(({ low80, high80 }) => high80 - low80)
      expect(widths).toHaveLength(reason ? 0 : steps)
      expect(widths.every((width) => width > 0)).toBe(true)
    }),
  )

  test('learns from where today’s sources were watched', () =>
    asSomeone(async () => {
      const ada = await mine.source('twitter', 'ada')
      await publish(
        mine,
        ada,
        daily(112, (day) => 100 + (day % 5)),
      )
      await mine.source('twitter', 'grace', '2026-10-01T00:00:00Z')
      const told = await ask<ForecastAnswer>('forecast?metric=likes')
      expect(told.history).toMatchObject({
        from: '2026-10-01T00:00:00.000Z',
        begins: 'sources_changed',
      })
      const alone = await ask<ForecastAnswer>(`forecast?metric=likes&source=${ada}`)
      expect(alone.history.begins).toBe('period')
    }))

  test('nobody, nothing', () =>
    asSomeone(async () => {
      const told = await ask<ForecastAnswer>('forecast?bucket=hour&steps=60')
      expect(told).toMatchObject({
        points: null,
        reason: 'too_short',
        simpleMovingAverage: null,
        history: { buckets: 0 },
      })
    }))

  test('61 steps are too many', () =>
    asSomeone(async () => {
      const { status } = await person.call('GET', '/api/analytics/trends/forecast?steps=61')
      expect(status).toBe(400)
    }))
})

type FollowersAnswer = {
  points: {
    local: string
    followers: number | null
    change: number | null
    reason: string | null
  }[]
  growth: Record<'change' | 'rate' | 'daily', { value: number | null; n: number; reason?: string }>
}

describe('followers', () => {
  const look = (source: string, at: string, followers: number | null) =>
    mine.client.query(
      `insert into source_samples (source_id, sampled_at, workspace_id, followers)
       values ($1, $2, $3, $4)`,
      [source, at, mine.workspaceId, followers],
    )

  test('the last look of each day of the zone; days without one are holes', () =>
    asSomeone(async () => {
      const source = await mine.source('twitter', 'ada')
      await look(source, '2026-11-01T10:00:00Z', 100)
      await look(source, '2026-11-01T22:30:00Z', 110)
      await look(source, '2026-11-01T23:30:00Z', 115)
      await look(source, '2026-11-02T10:00:00Z', null)
      await look(source, '2026-11-04T10:00:00Z', 150)
      await look(source, '2026-11-05T10:00:00Z', 200)
      const told = await ask<FollowersAnswer>(
        `followers?source=${source}&zone=Europe/Berlin&from=2026-10-20&to=2026-11-05T12:00:00Z`,
      )
      expect(
        told.points.map(({ local, followers, change, reason }) => [
          local.slice(5, 10),
          followers,
          change,
          reason,
        ]),
      ).toEqual([
        ['11-01', 110, null, null],
        ['11-02', 115, 5, null],
        ['11-03', null, null, 'not_observed'],
        ['11-04', 150, null, null],
        ['11-05', 200, 50, null],
      ])
      expect(told.growth.change).toMatchObject({ value: 90, n: 4 })
      expect(told.growth.rate.value).toBeCloseTo(200 / 110 - 1, 12)
      const days = (Date.parse('2026-11-05T10:00:00Z') - Date.parse('2026-11-01T22:30:00Z')) / dayMs
      expect(told.growth.daily.value).toBeCloseTo((200 / 110) ** (1 / days) - 1, 12)
    }))

  test('one look, none, and a source of nobody', () =>
    asSomeone(async () => {
      const source = await mine.source('reddit', 'pics')
      const none = await ask<FollowersAnswer>(`followers?source=${source}`)
      expect(none.points).toEqual([])
      expect(none.growth.rate).toMatchObject({ value: null, reason: 'fewer_than_two_looks' })
      await look(source, '2026-11-19T10:00:00Z', 0)
      const one = await ask<FollowersAnswer>(`followers?source=${source}&days=5`)
      expect(one.points[0]?.followers).toBe(0)
      const { status } = await person.call('GET', '/api/analytics/trends/followers?source=999999')
      expect(status).toBe(404)
    }))
})
