import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { draws } from '../../bench/analytics/planted.ts'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'
import { lookAfterADay, publish } from '../support/measured-world.ts'

const now = new Date('2026-11-20T12:00:00Z')
const from = Date.parse('2026-09-07T00:00:00Z')
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

type Known = { posts: number; effectivePosts: number; lift: number; low: number; high: number }
type Hour = Known & { hour: number }
type Answer = {
  hours: Hour[]
  weekdays: Known[]
  best: { hours: Hour[]; weekdays: Known[]; slots: Hour[] } | null
  summary: string
}

async function times(query = ''): Promise<Answer> {
  const { status, body } = await person.call('GET', `/api/analytics/posting-times?${query}`)
  expect({ status, body }).toMatchObject({ status: 200 })
  return body
}

describe('a subreddit in which a strong and prolific author always posts at nine', () => {
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
          expect(low).toBeLessThan(lift)
          expect(high).toBeGreaterThan(lift)
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
    const hours = Array.from({ length: 700 }, () => draw.whole(70 * 24))
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
