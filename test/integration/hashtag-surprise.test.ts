import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { EntityManager } from '@mikro-orm/postgresql'
import { noteTrending, syncTags } from '../../src/features/hashtags/index.ts'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'

// A Friday.
const start = Date.parse('2026-11-20T12:34:20Z')
const at = { now: start }
let app: TestApp
let person: SignedIn
let mine: Collected
let source: string
let serial = 0

beforeAll(async () => {
  app = await startTestApp({ clock: { now: () => new Date(at.now) } })
})
afterAll(() => app?.close())
beforeEach(async () => {
  at.now = start
  person = await app.signIn()
  mine = await collectedBy(app, person)
  source = await mine.source('twitter', 'ada')
  await mine.client.query(
    `insert into authors (workspace_id, platform, external_id, handle, updated_at)
     select $1, 'twitter', 'a' || n, 'a' || n, now() from generate_series(0, 99) n`,
    [mine.workspaceId],
  )
  // Four posts an hour by four people, for four weeks.
  await posts('usual', { count: 4 * 24 * 28, minutesAgo: 0, everyMinutes: 15, people: 4 })
})
afterEach(() => mine.close())

type Some = { count: number; minutesAgo: number; everyMinutes: number; people: number }

/** Posts with a tag, each a while before the other, by so many people in turn. */
const posts = (tag: string, { count, minutesAgo, everyMinutes, people }: Some) =>
  mine.client.query(
    `with p as (
       insert into posts (workspace_id, source_id, author_id, platform, kind, external_id,
         published_at, fetched_at)
       select $1, $2, (select id from authors a where a.external_id = 'a' || n % $6::int), 'twitter', 'tweet',
         $3 || n || '/' || $9::int, $4::timestamptz - ($5::float8 + n * $7::float8) * interval '1 minute', now()
       from generate_series(0, $8::int - 1) n returning id, published_at)
     insert into post_tags select $1, $3, published_at, id from p`,
    [
      mine.workspaceId,
      source,
      tag,
      new Date(at.now),
      minutesAgo,
      people,
      everyMinutes,
      count,
      ++serial,
    ],
  )

const week = 7 * 24 * 60

type Listed = {
  hashtags: {
    hashtag: string
    count: number
    authors: number
    window_minutes: number
    expected: number
    z: number
    why: string
    since: string | null
  }[]
  withheld: { hashtag: string; why: string }[]
  judged: number
  reason: string | null
}
const surprising = async (query = '') =>
  (await person.call('GET', `/api/hashtags/trending?by=surprise${query}`)).body as Listed

const ctx = () => ({
  em: app.parts.database.orm.em.fork() as EntityManager,
  clock: app.parts.clock,
  hints: app.parts.hints,
  signal: new AbortController().signal,
})
const count = () => syncTags(ctx(), { workspaceId: mine.workspaceId, minutes: 1 })
const events = async () =>
  (
    await mine.client.query(
      `select payload from outbox where topic = 'hashtag.trending' order by id`,
    )
  ).rows

describe('GET /api/hashtags/trending?by=surprise', () => {
  test('lists what far more people use than usual, and says why', async () => {
    for (const weeks of [1, 2, 3]) {
      await posts('tea', { count: 2, minutesAgo: weeks * week + 5, everyMinutes: 20, people: 2 })
    }
    await posts('tea', { count: 46, minutesAgo: 0, everyMinutes: 1.2, people: 23 })
    const { hashtags, judged } = await surprising()
    expect(hashtags).toHaveLength(1)
    const [tea] = hashtags
    expect(tea).toMatchObject({ hashtag: 'tea', count: 46, authors: 23, window_minutes: 60 })
    expect(tea?.z).toBeGreaterThan(5.5)
    // By hand: (1.5 × 0.2 + 2 × (1 + 1/2 + 1/4)) / (1.5 + 1 + 1/2 + 1/4)
    expect(tea?.expected).toBeCloseTo(3.8 / 3.25, 10)
    expect(tea?.why).toBe('23 authors in 60 minutes, 1.2 are usual on Fridays at this hour')
    expect(judged).toBe(1)
  })

  test('a short burst stands out in the quarter of an hour', async () => {
    await posts('goal', { count: 9, minutesAgo: 0, everyMinutes: 1, people: 9 })
    const [goal] = (await surprising()).hashtags
    expect(goal).toMatchObject({ hashtag: 'goal', authors: 9, window_minutes: 15 })
  })

  test('what is so every Friday at this hour is no surprise', async () => {
    for (const weeks of [0, 1, 2, 3]) {
      await posts('friday', { count: 40, minutesAgo: weeks * week, everyMinutes: 1.4, people: 20 })
    }
    const told = await surprising()
    expect([told.judged, told.hashtags]).toEqual([1, []])
  })

  test('four people are not enough, and one person’s sixty posts are nobody’s trend', async () => {
    await posts('four', { count: 40, minutesAgo: 0, everyMinutes: 1, people: 4 })
    await posts('spam', { count: 40, minutesAgo: 0, everyMinutes: 0.3, people: 1 })
    await posts('spam', { count: 12, minutesAgo: 15, everyMinutes: 0.3, people: 12 })
    const told = await surprising()
    expect(told.hashtags).toEqual([])
    expect(told.withheld).toMatchObject([
      { hashtag: 'spam', why: 'one author wrote 41 of 52 posts' },
    ])
  })

  test('weeks in which nobody looked say nothing of what is usual', async () => {
    // Loud every week, but of the last three weeks two were missed and hold no post of it.
    await posts('loud', { count: 30, minutesAgo: 3 * week, everyMinutes: 1.4, people: 30 })
    await posts('loud', { count: 30, minutesAgo: 0, everyMinutes: 1.4, people: 30 })
    // By hand: (0.3 + 30 / 4) / 3.25, and without the two weeks / 1.75.
    expect((await surprising()).hashtags[0]?.expected).toBeCloseTo(2.4, 6)
    const gap = (from: number, to: number) =>
      mine.client.query(
        `insert into coverage_gaps (workspace_id, source_id, from_at, to_at, reason, posts)
         values ($1, $2, $3, $4, 'not_running', 'possibly_missing')`,
        [mine.workspaceId, source, new Date(start - from * 60_000), new Date(start - to * 60_000)],
      )
    await gap(week + 100, week - 10)
    await gap(2 * week + 100, 2 * week - 10)
    at.now += 60_000
    expect((await surprising()).hashtags[0]?.expected).toBeCloseTo(7.8 / 1.75, 0)
  })

  test('who has watched for less than a day cannot say what is usual', async () => {
    await mine.client.query('update monitoring_jobs set created_at = $1', [
      new Date(start - 3_600_000),
    ])
    await posts('tea', { count: 46, minutesAgo: 0, everyMinutes: 1.2, people: 23 })
    expect(await surprising()).toMatchObject({ hashtags: [], reason: 'history_too_short' })
  })
})

describe('what trends in the stream', () => {
  test('is told once an episode, however often one looks and whoever else does', async () => {
    await posts('tea', { count: 46, minutesAgo: 0, everyMinutes: 1.2, people: 23 })
    await count()
    expect(await Promise.all([noteTrending(ctx()), noteTrending(ctx())])).toContain(1)
    await noteTrending(ctx())
    expect(await events()).toHaveLength(1)
    expect((await events())[0].payload).toMatchObject({ hashtag: 'tea', authors: 23 })
    expect((await surprising()).hashtags[0]?.since).toBe(new Date(start).toISOString())

    // Quiet for two hours, then there it is again: another episode.
    at.now += 120 * 60_000
    await posts('tea', { count: 46, minutesAgo: 0, everyMinutes: 1.2, people: 23 })
    await count()
    await noteTrending(ctx())
    expect(await events()).toHaveLength(2)
    const { rows } = await mine.client.query(
      'select ended_at from tag_episodes order by started_at',
    )
    expect(rows).toEqual([{ ended_at: new Date(start) }, { ended_at: null }])
  })
})
