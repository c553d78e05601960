import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { EntityManager } from '@mikro-orm/postgresql'
import fc from 'fast-check'
import { type Database, forWorkspace } from '../../src/database/database.ts'
import { firstRow, rows, sql } from '../../src/database/sql.ts'
import { ingestPosts, storeFreshNumbers } from '../../src/features/posts/index.ts'
import { checkRollups, foldRollups, rebuildRollups } from '../../src/features/rollups/index.ts'
import { noMetrics } from '../../src/platforms/platform.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type SeededSource, seedSource, somePost } from '../support/seed.ts'
import { asOwner } from '../support/servers.ts'

const start = Date.parse('2026-11-20T10:00:00Z')
let ownDatabase: TestDatabase
let database: Database
let source: SeededSource
let em: EntityManager
let whole: EntityManager

beforeAll(async () => {
  ownDatabase = await createTestDatabase()
  database = await ownDatabase.open()
  source = await seedSource(ownDatabase.ownerUrl)
  whole = database.orm.em.fork() as EntityManager
  em = forWorkspace(whole, source.workspaceId)
})
afterAll(() => ownDatabase.close())

const signal = new AbortController().signal
const target = () => ({
  ...source,
  platform: 'twitter',
  refreshableKinds: ['tweet'],
  sampleAges: [],
})
const number = fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 1_000_000 }))
const metrics = fc
  .record({ views: number, likes: number, comments: number, shares: number })
  .map((some) => ({ ...noMetrics, ...some }))
const id = fc.integer({ min: 1, max: 12 }).map(String)

type Step =
  | {
      do: 'ingest'
      id: string
      minutes: number
      category: string | null
      author: string
      metrics: never
    }
  | { do: 'refresh'; id: string; metrics: never }
  | { do: 'score'; id: string; mood: [number, number, number] }
  | { do: 'unscore' | 'delete'; id: string }
  | { do: 'fold' }

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('ingest'),
      id,
      minutes: fc.integer({ min: 0, max: 3_000 }),
      category: fc.constantFrom(null, 'Tech', 'Art'),
      author: fc.constantFrom('a1', 'a2'),
      metrics,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('refresh'), id, metrics }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('score'),
      id,
      mood: fc.constantFrom([0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.05, 0.05, 0.9]),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('unscore', 'delete'), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fold') }) },
) as fc.Arbitrary<Step>

const postOf = (externalId: string) =>
  firstRow(
    em,
    sql<{ id: string }>`select id from posts
      where source_id = ${source.sourceId}::bigint and external_id = ${externalId}`,
  )

async function apply(one: Step): Promise<void> {
  if (one.do === 'fold') return void (await foldRollups({ em: whole, signal }))
  if (one.do === 'ingest') {
    const post = somePost({
      externalId: one.id,
      category: one.category,
      author: { externalId: one.author, handle: one.author, displayName: null, followers: 9 },
      publishedAt: new Date(start + one.minutes * 60_000),
      metrics: one.metrics,
    })
    return void (await ingestPosts(em, target(), [post], new Date(start + 4_000 * 60_000)))
  }
  const post = await postOf(one.id)
  if (post) await change(one, post.id)
}

async function change(one: Exclude<Step, { do: 'fold' | 'ingest' }>, postId: string) {
  if (one.do === 'refresh') {
    const fresh = [{ postId, metrics: one.metrics }]
    await storeFreshNumbers(em, source.workspaceId, fresh, new Date(start + 5_000 * 60_000), [])
  } else if (one.do === 'score') {
    const [negative, neutral, positive] = one.mood
    await rows(
      em,
      sql`insert into sentiments values (${postId}::bigint, ${source.workspaceId}::bigint, 'm',
          ${negative}, ${neutral}, ${positive}, ${positive - negative}, now())
        on conflict (post_id) do update set negative = excluded.negative,
          neutral = excluded.neutral, positive = excluded.positive, compound = excluded.compound`,
    )
  } else if (one.do === 'unscore') {
    await rows(em, sql`delete from sentiments where post_id = ${postId}::bigint`)
  } else await rows(em, sql`delete from posts where id = ${postId}::bigint`)
}

/** Straight from the posts, by other words than the rollups use. */
const plain = () =>
  firstRow(
    em,
    sql`select count(*)::int as posts, coalesce(sum(likes), 0)::bigint as likes,
      count(likes)::int as likes_n,
      coalesce(sum(case when coalesce(likes, comments, shares) is not null
        then coalesce(likes, 0) + coalesce(comments, 0) + coalesce(shares, 0) end), 0)::bigint
        as engagement,
      count(s.post_id)::int as scored,
      count(*) filter (where positive > negative and positive > neutral)::int as positive
      from posts p left join sentiments s on s.post_id = p.id`,
  )
const summed = (view: string) =>
  firstRow(
    em,
    sql`select coalesce(sum(posts), 0)::int as posts, coalesce(sum(likes), 0)::bigint as likes,
      coalesce(sum(likes_n), 0)::int as likes_n,
      coalesce(sum(engagement), 0)::bigint as engagement, coalesce(sum(scored), 0)::int as scored,
      coalesce(sum(positive), 0)::int as positive from ${sql.table(view)}`,
  )
const views = [
  'current_source_rollups',
  'current_workspace_rollups',
  'current_author_rollups',
  'current_author_totals',
]

describe('rollups', () => {
  test('equal a recount after any changes, folded or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        for (const one of steps) await apply(one)
        const truth = await plain()
        for (const view of views) expect([view, await summed(view)]).toEqual([view, truth])
        const check = await checkRollups(whole, source.workspaceId)
        expect(check.differences).toBe(0)
      }),
      { numRuns: 15, endOnFailure: true },
    )
  })

  test('a recount finds what was spoilt, and mends it', async () => {
    await ingestPosts(em, target(), [somePost({ externalId: 'mend' })], new Date(start))
    await foldRollups({ em: whole, signal })
    await asOwner(ownDatabase.ownerUrl, async (client) => {
      await client.query('alter table source_rollups no force row level security')
      await client.query('update source_rollups set likes = likes + 1')
      await client.query('alter table source_rollups force row level security')
    })
    expect((await checkRollups(whole, source.workspaceId)).differences).toBeGreaterThan(0)
    await rebuildRollups({ em: whole, signal })
    expect((await checkRollups(whole, source.workspaceId)).differences).toBe(0)
  })

  test('the application cannot write them', async () => {
    for (const table of [
      'source_rollups',
      'workspace_rollups',
      'author_rollups',
      'author_totals',
      'rollup_deltas',
    ]) {
      await expect(rows(em, sql`delete from ${sql.table(table)}`)).rejects.toThrow(
        /permission denied/,
      )
    }
  })

  test('go with the workspace', async () => {
    const other = await seedSource(ownDatabase.ownerUrl)
    const theirs = forWorkspace(whole, other.workspaceId)
    const own = { ...other, platform: 'twitter', refreshableKinds: [], sampleAges: [] }
    await ingestPosts(theirs, own, [somePost()], new Date(start))
    await rows(theirs, sql`delete from sources where id = ${other.sourceId}::bigint`)
    expect(
      await firstRow(theirs, sql`select sum(posts)::int as posts from current_workspace_rollups`),
    ).toEqual({
      posts: 0,
    })
    await rows(whole, sql`delete from workspaces where id = ${other.workspaceId}::bigint`)
    await foldRollups({ em: whole, signal })
  })
})

test('a sample near a fixed age becomes the milestone, the nearest one wins', async () => {
  await ingestPosts(
    em,
    target(),
    [somePost({ externalId: 'age', publishedAt: new Date(start) })],
    new Date(start),
  )
  const post = await postOf('age')
  const look = (minutes: number, likes: number) =>
    storeFreshNumbers(
      em,
      source.workspaceId,
      [{ postId: post?.id ?? '', metrics: { ...noMetrics, likes } }],
      new Date(start + minutes * 60_000),
      [],
    )
  await look(50, 5)
  await look(58, 6)
  await look(80, 9)
  await look(24 * 60, 100)
  await look(100 * 60, 500)
  const found = await rows(
    em,
    sql`select age_hours, age_s, likes, engagement from post_milestones
      where post_id = ${post?.id}::bigint order by age_hours`,
  )
  expect(found).toEqual([
    { age_hours: 1, age_s: 3_480, likes: '6', engagement: '6' },
    { age_hours: 24, age_s: 86_400, likes: '100', engagement: '100' },
  ])
})
