import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { draws } from '../../bench/analytics/planted.ts'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'
import { lookAfterADay, publish } from '../support/measured-world.ts'

const now = new Date('2026-11-20T12:00:00Z')
const hourMs = 3_600_000
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

type Known = {
  posts: number
  effectivePosts: number
  lift: number | null
  low: number | null
  high: number | null
}
type Hour = Known & { hour: number }
type Day = Known & { weekday: number }
type Slot = Hour & Day & { inBest: number | null }
type Answer = {
  zone: string
  zoneFrom: string
  posts: number
  published: number
  sampledShare: number
  groups: number
  intervalLevel: number
  heatmap: Slot[]
  hours: Hour[]
  weekdays: Day[]
  best: { hours: Hour[]; weekdays: Day[]; slots: Slot[] } | null
  pValue: number | null
  reason: string | null
  summary: string
}

async function times(query = ''): Promise<Answer> {
  const { status, body } = await person.call('GET', `/api/analytics/posting-times?${query}`)
  expect({ status, body }).toMatchObject({ status: 200 })
  expect(JSON.stringify(body)).not.toMatch(/NaN|Infinity/)
  return body
}

/** Posts at the same minutes past hours that are drawn, and what each had after a day. */
async function postAt(source: string, hours: readonly number[], likes: (ms: number) => number) {
  const from = Date.parse('2026-09-07T00:00:00Z')
  const moments = hours.map((hour) => from + hour * hourMs + 600_000)
  const posts = moments.map((ms) => ({ at: new Date(ms).toISOString(), likes: 0 }))
  const ids = await publish(mine, source, posts)
  const looks = ids.map((id, index) => ({ id, likes: likes(moments[index] ?? 0) }))
  await lookAfterADay(mine, looks)
  return { ids, moments }
}
const spread = (seed: number, count: number) => {
  const draw = draws(seed)
  return Array.from({ length: count }, () => draw.whole(70 * 24))
}

test('the hour that does better is found beyond a strong source that never posts then', () =>
  asSomeone(async () => {
    const draw = draws(5)
    const evening = (ms: number) => new Date(ms).getUTCHours() === 19
    const weak = await mine.source('twitter', 'weak')
    const strong = await mine.source('twitter', 'strong')
    const all = spread(1, 900)
    await postAt(weak, all, (ms) =>
      Math.round((evening(ms) ? 60 : 20) * Math.exp(0.5 * draw.normal())),
    )
    // Nine in the morning is when the strong one posts, as ever.
    const mornings = spread(2, 400).map((hour) => hour - (hour % 24) + 9)
    await postAt(strong, mornings, () => Math.round(5_000 * Math.exp(0.5 * draw.normal())))
    const told = await times()
    expect(told.reason).toBeNull()
    expect(told.best?.hours[0]?.hour).toBe(19)
    expect(told.best?.slots.every(({ hour }) => hour === 19)).toBe(true)
    expect(told.best?.hours.map(({ hour }) => hour)).not.toContain(9)
    expect(told.hours[19]?.lift).toBeGreaterThan(1.4)
    expect(told.best?.hours.length).toBeLessThanOrEqual(5)
    expect(told.best?.weekdays.length).toBeLessThanOrEqual(3)
    expect(told).toMatchObject({
      posts: 1_300,
      published: 1_300,
      sampledShare: 1,
      pValue: expect.any(Number),
    })
    expect(told.summary).toMatch(/19:00/)
    expect(told.heatmap).toHaveLength(168)
    const first = told.heatmap.find(({ hour, posts }) => hour === 19 && posts > 0)
    expect(first?.low).toBeGreaterThan(1)
  }))

test('no difference is an answer', () =>
  asSomeone(async () => {
    const draw = draws(6)
    const source = await mine.source('twitter', 'ada')
    await postAt(source, spread(3, 600), () => Math.round(50 * Math.exp(0.8 * draw.normal())))
    const told = await times()
    expect(told).toMatchObject({ best: null, reason: 'no_reliable_difference', posts: 600 })
    expect(told.summary).toMatch(/no reliable difference/)
  }))

describe('hours are those of the audience', () => {
  /** At eight in the evening by the clocks of Berlin, which are put back on 25 October. */
  const eights = Array.from({ length: 60 }, (_, day) => {
    const noon = new Date(Date.UTC(2026, 8, 10 + day, 12))
    const offset = noon < new Date('2026-10-25') ? 2 : 1
    return (day + 3) * 24 + 20 - offset
  })

  test('of the zone that the source names, the caller names, or UTC', () =>
    asSomeone(async () => {
      const source = await mine.source('twitter', 'ada')
      await postAt(source, eights, () => 100)
      const path = `/api/sources/${source}`
      const hoursIn = async (query: string) => {
        const { heatmap, zone, zoneFrom } = await times(query)
        const used = new Set(heatmap.filter(({ posts }) => posts > 0).map(({ hour }) => hour))
        return { zone, zoneFrom, hours: [...used].toSorted() }
      }
      expect(await hoursIn(`source=${source}`)).toEqual({
        zone: 'UTC',
        zoneFrom: 'default',
        hours: [18, 19],
      })
      const changed = await person.call('PATCH', path, { audienceZone: 'Europe/Berlin' })
      expect(changed).toMatchObject({ status: 200, body: { audienceZone: 'Europe/Berlin' } })
      expect((await person.call('GET', path)).body).toMatchObject({ audienceZone: 'Europe/Berlin' })
      expect(await hoursIn(`source=${source}`)).toEqual({
        zone: 'Europe/Berlin',
        zoneFrom: 'source',
        hours: [20],
      })
      const nepal = await hoursIn(`source=${source}&zone=Asia/Kathmandu`)
      expect(nepal).toEqual({
        zone: 'Asia/Kathmandu',
        zoneFrom: 'query',
        hours: [0, 23].toSorted(),
      })
      expect(await person.call('PATCH', path, { audienceZone: null })).toMatchObject({
        body: { audienceZone: null },
      })
    }))

  test.each([[{ audienceZone: 'Mars/Olympus' }], [{ audienceZone: '' }], [{}]])(
    '%j is refused',
    (change) =>
      asSomeone(async () => {
        const source = await mine.source('twitter', 'ada')
        expect((await person.call('PATCH', `/api/sources/${source}`, change)).status).toBe(400)
      }),
  )
})

test('weekdays: Monday is 1, by the clocks of the zone', () =>
  asSomeone(async () => {
    const source = await mine.source('twitter', 'ada')
    // Sunday 13 September, 23:10 in UTC.
    await postAt(source, [6 * 24 + 23], () => 5)
    const only = async (zone: string) =>
      (await times(`zone=${zone}`)).heatmap.filter(({ posts }) => posts > 0)
    expect(await only('UTC')).toMatchObject([{ weekday: 7, hour: 23, posts: 1, lift: null }])
    expect(await only('Europe/Berlin')).toMatchObject([{ weekday: 1, hour: 1 }])
    expect(await only('America/St_Johns')).toMatchObject([{ weekday: 7, hour: 20 }])
  }))

test('streams are judged by their average viewers', () =>
  asSomeone(async () => {
    const draw = draws(8)
    const source = await mine.source('twitch', 'gamer')
    const starts = Array.from({ length: 70 }, (_, day) => day * 24 + (day % 2 === 0 ? 10 : 20))
    const from = Date.parse('2026-09-07T00:00:00Z')
    const ids = await publish(
      mine,
      source,
      starts.map((hour) => ({ at: new Date(from + hour * hourMs).toISOString() })),
    )
    const samples = ids.flatMap((id, index) =>
      [5, 35, 65].map((minutes) => ({
        id,
        at: new Date(from + (starts[index] ?? 0) * hourMs + minutes * 60_000).toISOString(),
        viewers: Math.round((index % 2 === 0 ? 100 : 300) * Math.exp(0.3 * draw.normal())),
      })),
    )
    await mine.client.query(
      `insert into post_samples (workspace_id, post_id, sampled_at, viewers)
       select $1, id, at, viewers
       from json_to_recordset($2::json) as x(id bigint, at timestamptz, viewers bigint)`,
      [mine.workspaceId, JSON.stringify(samples)],
    )
    const told = await times('platform=twitch')
    expect(told).toMatchObject({ posts: 70, reason: null })
    expect(told.best?.hours[0]?.hour).toBe(20)
    expect(await times('platform=twitter')).toMatchObject({ posts: 0, published: 0 })
  }))

describe('what cannot be told', () => {
  test('nothing, one post, and posts that nobody looked at again', () =>
    asSomeone(async () => {
      const empty = await times()
      expect(empty).toMatchObject({ posts: 0, published: 0, best: null, reason: 'too_few_posts' })
      const source = await mine.source('twitter', 'ada')
      await publish(mine, source, [{ at: '2026-11-01T10:00:00Z', likes: 5 }])
      expect(await times()).toMatchObject({ posts: 0, published: 1, reason: 'too_few_posts' })
      await postAt(source, [50], () => 5)
      expect(await times()).toMatchObject({ posts: 1, published: 2, reason: 'too_few_posts' })
      expect((await times('days=1')).reason).toBe('too_few_posts')
    }))

  test.each(['zone=Mars/Olympus', 'from=2027-01-01', 'source=x'])('%s', (query) =>
    asSomeone(async () => {
      const { status } = await person.call('GET', `/api/analytics/posting-times?${query}`)
      expect(status).toBe(400)
    }),
  )

  test('a source of somebody else', () =>
    asSomeone(async () => {
      const source = await mine.source('twitter', 'ada')
      const other = await app.signIn()
      const { status } = await other.call('GET', `/api/analytics/posting-times?source=${source}`)
      expect(status).toBe(404)
    }))
})
