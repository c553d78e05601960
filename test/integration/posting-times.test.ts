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

describe('a subreddit in which a strong and prolific author always posts at nine', () => {
  const from = Date.parse('2026-09-07T00:00:00Z')
  const hourOf = (ms: number) => new Date(ms).getUTCHours()

  /** Eight people at all hours, thirty who came once or twice, and the strong one. */
  async function write(seed: number, lift: (ms: number) => number) {
    const draw = draws(seed)
    const source = await mine.source('reddit', 'typescript')
    const write = async (name: string, hours: readonly number[], level: number) => {
      const author = await mine.author('reddit', name)
      const moments = hours.map((hour) => from + hour * hourMs + 600_000)
      const planned = moments.map((ms) => ({ at: new Date(ms).toISOString(), author }))
      const ids = await publish(mine, source, planned)
      const gathered = moments.map((ms) =>
        Math.round(level * lift(ms) * Math.exp(0.6 * draw.normal())),
      )
      await lookAfterADay(
        mine,
        ids.map((id, index) => ({ id, score: gathered[index] ?? 0, comments: 0 })),
      )
    }
    const anyHours = (count: number) => Array.from({ length: count }, () => draw.whole(70 * 24))
    for (let person = 0; person < 8; person++) {
      await write(`regular${person}`, anyHours(80), 20 + 60 * draw.uniform())
    }
    for (let person = 0; person < 30; person++) {
      await write(`stranger${person}`, anyHours(1 + (person % 2)), 30)
    }
    const nines = Array.from({ length: 350 }, (_, index) => 24 * (index % 70) + 9)
    await write('prolific', nines, 4_000)
  }

  test('nine is not the best hour: the evening is, for everybody who tried it', () =>
    asSomeone(async () => {
      await write(21, (ms) => (hourOf(ms) >= 19 && hourOf(ms) <= 21 ? 2 : 1))
      const told = await times('platform=reddit')
      expect(told).toMatchObject({ posts: 1_035, reason: null, intervalLevel: 0.9 })
      expect([19, 20, 21]).toContain(told.best?.hours[0]?.hour)
      expect(told.best?.hours.map(({ hour }) => hour)).not.toContain(9)
      expect(told.best?.slots.map(({ hour }) => hour)).not.toContain(9)
      const nine = told.hours[9]
      expect(nine?.posts).toBeGreaterThan(350)
      expect(nine?.effectivePosts).toBeLessThan(50)
      expect(nine?.low).toBeLessThan(1)
      for (const list of [told.best?.hours, told.best?.weekdays, told.best?.slots, told.hours]) {
        for (const { posts, lift, low, high } of list ?? []) {
          expect(posts).toBeGreaterThan(0)
          expect(low).toBeLessThan(lift ?? 0)
          expect(high).toBeGreaterThan(lift ?? Infinity)
        }
      }
      expect(told.summary).toMatch(/90 % interval/)
    }))

  test('where hours make no difference, none is told', () =>
    asSomeone(async () => {
      await write(22, () => 1)
      expect(await times()).toMatchObject({ best: null, reason: 'no_reliable_difference' })
    }))
})

test('videos that are posted in the evening do not make the evening good', () =>
  asSomeone(async () => {
    const draw = draws(23)
    const source = await mine.source('youtube', 'ada')
    const author = await mine.author('youtube', 'ada')
    const hours = spread(24, 700)
    const from = Date.parse('2026-09-07T00:00:00Z')
    const at = (hour: number) => new Date(from + hour * hourMs).toISOString()
    const ids = await publish(
      mine,
      source,
      hours.map((hour) => ({ at: at(hour), author })),
    )
    const evening = (hour: number) => hour % 24 >= 18 && draw.uniform() < 0.8
    const long = ids.filter((_, index) => evening(hours[index] ?? 0))
    await mine.client.query(`update posts set kind = 'stream_video' where id = any ($1)`, [long])
    const strong = new Set(long)
    await lookAfterADay(
      mine,
      ids.map((id) => ({
        id,
        likes: Math.round((strong.has(id) ? 300 : 60) * Math.exp(0.5 * draw.normal())),
      })),
    )
    expect(await times()).toMatchObject({ best: null, reason: 'no_reliable_difference' })
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
