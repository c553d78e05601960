import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'

const now = new Date('2026-11-11T00:00:00Z')
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

const gap = (source: string, from: string, to: string | null, posts = 'unknown') =>
  mine.client.query(
    `insert into coverage_gaps (workspace_id, source_id, from_at, to_at, reason, posts)
     values ($1, $2, $3, $4, 'rate_limited', $5)`,
    [mine.workspaceId, source, from, to, posts],
  )
async function coverage(query: string) {
  const { status, body } = await person.call('GET', `/api/coverage?${query}`)
  expect({ status, body }).toMatchObject({ status: 200 })
  return body as {
    summary: object
    gaps: { from: string; to: string | null }[]
    nextCursor: string
  }
}
const tenDays = 'from=2026-11-01T00:00:00Z&to=2026-11-11T00:00:00Z'

test('hours are counted from the watch on, gaps are clipped, and overlaps count once', () =>
  asSomeone(async () => {
    const old = await mine.source('twitter', 'old', '2026-01-01T00:00:00Z')
    const young = await mine.source('reddit', 'young', '2026-11-06T00:00:00Z')
    await gap(old, '2026-10-31T00:00:00Z', '2026-11-01T06:00:00Z', 'recovered')
    await gap(old, '2026-11-01T03:00:00Z', '2026-11-01T12:00:00Z', 'possibly_missing')
    await gap(old, '2026-10-01T00:00:00Z', '2026-11-01T00:00:00Z')
    await gap(young, '2026-11-10T12:00:00Z', null)
    const { summary, gaps } = await coverage(tenDays)
    expect(summary).toEqual({
      ratio: 0.9333, // 24 of 360 hours, rounded down
      sources: 2,
      sourceHours: 360,
      observedHours: 336,
      missedHours: 24,
      gaps: 3,
      recovered: 1,
      possiblyMissing: 1,
    })
    expect(gaps.map(({ from, to }) => [from.slice(5, 13), to?.slice(5, 13) ?? null])).toEqual([
      ['11-10T12', null],
      ['11-01T03', '11-01T12'],
      ['10-31T00', '11-01T06'],
    ])
    expect((await coverage(`${tenDays}&platform=reddit`)).summary).toMatchObject({ ratio: 0.9 })
    expect((await coverage(`${tenDays}&source=${old}`)).summary).toMatchObject({ ratio: 0.95 })
    const file = await person.call('GET', `/api/export/posts.csv?${tenDays}`)
    expect(file.headers.get('x-coverage')).toBe(
      'ratio=0.9333, gaps=3, missed-hours=24.0, recovered=1, possibly-missing=1',
    )
    const first = await coverage(`${tenDays}&limit=2`)
    const rest = await coverage(`${tenDays}&limit=2&cursor=${first.nextCursor}`)
    expect([...first.gaps, ...rest.gaps]).toEqual(gaps)
    expect(rest.nextCursor).toBeNull()
  }))

test('no watched source is no ratio; a source without a job is not watched', () =>
  asSomeone(async () => {
    const source = await mine.source('twitter', 'unwatched')
    await mine.client.query('delete from monitoring_jobs where source_id = $1', [source])
    expect((await coverage(tenDays)).summary).toMatchObject({ ratio: null, sources: 0 })
    const file = await person.call('GET', '/api/export/posts.ndjson')
    expect(file.headers.get('x-coverage')).toBe(
      'gaps=0, missed-hours=0.0, recovered=0, possibly-missing=0',
    )
  }))

test('only a whole period without a gap is called 1, and the future is not counted', () =>
  asSomeone(async () => {
    const source = await mine.source('twitter', 'nearly')
    const inFuture = await coverage('from=2026-11-10T00:00:00Z&to=2027-01-01T00:00:00Z')
    expect(inFuture).toMatchObject({
      to: '2026-11-11T00:00:00.000Z',
      summary: { ratio: 1, sourceHours: 24 },
    })
    await gap(source, '2026-11-10T00:00:00Z', '2026-11-10T00:00:01Z')
    expect((await coverage(tenDays)).summary).toMatchObject({ ratio: 0.9999 })
  }))

test.each(['from=2026-11-12', 'from=2026-11-05&to=2026-11-05', 'to=soon'])(
  '%s is refused',
  (query) =>
    asSomeone(async () => {
      expect((await person.call('GET', `/api/coverage?${query}`)).status).toBe(400)
    }),
)
