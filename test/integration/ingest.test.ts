import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { EntityManager } from '@mikro-orm/postgresql'
import { type Database, forWorkspace } from '../../src/database/database.ts'
import { rows, sql } from '../../src/database/sql.ts'
import { MonitoringJobEntity } from '../../src/features/monitoring/monitoring-job.entity.ts'
import { endStreams, ingestPosts, storeFreshNumbers } from '../../src/features/posts/index.ts'
import { noMetrics } from '../../src/platforms/platform.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type SeededSource, seedSource, somePost } from '../support/seed.ts'

const now = new Date('2026-11-20T10:20:30Z')
const ages = ['15 minutes', '1 hour', '1 day']
let ownDatabase: TestDatabase
let database: Database
let source: SeededSource
let em: EntityManager

beforeAll(async () => {
  ownDatabase = await createTestDatabase()
  database = await ownDatabase.open()
  source = await seedSource(ownDatabase.ownerUrl)
  em = forWorkspace(database.orm.em.fork() as EntityManager, source.workspaceId)
})
afterAll(() => ownDatabase.close())

const target = () => ({
  ...source,
  platform: 'twitter',
  refreshableKinds: ['tweet'],
  sampleAges: ages,
})
const all = (table: string) =>
  rows<never>(em, sql`select * from ${sql.table(table)}`) as Promise<never[]>
const count = async (table: string) => (await all(table)).length

test('a batch is written with everything that hangs on it, once', async () => {
  const posts = [
    somePost(),
    somePost({ externalId: '2', body: 'Again\u0000 #World #Other', hashtags: ['World', 'Other'] }),
  ]
  const first = await ingestPosts(em, target(), posts, now)
  expect(first).toEqual({ posts: 2, newPosts: 2, samples: 2 })
  const again = await ingestPosts(em, target(), [...posts, ...posts], now)
  expect(again).toEqual({ posts: 2, newPosts: 0, samples: 2 })
  expect(await count('posts')).toBe(2)
  expect(await count('authors')).toBe(1)
  expect(await count('post_tags')).toBe(3)
  expect(await count('post_samples')).toBe(2)
  expect(await count('unscored_posts')).toBe(2)
  const plan = (await all('sample_schedule')) as { due_at: Date }[]
  expect(plan.map((row) => new Date(row.due_at).toISOString())).toEqual(
    Array(2).fill('2026-11-20T11:00:00.000Z'),
  )
  const [{ sampled_at: sampledAt }] = (await all('post_samples')) as unknown as [
    { sampled_at: Date },
  ]
  expect(sampledAt).toBeInstanceOf(Date)
})

test('an edited text is scored again and drops the tags it lost', async () => {
  await rows(em, sql`delete from unscored_posts`)
  await ingestPosts(em, target(), [somePost({ body: 'Hello', hashtags: [] })], now)
  expect(await count('unscored_posts')).toBe(1)
  expect(await count('post_tags')).toBe(2)
})

test('fresh numbers make a sample and plan the next look; a post that is gone keeps its history', async () => {
  const later = new Date('2026-11-20T11:00:10Z')
  const posts = (await all('posts')) as { id: string; external_id: string }[]
  const [one, two] = posts.toSorted((a, b) => a.external_id.localeCompare(b.external_id))
  const samples = await storeFreshNumbers(
    em,
    source.workspaceId,
    [
      { postId: one?.id ?? '', metrics: { ...noMetrics, likes: 9 } },
      { postId: two?.id ?? '', metrics: null },
    ],
    later,
    ages,
  )
  expect(samples).toBe(1)
  expect(await count('post_samples')).toBe(3)
  expect(await count('sample_schedule')).toBe(1)
  const [after] = (await rows(em, sql`select likes, gone_at from posts where id = ${one?.id}`)) as [
    { likes: string; gone_at: Date | null },
  ]
  expect(after).toEqual({ likes: '9', gone_at: null })
  const [gone] = (await rows(em, sql`select likes, gone_at from posts where id = ${two?.id}`)) as [
    { likes: string; gone_at: Date | null },
  ]
  expect(gone.likes).toBe('3')
  expect(gone.gone_at).not.toBeNull()
})

test('an entity reads its times as dates', async () => {
  const job = await em.findOneOrFail(MonitoringJobEntity, { id: source.jobId })
  expect(job.createdAt.toISOString()).toMatch(/^2\d{3}-/)
  expect(job.cursor).toBeNull()
})

test('a stream keeps its changes of title and game, and its end', async () => {
  const stream = (title: string, category: string) =>
    somePost({
      externalId: 's1',
      kind: 'stream',
      title,
      category,
      body: null,
      hashtags: [],
      metrics: { ...noMetrics, viewers: 5 },
    })
  await ingestPosts(em, target(), [stream('Hi', 'Chess')], now)
  await ingestPosts(em, target(), [stream('Hi', 'Chess')], new Date('2026-11-20T10:40:00Z'))
  await ingestPosts(em, target(), [stream('Hi', 'Go')], new Date('2026-11-20T11:00:00Z'))
  expect(await count('stream_changes')).toBe(2)
  await endStreams(em, source.sourceId, [
    { externalId: 's1', endedAt: new Date('2026-11-20T11:10:00Z') },
  ])
  const [row] = (await rows(em, sql`select ended_at from posts where external_id = 's1'`)) as [
    { ended_at: Date },
  ]
  expect(new Date(row.ended_at).toISOString()).toBe('2026-11-20T11:10:00.000Z')
})
