import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'

// A Friday.
const now = new Date('2026-11-20T12:34:20Z')
let app: TestApp
let person: SignedIn
let mine: Collected
let source: string

beforeAll(async () => {
  app = await startTestApp({ clock: { now: () => now } })
})
afterAll(() => app?.close())
beforeEach(async () => {
  person = await app.signIn()
  mine = await collectedBy(app, person)
  source = await mine.source('twitter', 'ada')
})
afterEach(() => mine.close())

/** So many of a kind, each `everyMinutes` before the other; gives nobody's name. */
const write = (kind: string, count: number, everyMinutes: number, fromMinutes = 0) =>
  mine.client.query(
    `insert into posts (workspace_id, source_id, platform, kind, external_id, published_at, fetched_at)
     select $1, $2, 'twitter', $3, gen_random_uuid()::text,
       $4::timestamptz - ($7::float8 + n * $6::float8) * interval '1 minute', now()
     from generate_series(1, $5::int) n`,
    [mine.workspaceId, source, kind, now, count, everyMinutes, fromMinutes],
  )
const ask = async <Body>(path: string) => {
  const { status, body } = await person.call('GET', path)
  expect([status, body]).toEqual([200, expect.anything()])
  return body as Body
}

test('comments are no posts beside which two tags could stand', async () => {
  const tags = [['a', 'b'], ['a', 'b'], ['a', 'b'], ['a'], ['b']]
  for (const own of tags) {
    await mine.post(source, { published_at: '2026-11-20T10:00:00Z', tags: own })
  }
  await write('tweet', 5, 60, 180)
  await write('comment', 990, 60, 180)
  const { recommendations } = await ask<{ recommendations: { lift: number; npmi: number }[] }>(
    '/api/hashtags/recommendations?target_hashtag=a',
  )
  // Ten posts, four with each tag, three with both.
  expect(recommendations).toHaveLength(1)
  expect(recommendations[0]?.lift).toBeCloseTo((3 * 10) / (4 * 4), 12)
  expect(recommendations[0]?.npmi).toBeCloseTo(Math.log(30 / 16) / -Math.log(3 / 10), 12)
})

test('a thread that is busy at other hours makes no hour of posts a quiet one', async () => {
  await mine.client.query(
    `insert into authors (workspace_id, platform, external_id, handle, updated_at)
     select $1, 'twitter', 'a' || n, 'a' || n, now() from generate_series(0, 29) n`,
    [mine.workspaceId],
  )
  // Everything is of this tag: six posts an hour for four weeks, and thirty people in the last one.
  await mine.client.query(
    `with p as (
       insert into posts (workspace_id, source_id, author_id, platform, kind, external_id,
         published_at, fetched_at)
       select $1, $2, (select id from authors a where a.external_id = 'a' || n % 30), 'twitter',
         'tweet', gen_random_uuid()::text, at, now()
       from (select n, $3::timestamptz - n * interval '10 minutes' as at
           from generate_series(0, 6 * 24 * 28) n
         union all select n, $3::timestamptz - n * interval '1 minute' from generate_series(0, 58) n) t
       returning id, published_at)
     insert into post_tags select $1, 'tea', published_at, id from p`,
    [mine.workspaceId, source, now],
  )
  type Listed = { hashtags: { hashtag: string; expected: number; z: number }[] }
  const listed = () => ask<Listed>('/api/hashtags/trending?by=surprise')
  const before = (await listed()).hashtags
  expect(before).toMatchObject([{ hashtag: 'tea' }])
  // Half a week away from the hour that is judged, week after week.
  for (const week of [0, 1, 2]) await write('comment', 3_000, 0.5, (3.5 + 7 * week) * 1_440)
  const after = (await listed()).hashtags
  expect(after[0]?.expected).toBeCloseTo(before[0]?.expected ?? 0, 12)
  expect(after[0]?.z).toBeCloseTo(before[0]?.z ?? 0, 12)
})
