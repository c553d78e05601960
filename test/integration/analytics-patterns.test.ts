import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Written, write } from '../support/category-world.ts'
import { type Collected, collectedBy } from '../support/collected.ts'

const clock = { now: () => new Date('2026-11-20T12:00:00Z') }
let app: TestApp
let person: SignedIn
let world: Collected
let source: string
beforeAll(async () => {
  app = await startTestApp({ clock })
  person = await app.signIn()
  world = await collectedBy(app, person)
  source = await world.source('twitter', 'blog')
})
afterAll(async () => {
  await world?.close()
  await app?.close()
})

type Rate = { perHour: number | null; low: number | null; high: number | null }
type Cell = Rate & {
  day: number
  hour: number
  hours: number
  posts: number
  views: number
  total: number
  averagePerPost: number | null
  percentOfTotal: number | null
}
type Patterns = {
  cells: Cell[]
  total: { value: number | null; reason?: string }
  dispersion: number | null
  peaks: (Rate & { day: number; hour: number; isClear: boolean })[]
  verdict: string
  notTellable: number
  weekdays: Rate
  weekends: Rate
  weekdayRatio: { value: number | null; low?: number; high?: number; reason?: string }
}

const ask = async (query: string) => {
  const answer = await person.call('GET', `/api/analytics/engagement-patterns?${query}`)
  expect([answer.status, answer.body]).toEqual([200, expect.anything()])
  return answer.body as Patterns
}
const cellAt = ({ cells }: Patterns, day: number, hour: number) =>
  cells[(day - 1) * 24 + hour] as Cell
const post = (at: string, some: Partial<Written> = {}): Written => ({
  author: null,
  category: null,
  at,
  ...some,
})
const fill = async (posts: Written[]) => {
  await world.client.query('delete from posts')
  await write(world, source, posts)
}

/** Seed 003, query 3: day, hour, views, likes, comments. Monday 9 November 2026 is its first day. */
const seed = [
  [1, 9, 10, 0, 0],
  [1, 10, 13, 1, 0],
  [1, 11, 11, 2, 1],
  [1, 12, 16, 2, 0],
  [1, 13, 12, 0, 0],
  [2, 9, 23, 5, 0],
  [2, 10, 15, 2, 1],
  [2, 11, 13, 3, 0],
  [2, 12, 17, 1, 1],
] as const
const oneWeek = 'from=2026-11-09&to=2026-11-16&measure=total_engagements'

describe("seed 003's week", () => {
  beforeAll(() =>
    fill(
      seed.map(([day, hour, views, likes, comments]) =>
        post(
          `2026-11-${String(8 + day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:20:00Z`,
          {
            views,
            likes,
            comments,
            shares: 0,
          },
        ),
      ),
    ),
  )

  test('totals by hour and day', async () => {
    const answer = await ask(oneWeek)
    for (const [day, hour, views, likes, comments] of seed) {
      expect(cellAt(answer, day, hour)).toMatchObject({
        views,
        likes,
        comments,
        total: views + likes + comments,
        posts: 1,
        hours: 1,
      })
    }
    expect(answer.cells).toHaveLength(168)
    expect(answer.total.value).toBe(149)
    expect(cellAt(answer, 2, 9).percentOfTotal).toBeCloseTo((28 / 149) * 100, 10)
  })

  test('Tuesday 9am is no clear peak: 18.6 to 40.5 reaches down into 7.7 to 23.5', async () => {
    const answer = await ask(oneWeek)
    const tuesday = cellAt(answer, 2, 9)
    const monday = cellAt(answer, 1, 11)
    expect([tuesday.low, tuesday.high].map((one) => one?.toFixed(1))).toEqual(['18.6', '40.5'])
    // The exact interval (Garwood) of 14 is 7.65 to 23.49.
    expect([monday.low, monday.high].map((one) => one?.toFixed(2))).toEqual(['7.65', '23.49'])
    expect(answer.peaks[0]).toMatchObject({ day: 2, hour: 9, perHour: 28, isClear: false })
    expect(answer.verdict).toBe('peaks_overlap')
    // All but Monday 9am, whose 10 reach up to 18.4.
    expect(answer.notTellable).toBe(7)
    expect(answer.dispersion).toBeNull()
  })

  test('in another zone it is another hour, and half an hour is no other day by mistake', async () => {
    const answer = await ask(`${oneWeek}&zone=Asia/Kathmandu`)
    // 09:20 in UTC is 15:05 there.
    expect(cellAt(answer, 2, 15).total).toBe(28)
    expect(answer.cells.reduce((sum, { total }) => sum + total, 0)).toBe(149)
    expect(answer.cells.reduce((sum, { hours }) => sum + hours, 0)).toBeCloseTo(168, 9)
  })

  test('without views there is less, and each answer names what it counts', async () => {
    const answer = await ask('from=2026-11-09&to=2026-11-16')
    expect(answer.total).toMatchObject({ value: 19, definition: 'engagement' })
  })
})

test('a peak that is there every week is clear; weekdays against weekends have an interval', async () => {
  const days = Array.from({ length: 28 }, (_, index) => new Date(Date.UTC(2026, 9, 5 + index)))
  const posts = days.flatMap((day) => {
    const date = day.toISOString().slice(0, 10)
    const isWeekend = [0, 6].includes(day.getUTCDay())
    return Array.from({ length: 24 }, (_, hour) =>
      post(`${date}T${String(hour).padStart(2, '0')}:00:00Z`, {
        likes: day.getUTCDay() === 3 && hour === 9 ? 400 : isWeekend ? 4 : 12,
      }),
    )
  })
  await fill(posts)
  const answer = await ask('from=2026-10-05&to=2026-11-02')
  expect(answer.dispersion).toBe(1)
  expect(answer.peaks[0]).toMatchObject({ day: 3, hour: 9, perHour: 400, isClear: true })
  expect(answer.verdict).toBe('clear_peak')
  expect(answer.notTellable).toBe(0)
  const { value, low = 0, high = 0 } = answer.weekdayRatio
  expect(value).toBeCloseTo((12 * 119 + 400) / 120 / 4, 9)
  expect(low).toBeLessThan(value ?? 0)
  expect(high).toBeGreaterThan(value ?? 0)
})

test('where weeks differ wildly the intervals say so', async () => {
  const posts = Array.from({ length: 10 * 7 * 24 }, (_, index) =>
    // One week in ten carries everything.
    post(new Date(Date.UTC(2026, 8, 7) + index * 3_600_000).toISOString(), {
      likes: index < 7 * 24 ? 50 : 0,
    }),
  )
  await fill(posts)
  const answer = await ask('from=2026-09-07&to=2026-11-16')
  expect(answer.dispersion).toBeCloseTo(50, 6)
  const { perHour, low, high } = cellAt(answer, 1, 0)
  expect(perHour).toBe(5)
  expect(low ?? 0).toBeLessThan(0.3)
  expect(high ?? 0).toBeGreaterThan(20)
})

test('no post: zeros were counted, nothing is compared, and nothing is NaN', async () => {
  await fill([])
  const answer = await ask(oneWeek)
  expect(answer.total).toMatchObject({ value: null, reason: 'no_items' })
  expect(answer.verdict).toBe('nothing_to_compare')
  expect(answer.peaks).toEqual([])
  expect(answer.weekdayRatio).toMatchObject({ value: null, reason: 'no_items' })
  expect(cellAt(answer, 1, 0)).toMatchObject({
    posts: 0,
    averagePerPost: null,
    percentOfTotal: null,
  })
})

test('posts that tell nothing have no rate', async () => {
  await fill([post('2026-11-10T09:00:00Z')])
  const answer = await ask(oneWeek)
  expect(cellAt(answer, 2, 9)).toMatchObject({
    posts: 1,
    perHour: null,
    low: null,
    averagePerPost: null,
  })
})

test.each([
  ['zone=Mars/Olympus', '/zone'],
  ['from=2027-01-01', '/from'],
  ['from=2026-11-10&to=2026-11-10', '/from'],
  ['measure=love', '/measure'],
])('%s is a problem that names %s', async (query, pointer) => {
  const answer = await person.call('GET', `/api/analytics/engagement-patterns?${query}`)
  expect(answer.status).toBe(400)
  expect(JSON.stringify(answer.body)).toContain(pointer)
})

test('equal plain SQL over the posts in any zone, through both changes of the clocks', async () => {
  const startMs = Date.parse('2026-03-01T00:00:00Z')
  const given = fc.array(
    fc.record({ minutes: fc.integer({ min: 0, max: 260 * 1_440 }), likes: fc.option(fc.nat(20)) }),
    { maxLength: 50 },
  )
  const zones = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/St_Johns',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
  )
  await fc.assert(
    fc.asyncProperty(given, zones, async (some, zone) => {
      await fill(
        some.map(({ minutes, likes }) =>
          post(new Date(startMs + minutes * 60_000).toISOString(), { likes }),
        ),
      )
      const answer = await ask(`from=2026-03-01&to=2026-11-16&zone=${zone}`)
      const { rows } = await world.client.query(
        `select extract(isodow from published_at at time zone $1)::int as day,
           extract(hour from published_at at time zone $1)::int as hour, count(*)::int as posts,
           sum(likes)::int as total
         from posts where published_at < '2026-11-16' group by 1, 2 order by 1, 2`,
        [zone],
      )
      const found = answer.cells.filter(({ posts }) => posts > 0)
      expect(found.map(({ day, hour, posts, total }) => ({ day, hour, posts, total }))).toEqual(
        rows,
      )
      const hours = await world.client.query(
        `select extract(isodow from q at time zone $1)::int as day,
           extract(hour from q at time zone $1)::int as hour, count(*)::int / 4.0 as hours
         from generate_series(timestamptz '2026-03-01', timestamptz '2026-11-15 23:45', '15 minutes') q
         group by 1, 2 order by 1, 2`,
        [zone],
      )
      expect(answer.cells.map(({ hours: length }) => length)).toEqual(
        hours.rows.map(({ hours: length }) => Number(length)),
      )
    }),
    { numRuns: 15 },
  )
})
