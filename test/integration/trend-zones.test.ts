import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { draws } from '../../bench/analytics/planted.ts'
import { foldRollups } from '../../src/features/rollups/index.ts'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'
import { publish } from '../support/measured-world.ts'

const dayMs = 86_400_000
const start = Date.parse('2025-01-01T00:00:00Z')
let app: TestApp
let person: SignedIn
let mine: Collected

beforeAll(async () => {
  app = await startTestApp({ clock: { now: () => new Date('2026-11-20T12:00:00Z') } })
  person = await app.signIn()
  mine = await collectedBy(app, person)
  const source = await mine.source('twitter', 'ada', '2025-01-01T00:00:00Z')
  const draw = draws(99)
  const posts = (count: number) =>
    Array.from({ length: count }, () => ({
      at: new Date(start + Math.floor(draw.uniform() * 680 * dayMs)).toISOString(),
      likes: draw.whole(3) === 0 ? null : draw.whole(1_000),
    }))
  await publish(mine, source, posts(4_000))
  await foldRollups({
    em: app.parts.database.orm.em.fork() as never,
    signal: new AbortController().signal,
  })
  // Some that are not folded yet.
  await publish(mine, source, posts(500))
  agreed = await agreedZones()
  expect(agreed.length).toBeGreaterThan(zones.length * 0.9)
})
afterAll(async () => {
  await mine.close()
  await app.close()
})

/**
 * Those of whose clocks Node.js and the database know the same: governments change rules every year,
 * and one of the two hears of it first. Trends go by Node.js.
 */
let agreed: string[]
const zones = Intl.supportedValuesOf('timeZone')
const months = Array.from({ length: 24 }, (_, month) => new Date(start + month * 30 * dayMs))

async function agreedZones(): Promise<string[]> {
  const { rows } = await mine.client.query<{ zone: string; local: string }>(
    `select zone, string_agg(to_char(at at time zone zone, 'YYYY-MM-DD HH24:MI'), ' ' order by at) as local
     from unnest($1::text[]) zone, unnest($2::timestamptz[]) at group by zone`,
    [zones, months],
  )
  const local = (zone: string) => {
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'short',
    })
    return months.map((at) => format.format(at)).join(' ')
  }
  return rows.filter((row) => row.local === local(row.zone)).map(({ zone }) => zone)
}
/** Whose days begin inside an hour of UTC. */
const halfHours = ['Asia/Kolkata', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/St_Johns']
const lengths = { hour: 35, day: 600, week: 680 }

const question = fc.record({
  zone: fc.oneof(
    fc.nat().map((n) => agreed[n % agreed.length] ?? 'UTC'),
    fc.constantFrom(...halfHours),
  ),
  bucket: fc.constantFrom('hour', 'day', 'week'),
  // Some days around which clocks change somewhere.
  day: fc.oneof(fc.integer({ min: 0, max: 640 }), fc.constantFrom(60, 80, 270, 290, 425, 445)),
  quarter: fc.integer({ min: 0, max: 95 }),
})

type Point = { from: string; to: string; value: number | null; posts: number; n: number }
type Row = { first: Date; posts: string; n: string; likes: string | null }

test('buckets are what plain SQL counts over the posts, in any zone of the world', async () => {
  await fc.assert(
    fc.asyncProperty(question, async ({ zone, bucket, day, quarter }) => {
      const from = new Date(start + day * dayMs + quarter * 900_000)
      const to = new Date(Math.min(from.getTime() + lengths[bucket] * dayMs, start + 680 * dayMs))
      const query = `zone=${zone}&bucket=${bucket}&metric=likes&from=${from.toISOString()}&to=${to.toISOString()}`
      const { status, body } = await person.call('GET', `/api/analytics/trends?${query}`)
      expect(status).toBe(200)
      const { points } = body as { points: Point[] }
      const { rows } = await mine.client.query<Row>(
        `select min(published_at) as first, count(*) as posts, count(likes) as n, sum(likes) as likes
         from posts where published_at >= $1 and published_at < $2
         group by date_trunc($3, published_at, $4) order by 1`,
        [from, to, bucket, zone],
      )
      expect(points[0]?.from).toBe(from.toISOString())
      expect(points.at(-1)?.to).toBe(to.toISOString())
      for (const [index, point] of points.slice(1).entries())
        expect(point.from).toBe(points[index]?.to)
      const counted = points.filter(({ posts }) => posts > 0)
      expect(counted.map(({ posts, n, value }) => [posts, n, value])).toEqual(
        rows.map((row) => [
          Number(row.posts),
          Number(row.n),
          row.likes === null ? null : Number(row.likes),
        ]),
      )
      for (const [index, { first }] of rows.entries()) {
        const point = counted[index]
        expect(first >= new Date(point?.from ?? '') && first < new Date(point?.to ?? '')).toBe(true)
      }
    }),
    { numRuns: 40, endOnFailure: true },
  )
})
