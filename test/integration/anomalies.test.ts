import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { draws } from '../../bench/analytics/planted.ts'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'
import { missed, type Planned, publish } from '../support/measured-world.ts'

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

type Anomaly = {
  from: string
  to: string
  kind: string
  actual: number
  expected: number
  z: number
  posts: { id: string; engagement: number }[]
}
type Answer = {
  anomalies: Anomaly[]
  ours: Anomaly[]
  holes: { from: string; to: string; observed: number; reasons: string[] }[]
  sourceChanges: { at: string; before: number; after: number }[]
  buckets: number
  reason: string | null
}

async function anomalies(query: string): Promise<Answer> {
  const { status, body } = await person.call('GET', `/api/analytics/trends/anomalies?${query}`)
  expect({ status, body }).toMatchObject({ status: 200 })
  expect(JSON.stringify(body)).not.toMatch(/NaN|Infinity/)
  return body
}

const start = Date.parse('2026-10-23T12:00:00Z')
/** Four weeks of hours: busier by day, a few posts each. */
function ordinary(seed: number): Planned[] {
  const draw = draws(seed)
  return Array.from({ length: 28 * 24 }, (_, hour) => {
    const busy = 6 + 4 * Math.sin((2 * Math.PI * (hour % 24)) / 24)
    const count = Math.max(0, Math.round(busy + 1.5 * draw.normal()))
    return Array.from({ length: count }, () => ({
      at: new Date(start + hour * hourMs + draw.whole(3_600) * 1_000).toISOString(),
      likes: 1,
    }))
  }).flat()
}
const within = (post: Planned, from: string, to: string) =>
  Date.parse(post.at) >= Date.parse(from) && Date.parse(post.at) < Date.parse(to)

test('a burst is told with the posts that made it; our own outage is a hole and no alarm', () =>
  asSomeone(async () => {
    const source = await mine.source('twitter', 'ada')
    const outage = { from: '2026-11-05T00:00:00Z', to: '2026-11-05T20:00:00Z' }
    const kept = ordinary(3).filter((post) => !within(post, outage.from, outage.to))
    await publish(mine, source, kept)
    const burst = Array.from({ length: 60 }, (_, index) => ({
      at: new Date(Date.parse('2026-11-12T15:05:00Z') + index * 30_000).toISOString(),
      likes: 100 + index,
    }))
    const ids = await publish(mine, source, burst)

    const blind = await anomalies('metric=posts&bucket=hour')
    expect(blind.anomalies.some(({ kind }) => kind === 'dip')).toBe(true)
    await missed(mine, source, outage)
    const told = await anomalies('metric=posts&bucket=hour')
    expect(told.reason).toBeNull()
    expect(told.anomalies).toHaveLength(1)
    expect(told.anomalies[0]).toMatchObject({
      from: '2026-11-12T15:00:00.000Z',
      to: '2026-11-12T16:00:00.000Z',
      kind: 'spike',
      posts: ids
        .slice(-3)
        .toReversed()
        .map((id) => ({ id })),
    })
    expect(told.anomalies[0]?.actual).toBeGreaterThan(60)
    expect(told.anomalies[0]?.expected).toBeLessThan(15)
    expect(told.holes).toEqual([
      {
        from: '2026-11-05T00:00:00.000Z',
        to: '2026-11-05T20:00:00.000Z',
        observed: 0,
        reasons: ['rate_limited'],
      },
    ])
  }))

test('ten outages of any length raise no alarm', () =>
  asSomeone(async () => {
    const draw = draws(11)
    const source = await mine.source('twitter', 'ada')
    const outages = Array.from({ length: 10 }, (_, index) => {
      const from = start + (index * 60 + draw.whole(30)) * hourMs + draw.whole(60) * 60_000
      const to = from + (1 + draw.whole(20)) * hourMs
      return { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
    })
    const kept = ordinary(12).filter(
      (post) => !outages.some(({ from, to }) => within(post, from, to)),
    )
    await publish(mine, source, kept)
    for (const outage of outages) await missed(mine, source, outage)
    const told = await anomalies('metric=posts&bucket=hour')
    expect(told.anomalies).toEqual([])
    expect(told.holes).toHaveLength(10)
  }))

test('sources that are added make a shift of our own, not of the world', () =>
  asSomeone(async () => {
    const ada = await mine.source('twitter', 'ada')
    await publish(mine, ada, ordinary(21))
    for (const handle of ['b', 'c', 'd', 'e']) {
      const source = await mine.source('twitter', handle, '2026-11-06T00:00:00Z')
      const later = ordinary(22).filter((post) =>
        within(post, '2026-11-06T00:00:00Z', '2027-01-01'),
      )
      await publish(mine, source, later)
    }
    const told = await anomalies('metric=posts&bucket=hour')
    expect(told.anomalies).toEqual([])
    expect(told.ours.map(({ kind }) => kind)).toContain('level_shift')
    expect(told.sourceChanges).toEqual([{ at: '2026-11-06T00:00:00.000Z', before: 1, after: 5 }])
    const alone = await anomalies(`metric=posts&bucket=hour&source=${ada}`)
    expect(alone).toMatchObject({ anomalies: [], ours: [], sourceChanges: [] })
  }))

test('a mood that turns for good is told once, though moods are small numbers', () =>
  asSomeone(async () => {
    const source = await mine.source('twitter', 'ada', '2026-09-01T00:00:00Z')
    const draw = draws(31)
    const posts = Array.from({ length: 78 }, (_, day) => ({
      at: new Date(Date.UTC(2026, 8, 1 + day, 9)).toISOString(),
      likes: 1,
      compound: (day < 40 ? 0.1 : 0.4) + 0.05 * draw.normal(),
    }))
    await publish(mine, source, posts)
    const told = await anomalies('metric=compound&from=2026-09-01&to=2026-11-18')
    expect(told).toMatchObject({ reason: null, anomalies: [{ kind: 'level_shift' }] })
    const [turn] = told.anomalies
    expect(turn?.from.slice(0, 10)).toMatch(/2026-10-(09|10|11|12|13)/)
    expect(turn?.expected).toBeCloseTo(0.1, 1)
    expect(turn?.actual).toBeCloseTo(0.4, 1)
  }))

test('clocks that change are no event', () =>
  asSomeone(async () => {
    const source = await mine.source('twitter', 'ada')
    // Berlin's people post from eight to ten, by their own clocks; these change on 25 October.
    const posts = Array.from({ length: 40 }, (_, day) => {
      const date = new Date(Date.UTC(2026, 9, 11 + day))
      const offset = date < new Date('2026-10-25') ? 2 : 1
      return Array.from({ length: 80 }, (_, index) => ({
        at: new Date(date.getTime() + (8 - offset) * hourMs + index * 90_000).toISOString(),
        likes: 1,
      }))
    }).flat()
    await publish(mine, source, posts)
    const asked = 'metric=posts&bucket=hour&from=2026-10-11&to=2026-11-19'
    expect((await anomalies(`${asked}&zone=Europe/Berlin`)).anomalies).toEqual([])
    expect((await anomalies(`${asked}&zone=UTC`)).anomalies).not.toEqual([])
  }))

test('too little, or always the same, is said', () =>
  asSomeone(async () => {
    expect(await anomalies('')).toMatchObject({ reason: 'too_short', anomalies: [], buckets: 0 })
    const source = await mine.source('twitter', 'ada')
    const posts = Array.from({ length: 40 }, (_, day) => ({
      at: new Date(Date.UTC(2026, 9, 5 + day, 9)).toISOString(),
      likes: 1,
      views: 10,
      compound: day === 3 ? 0.25 : 0.5,
    }))
    await publish(mine, source, posts)
    const told = await anomalies('metric=compound&from=2026-10-05&to=2026-11-14')
    expect(told).toMatchObject({ reason: 'constant', anomalies: [], buckets: 40 })
  }))
