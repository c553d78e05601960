import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { wilson } from '../../src/statistics/intervals.ts'
import { type Answer, type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'

const now = new Date('2026-11-20T12:00:00Z')
type Estimate = { value: number | null; n: number; low?: number; high?: number; reason?: string }
type Mood = {
  texts: number
  n: number
  few: boolean
  negative: Estimate
  neutral: Estimate
  positive: Estimate
  compound: Estimate
}
type Point = { from: string; local: string; n: number; compound: { value: number } | null }
type Shares = {
  total: Mood
  series: Point[]
  groups: { key: string; name: string | null; mood: Mood; series: Point[] }[]
  groupCount: number
  sample: { texts: number; of: number } | null
}

let app: TestApp
let person: SignedIn
let collected: Collected
let channel: string
let board: string

const happy: [number, number, number, number] = [0.05, 0.05, 0.9, 0.85]
const cross: [number, number, number, number] = [0.8, 0.1, 0.1, -0.7]
const calm: [number, number, number, number] = [0.1, 0.8, 0.1, 0]

beforeAll(async () => {
  app = await startTestApp({ clock: { now: () => now } })
  person = await app.signIn()
  collected = await collectedBy(app, person)
  channel = await collected.source('twitter', 'ada')
  board = await collected.source('reddit', 'board')
})
afterAll(async () => {
  await collected.close()
  await app.close()
})

const ask = async <Body = Shares>(query: string, path = '/api/analytics/sentiment') => {
  const answer: Answer = await person.call('GET', `${path}?${query}`)
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  return answer.body as Body
}
const day = (date: string) => `from=${date}T00:00:00Z&to=${date}T23:59:59Z`

test('of nothing nothing is told, and why', async () => {
  const { total, series, groups } = await ask(`${day('2026-01-05')}&by=source`)
  expect(total).toMatchObject({ texts: 0, n: 0, few: true })
  expect(total.compound).toEqual({
    value: null,
    definition: 'compound',
    n: 0,
    reason: 'no_texts',
  })
  expect(series.map(({ n, compound }) => [n, compound])).toEqual([[0, null]])
  expect(groups).toEqual([])
  await collected.post(channel, { published_at: '2026-01-06T10:00:00Z', body: 'not read yet' })
  expect((await ask(day('2026-01-06'))).total).toMatchObject({
    texts: 1,
    n: 0,
    positive: { value: null, reason: 'not_scored' },
  })
})

describe('shares and means', () => {
  beforeAll(async () => {
    const at = (hour: number) =>
      `2026-02-0${1 + (hour % 3)}T${String(hour % 24).padStart(2, '0')}:20:00Z`
    for (let index = 0; index < 40; index++) {
      const scores = index % 4 === 0 ? cross : index % 4 === 1 ? calm : happy
      await collected.post(channel, { published_at: at(index), body: `text ${index}`, scores })
    }
    for (let index = 0; index < 2; index++) {
      await collected.post(board, {
        published_at: at(index),
        title: 'wonderful patch',
        scores: [0, 0.02, 0.98, 0.98],
        tags: ['rare'],
        category: 'News',
      })
    }
    await collected.post(board, {
      published_at: at(1),
      body: 'a comment',
      kind: 'comment',
      scores: cross,
    })
  })
  const period = 'from=2026-02-01&to=2026-02-04'

  test('are what counting says, with Wilson’s interval', async () => {
    const { total } = await ask(`${period}&bucket=none`)
    expect(total).toMatchObject({ texts: 42, n: 42, few: false })
    expect(total.positive).toMatchObject({ value: 22 / 42, n: 42, ...wilson(22, 42) })
    expect(total.negative.value).toBeCloseTo(10 / 42, 12)
    expect(total.compound.value).toBeCloseTo((20 * 0.85 - 10 * 0.7 + 2 * 0.98) / 42, 6)
    expect(total.compound.low).toBeLessThan(total.compound.value ?? 0)
  })

  test('a small group of one mood does not lead a large one, and is marked', async () => {
    const { groups, groupCount } = await ask(`${period}&bucket=none&by=source`)
    expect(groupCount).toBe(2)
    expect(groups.map(({ key, name }) => [key, name])).toEqual([
      [channel, 'ADA'],
      [board, 'BOARD'],
    ])
    expect(groups[1]?.mood).toMatchObject({ n: 2, few: true, compound: { value: 0.98 } })
    expect(groups[1]?.mood.compound.low).toBeLessThan(0)
    const bySize = await ask(`${period}&bucket=none&by=platform&order=size`)
    expect(bySize.groups.map(({ key, mood }) => [key, mood.n])).toEqual([
      ['twitter', 40],
      ['reddit', 2],
    ])
  })

  test('comments are counted where they are asked for', async () => {
    expect((await ask(`${period}&texts=comments&bucket=none`)).total.n).toBe(1)
    expect((await ask(`${period}&texts=all&bucket=none`)).total.n).toBe(43)
  })

  test('by tag, category and topic', async () => {
    const byTag = await ask(`${period}&bucket=none&by=tag`)
    expect(byTag).toMatchObject({ groupCount: 1, sample: null })
    expect(byTag.groups[0]).toMatchObject({ key: 'rare', mood: { n: 2, few: true } })
    const byCategory = await ask(`${period}&bucket=day&by=category`)
    expect(byCategory.groups[0]).toMatchObject({ key: 'News', mood: { n: 2 } })
    expect(byCategory.groups[0]?.series.map(({ n }) => n)).toEqual([1, 1, 0])
    const topic = await ask(`${period}&by=topic&topic=wonderful%20patch`)
    expect(topic.groups[0]).toMatchObject({ key: 'wonderful patch', mood: { n: 2 } })
    expect(topic.total.n).toBe(42)
    const none = await ask(`${period}&by=topic&topic=nowhere`)
    expect(none.groups).toEqual([])
  })

  test('days begin where the zone’s do, and add up', async () => {
    const { series, total } = await ask(`${period}&zone=Asia/Kathmandu`)
    expect(series[0]?.local).toBe('2026-02-01T05:45:00+05:45')
    expect(series[1]?.local).toBe('2026-02-02T00:00:00+05:45')
    expect(series.reduce((sum, { n }) => sum + n, 0)).toBe(total.n)
  })

  test('whatever is asked, the sums are those of plain SQL over the posts', async () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu']
    const moment = fc.integer({ min: 0, max: 5 * 96 })
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(moment, moment).filter(([one, other]) => one !== other),
        fc.constantFrom(...zones),
        fc.constantFrom('hour', 'day', 'week'),
        async ([one, other], zone, bucket) => {
          const edge = (quarter: number) =>
            new Date(Date.parse('2026-01-31T00:00:00Z') + quarter * 900_000).toISOString()
          const [from, to] = [edge(Math.min(one, other)), edge(Math.max(one, other))]
          const told = await ask(`from=${from}&to=${to}&zone=${zone}&bucket=${bucket}`)
          const { rows } = await collected.client.query(
            `select to_char(date_trunc($3, p.published_at at time zone $4), 'YYYY-MM-DD"T"HH24') as at,
               count(*)::int as n, avg(s.compound)::float8 as compound
             from posts p join sentiments s on s.post_id = p.id
             where p.published_at >= $1 and p.published_at < $2 and p.kind <> 'comment'
             group by 1 order by 1`,
            [from, to, bucket, zone],
          )
          const seen = told.series.filter(({ n }) => n > 0)
          expect(seen.map(({ n }) => n)).toEqual(rows.map(({ n }) => n))
          for (const [index, { compound }] of seen.entries()) {
            expect(compound?.value).toBeCloseTo(rows[index].compound, 6)
          }
        },
      ),
      { numRuns: 25 },
    )
  })
})

describe('the ends', () => {
  type Ends = { posts: { post: { text: string }; compound: number; model: string }[] }
  const at = (query: string) => ask<Ends>(`${query}`, '/api/analytics/sentiment/posts')

  test('are those of the period, and none leans to the other side', async () => {
    const wall = await collected.source('twitter', 'wall')
    for (const [index, compound] of [0.1, 0.99, -0.99, 0.5, -0.2].entries()) {
      const scores = [0.3, 0.3, 0.4, compound] as [number, number, number, number]
      const published_at = `2026-03-0${1 + index}T10:00:00Z`
      await collected.post(wall, { published_at, body: `wall ${compound}`, scores })
    }
    const found = await at(`side=positive&from=2026-03-01&to=2026-03-09&source=${wall}`)
    expect(found.posts.map(({ compound }) => compound)).toEqual([0.99, 0.5, 0.1])
    expect(found.posts[0]).toMatchObject({ post: { text: 'wall 0.99' }, model: 'tiny' })
    const low = await at('side=negative&from=2026-03-04&to=2026-03-09')
    expect(low.posts.map(({ compound }) => compound)).toEqual([-0.2])
  })
})

describe('what is wrong is named', () => {
  test.each([
    ['bucket=hour&from=2020-01-01&to=2026-01-01', '/bucket'],
    ['by=topic', '/topic'],
    ['topic=x', '/topic'],
    ['by=platform&topic=x', '/topic'],
    ['zone=Mars/Olympus', '/zone'],
    ['from=2027-01-01&to=2027-02-01', '/from'],
    ['k=51', '/k'],
  ])('%s', async (query, pointer) => {
    const { status, body } = await person.call('GET', `/api/analytics/sentiment?${query}`)
    expect(status).toBe(400)
    expect((body as { errors: { pointer: string }[] }).errors[0]?.pointer).toContain(pointer)
  })
})
