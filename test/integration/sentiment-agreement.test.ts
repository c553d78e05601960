import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'

const now = new Date('2027-03-01T00:00:00Z')
const moods = ['negative', 'neutral', 'positive'] as const
const scores: Record<(typeof moods)[number], [number, number, number, number]> = {
  negative: [0.8, 0.1, 0.1, -0.7],
  neutral: [0.1, 0.8, 0.1, 0],
  positive: [0.05, 0.05, 0.9, 0.85],
}

type Figure = { value: number | null; n: number; low?: number; high?: number; reason?: string }
type Part = { n: number; accuracy: Figure; macroRecall: Figure; kappa: Figure; confusion: unknown }
type Agreement = {
  total: Part
  models: (Part & { model: string })[]
  months: (Part & { month: string })[]
  drift: {
    before: { n: number; classes: Record<string, number>; models: string[] }
    now: { n: number; classes: Record<string, number> }
    stabilityIndex: Figure
    p: Figure
    modelChanged: boolean
  }
}

let app: TestApp
let person: SignedIn
let collected: Collected
let channel: string

beforeAll(async () => {
  app = await startTestApp({ clock: { now: () => now } })
  person = await app.signIn()
  collected = await collectedBy(app, person)
  channel = await collected.source('twitter', 'ada')
})
afterAll(async () => {
  await collected.close()
  await app.close()
})

const ask = async (query: string) => {
  const { status, body } = await person.call('GET', `/api/analytics/sentiment/agreement?${query}`)
  expect(status).toBe(200)
  return body as Agreement
}

async function posts(count: number, model: (typeof moods)[number], publishedAt: string) {
  const ids: string[] = []
  for (let index = 0; index < count; index++) {
    ids.push(
      await collected.post(channel, {
        published_at: publishedAt,
        body: 'some text',
        scores: scores[model],
      }),
    )
  }
  return ids
}
const label = async (ids: string[], word: string, at: string) => {
  for (const id of ids)
    await person.call('PUT', `/api/posts/${id}/sentiment-label`, { label: word })
  await collected.client.query(
    'update sentiment_labels set labelled_at = $2 where post_id = any ($1)',
    [ids, at],
  )
}

/** Of Greenwich; in Auckland December has begun. */
const evening = '2026-11-30T20:00:00Z'
const december = '2026-12-05T12:00:00Z'

test('below thirty labels nothing is told, and why', async () => {
  await label(await posts(29, 'positive', '2026-08-10T00:00:00Z'), 'positive', evening)
  const { total, drift } = await ask('from=2026-11-01&to=2026-12-01')
  expect(total).toMatchObject({
    n: 29,
    accuracy: { value: null, n: 29, reason: 'few_labels' },
    kappa: { value: null, reason: 'few_labels' },
  })
  expect(drift.stabilityIndex).toMatchObject({ value: null, reason: 'few_texts' })
})

test('agreement is counted by model and month of labelling, with what it cannot know left out', async () => {
  // Of 40 that the model calls positive 28 are; of 20 that it calls negative 16 are.
  const positive = await posts(40, 'positive', '2026-08-10T00:00:00Z')
  const negative = await posts(20, 'negative', '2026-08-10T00:00:00Z')
  await label(positive.slice(0, 28), 'positive', december)
  await label(positive.slice(28), 'negative', december)
  await label(negative.slice(0, 16), 'negative', december)
  await label(negative.slice(16), 'neutral', december)
  await label([await collected.post(channel, { body: 'nobody read it' })], 'neutral', december)

  const { total, models, months } = await ask('from=2026-12-01&to=2026-12-31')
  expect(total.n).toBe(60)
  expect(total.accuracy.value).toBeCloseTo(44 / 60, 12)
  expect(total.macroRecall.value).toBeCloseTo((16 / 28 + 0 + 1) / 3, 12)
  const chance = (28 * 20 + 28 * 40) / 3_600
  expect(total.kappa.value).toBeCloseTo((44 / 60 - chance) / (1 - chance), 12)
  expect(total.kappa.low).toBeLessThan(total.kappa.value ?? 0)
  expect(total.confusion).toEqual([
    { label: 'negative', model: { negative: 16, neutral: 0, positive: 12 } },
    { label: 'neutral', model: { negative: 4, neutral: 0, positive: 0 } },
    { label: 'positive', model: { negative: 0, neutral: 0, positive: 28 } },
  ])
  expect(models).toMatchObject([{ model: 'tiny', n: 60 }])
  const both = await ask('from=2026-11-01&to=2027-01-01')
  expect(months).toHaveLength(1)
  expect(both.months.map(({ month, n }) => [month, n])).toEqual([
    ['2026-11', 29],
    ['2026-12', 60],
  ])
  const there = await ask('from=2026-11-01&to=2027-01-01&zone=Pacific/Auckland')
  expect(there.months.map(({ month, n }) => [month, n])).toEqual([['2026-12', 89]])
})

test('drift is of the model’s classes, whatever people made of them', async () => {
  const old = await posts(50, 'positive', '2027-01-10T00:00:00Z')
  await posts(50, 'negative', '2027-01-10T00:00:00Z')
  await posts(50, 'positive', '2027-02-10T00:00:00Z')
  await posts(50, 'negative', '2027-02-10T00:00:00Z')
  await label(old, 'negative', '2027-02-11T00:00:00Z')
  const still = await ask('from=2027-02-01&to=2027-03-01')
  expect(still.drift).toMatchObject({
    before: { n: 100, classes: { negative: 50, neutral: 0, positive: 50 }, models: ['tiny'] },
    now: { n: 100, classes: { negative: 50, neutral: 0, positive: 50 } },
    modelChanged: false,
  })
  expect(still.drift.stabilityIndex.value).toBeCloseTo(0, 6)
  expect(still.drift.p.value).toBeCloseTo(1, 6)

  await posts(60, 'neutral', '2027-02-20T00:00:00Z')
  await collected.client.query(
    `update sentiments set model = 'other' where published_at > '2027-02-15' and model <> 'person'`,
  )
  const moved = await ask('from=2027-02-01&to=2027-03-01')
  expect(moved.drift.stabilityIndex.value).toBeGreaterThan(0.25)
  expect(moved.drift.p.value).toBeLessThan(0.001)
  expect(moved.drift.modelChanged).toBe(true)
})
