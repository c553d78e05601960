import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { EntityManager } from '@mikro-orm/postgresql'
import { contextOf, type Parts } from '../../src/compose.ts'
import type { Context } from '../../src/context.ts'
import { taskOrigin } from '../../src/core/origin.ts'
import { forWorkspace } from '../../src/database/database.ts'
import { rows, sql } from '../../src/database/sql.ts'
import { ingestPosts } from '../../src/features/posts/index.ts'
import type { Scores } from '../../src/features/sentiment/engine/index.ts'
import {
  createSentimentEngine,
  resolveModel,
  type SentimentEngine,
  scoreWorkspace,
} from '../../src/features/sentiment/index.ts'
import { cacheScores, findCachedScores } from '../../src/features/sentiment/sentiment-cache.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { type SeededSource, seedSource, somePost } from '../support/seed.ts'

/** Two texts of one length and one MD5 (Marc Stevens, 2024). */
const twin = (letter: string) =>
  `TEXTCOLLBYfGiJUETHQ4h${letter}cKSMd5zYpgqf1YRDhkmxHkhPWptrkoyz28wnI9V0aHeAuaKnak`
const twins = [twin('A'), twin('E')] as const

let app: TestApp
let parts: Parts
let source: SeededSource
let em: EntityManager
let real: SentimentEngine
/** What was really computed, batch by batch. */
let computed: string[] = []
let engine: SentimentEngine

beforeAll(async () => {
  app = await startTestApp()
  parts = app.parts
  source = await seedSource(app.ownerUrl)
  em = forWorkspace(parts.database.orm.em.fork() as EntityManager, source.workspaceId)
  real = createSentimentEngine({ model: await resolveModel({ model: null }), log: parts.log })
  engine = {
    ...real,
    modelId: real.modelId,
    score: (texts, signal) => {
      computed.push(...texts)
      return real.score(texts, signal)
    },
  }
})
beforeEach(() => {
  computed = []
})
afterAll(async () => {
  await real.close()
  await app.close()
})

const ctx = (): Context => ({
  ...contextOf(parts, new AbortController().signal, taskOrigin('test')),
})
const target = () => ({
  ...source,
  platform: 'twitter',
  refreshableKinds: ['tweet'],
  sampleAges: ['1 hour'],
})
const ingest = (bodies: string[], kind: 'tweet' | 'video' = 'tweet') =>
  ingestPosts(
    em,
    target(),
    bodies.map((text, at) =>
      somePost({
        externalId: `${kind}-${createHash('sha1').update(text).digest('hex')}-${at}`,
        kind,
        title: kind === 'video' ? text : null,
        body: kind === 'video' ? 'a description that is not read' : text,
      }),
    ),
    new Date(),
  )
type Stored = Scores & { body: string; title: string | null; model: string }
const stored = () =>
  rows<Stored>(
    em,
    sql<Stored>`select p.body, p.title, s.* from sentiments s join posts p on p.id = s.post_id`,
  )
const backlog = async () => (await rows(em, sql`select 1 from unscored_posts`)).length

test('each distinct text is computed once, and its mood is the reader’s', async () => {
  await ingest(['I love this so much!', 'I love this so much!', 'This is terrible, I hate it.'])
  expect(await scoreWorkspace(ctx(), engine, source.workspaceId)).toBe(3)
  expect(computed.toSorted()).toEqual(['I love this so much!', 'This is terrible, I hate it.'])
  expect(await backlog()).toBe(0)
  for (const row of await stored()) {
    expect(row.negative + row.neutral + row.positive).toBeCloseTo(1, 4)
    expect(row.compound).toBeCloseTo(row.positive - row.negative, 5)
    expect(Math.sign(row.compound)).toBe(row.body.includes('love') ? 1 : -1)
    expect(row.model).toBe(engine.modelId)
  }
})

test('a text that was scored before is not computed again', async () => {
  await ingest(['This is terrible, I hate it.', 'And this one is new to us all.'])
  await scoreWorkspace(ctx(), engine, source.workspaceId)
  expect(computed).toEqual(['And this one is new to us all.'])
})

test('of a video the title is read', async () => {
  await ingest(['What a wonderful title'], 'video')
  await scoreWorkspace(ctx(), engine, source.workspaceId)
  expect(computed).toEqual(['What a wonderful title'])
})

test('a text with nothing to read leaves the backlog without a mood', async () => {
  const before = (await stored()).length
  await ingest([' \n '])
  await ingest(['\u200b\u200b'])
  await scoreWorkspace(ctx(), engine, source.workspaceId)
  expect(await backlog()).toBe(0)
  expect((await stored()).length).toBe(before)
})

test('two texts with one MD5 do not share a score', async () => {
  const [one, two] = twins
  const md5 = (text: string) => createHash('md5').update(text).digest('hex')
  expect(md5(one)).toBe(md5(two))
  const poison: Scores = { negative: 0, neutral: 0, positive: 1, compound: 1 }
  await cacheScores(em, 'm', new Map([[one, poison]]), new Date())
  const found = await findCachedScores(em, 'm', [one, two])
  expect([...found.keys()]).toEqual([one])
  await cacheScores(em, 'm', new Map([[two, { ...poison, compound: -1 }]]), new Date())
  expect((await findCachedScores(em, 'm', [one])).get(one)).toEqual(poison)
})

test('another model’s scores are not taken for this one’s', async () => {
  const score: Scores = { negative: 0, neutral: 1, positive: 0, compound: 0 }
  await cacheScores(em, 'other-model', new Map([['shared text', score]]), new Date())
  expect((await findCachedScores(em, 'm', ['shared text'])).size).toBe(0)
})

test('a text that is edited while it is scored is scored again', async () => {
  const id = 'edited-on-the-way'
  const post = (body: string) =>
    ingestPosts(em, target(), [somePost({ externalId: id, body })], new Date())
  await post('I love the first version')
  const editing: SentimentEngine = {
    ...engine,
    score: async (texts, signal) => {
      const scores = await engine.score(texts, signal)
      if (texts.includes('I love the first version')) await post('I hate the second version')
      return scores
    },
  }
  await scoreWorkspace(ctx(), editing, source.workspaceId)
  expect(await backlog()).toBe(1)
  await scoreWorkspace(ctx(), editing, source.workspaceId)
  const row = (await stored()).find(({ body }) => body === 'I hate the second version')
  expect(row?.compound).toBeLessThan(0)
  expect(await backlog()).toBe(0)
})

test('a cached score is the one that would be computed', async () => {
  const texts = ['It is what it is.', 'Best stream of the year', 'Worst. Patch. Ever.']
  const alone = await Promise.all(texts.map(async (text) => (await engine.score([text]))[0]))
  await ingest(texts)
  await scoreWorkspace(ctx(), engine, source.workspaceId)
  const cached = await findCachedScores(em, engine.modelId, texts)
  for (const [at, text] of texts.entries()) {
    expect(cached.get(text)?.compound).toBeCloseTo(alone[at]?.compound ?? Number.NaN, 5)
  }
})
