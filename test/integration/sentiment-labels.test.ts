import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { EntityManager } from '@mikro-orm/postgresql'
import { forWorkspace } from '../../src/database/database.ts'
import { checkRollups } from '../../src/features/rollups/index.ts'
import { findUnscoredPosts, storeScores } from '../../src/features/sentiment/backlog.repository.ts'
import type { Scores } from '../../src/features/sentiment/index.ts'
import { auditOf } from '../support/accounts.ts'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy, type NewPost } from '../support/collected.ts'

const now = new Date('2026-11-20T12:00:00Z')
const published_at = '2026-11-10T10:00:00Z'

let app: TestApp
let person: SignedIn
let collected: Collected
let em: EntityManager
let channel: string

beforeAll(async () => {
  app = await startTestApp({ clock: { now: () => now } })
  person = await app.signIn()
  collected = await collectedBy(app, person)
  channel = await collected.source('twitter', 'ada')
  em = forWorkspace(app.parts.database.orm.em.fork() as EntityManager, collected.workspaceId)
})
afterAll(async () => {
  await collected.close()
  await app.close()
})

const unsure: [number, number, number, number] = [0.2, 0.3, 0.5, 0.3]
const post = (changes: Partial<NewPost> = {}) =>
  collected.post(channel, {
    published_at,
    body: 'Great, it broke again',
    scores: unsure,
    ...changes,
  })
const put = (id: string, label: string) =>
  person.call('PUT', `/api/posts/${id}/sentiment-label`, { label })
const remove = (id: string) => person.call('DELETE', `/api/posts/${id}/sentiment-label`)

type Stored = { model: string; compound: number; positive: number; mood: string }
const moodOf = async (id: string): Promise<Stored | undefined> =>
  (await collected.client.query('select * from sentiments where post_id = $1', [id])).rows[0]
const enqueue = (id: string) =>
  collected.client.query('insert into unscored_posts values ($1, $2) on conflict do nothing', [
    id,
    collected.workspaceId,
  ])
const edit = (id: string, body: string) =>
  collected.client.query('update posts set body = $2 where id = $1', [id, body])

const modelSays: Scores = { negative: 0.1, neutral: 0.2, positive: 0.7, compound: 0.6 }
/** The worker's own write of what a model answered for the whole backlog. */
async function score(scores: Scores | null = modelSays, model = 'newer') {
  const batch = await findUnscoredPosts(em, 100)
  const scored = batch.map(({ post_id, version }) => ({ postId: post_id, version, scores }))
  await storeScores(em, collected.workspaceId, model, scored, now)
}

describe('a label', () => {
  test('wins: the mood is the person’s at once, and what the model said stays beside it', async () => {
    const id = await post()
    const { status, body } = await put(id, 'negative')
    expect([status, body]).toEqual([
      200,
      {
        postId: id,
        label: 'negative',
        labelledBy: expect.stringMatching(/^\d+$/),
        labelledAt: now.toISOString(),
        model: { name: 'tiny', label: 'positive', compound: 0.3, agrees: false },
        stale: false,
      },
    ])
    expect(await moodOf(id)).toMatchObject({ model: 'person', compound: -1, mood: 'negative' })
    const shown = await person.call('GET', `/api/posts/${id}`)
    expect(shown.body).toMatchObject({ sentiment: { label: 'negative', model: 'person' } })
    expect(await checkRollups(em, collected.workspaceId)).toMatchObject({ differences: 0 })
  })

  test('is never overwritten by the model, whose newer opinion stands beside it', async () => {
    const id = await post()
    await put(id, 'neutral')
    await enqueue(id)
    await score()
    expect(await moodOf(id)).toMatchObject({ model: 'person', compound: 0 })
    expect((await put(id, 'positive')).body).toMatchObject({
      model: { name: 'newer', label: 'positive', agrees: true },
    })
  })

  test('holds against a worker that read the backlog before it and writes after it', async () => {
    const id = await post({ scores: null })
    await enqueue(id)
    const worker = await app.parts.database.orm.em.fork()
    const batch = await findUnscoredPosts(em, 10)
    const scored = batch.map(({ post_id, version }) => ({
      postId: post_id,
      version,
      scores: modelSays,
    }))
    // The label's transaction is open while the worker's statement begins, and ends before it can.
    await collected.client.query('begin')
    await collected.client.query(
      `insert into sentiments (post_id, workspace_id, model, negative, neutral, positive, compound,
         scored_at) values ($1, $2, 'person', 1, 0, 0, -1, now())`,
      [id, collected.workspaceId],
    )
    const written = storeScores(
      forWorkspace(worker as EntityManager, collected.workspaceId),
      collected.workspaceId,
      'late',
      scored,
      now,
    )
    await collected.client.query('commit')
    await written
    expect(await moodOf(id)).toMatchObject({ model: 'person', compound: -1 })
  })

  test('of a text nobody scored yet: the backlog asks the model for its opinion', async () => {
    const id = await post({ scores: null })
    expect((await put(id, 'negative')).body).toMatchObject({ model: null })
    await score()
    expect(await moodOf(id)).toMatchObject({ model: 'person' })
    const { rows } = await collected.client.query(
      'select model, model_label from sentiment_labels where post_id = $1',
      [id],
    )
    expect(rows).toEqual([{ model: 'newer', model_label: 'positive' }])
  })

  test('stays when the text changes, and is called stale until somebody looks again', async () => {
    const id = await post()
    await put(id, 'negative')
    await edit(id, 'Great, it works again')
    await enqueue(id)
    await score()
    expect(await moodOf(id)).toMatchObject({ model: 'person', compound: -1 })
    const list = await person.call('GET', '/api/analytics/sentiment/labels?limit=200')
    const { items } = list.body as { items: { postId: string; stale: boolean; model: object }[] }
    // What the model says of another text is not held against the label.
    expect(items.find(({ postId }) => postId === id)).toMatchObject({
      stale: true,
      model: { name: 'tiny' },
    })
    expect((await put(id, 'positive')).body).toMatchObject({ stale: false, model: null })
    await score()
    expect((await put(id, 'positive')).body).toMatchObject({ model: { name: 'newer' } })
  })

  test('stays when the text goes; a post without text cannot be labelled', async () => {
    const id = await post()
    await put(id, 'negative')
    await edit(id, ' ')
    await enqueue(id)
    await score(null)
    expect(await moodOf(id)).toMatchObject({ model: 'person' })
    const { status } = await put(await post({ body: null, scores: null }), 'neutral')
    expect(status).toBe(409)
  })
})

describe('without its label', () => {
  test('a mood is the model’s again, exactly', async () => {
    const id = await post()
    const before = await moodOf(id)
    await put(id, 'negative')
    await put(id, 'neutral')
    expect((await remove(id)).status).toBe(204)
    expect({ ...(await moodOf(id)), scored_at: null }).toEqual({ ...before, scored_at: null })
    expect((await remove(id)).status).toBe(404)
    expect(await checkRollups(em, collected.workspaceId)).toMatchObject({ differences: 0 })
  })

  test('an edited text has no mood until the model has read it', async () => {
    const id = await post()
    await put(id, 'negative')
    await edit(id, 'Another text')
    await remove(id)
    expect(await moodOf(id)).toBeUndefined()
    await score()
    expect(await moodOf(id)).toMatchObject({ model: 'newer', mood: 'positive' })
  })
})

test('posts of others are not there to be labelled', async () => {
  const id = await post()
  const stranger = await app.signIn()
  for (const [method, body] of [
    ['PUT', { label: 'neutral' }],
    ['DELETE', undefined],
  ] as const) {
    const path = `/api/posts/${id}/sentiment-label`
    expect((await stranger.call(method, path, body)).status).toBe(404)
  }
  expect(await moodOf(id)).toMatchObject({ model: 'tiny' })
  const list = await stranger.call('GET', '/api/analytics/sentiment/labels')
  expect(list.body).toEqual({ items: [], nextCursor: null })
})

test('labels are listed newest first, page by page, none twice', async () => {
  const seen: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const after: string = cursor ? `&cursor=${cursor}` : ''
    const page = await person.call('GET', `/api/analytics/sentiment/labels?limit=2${after}`)
    const { items, nextCursor } = page.body as {
      items: { postId: string }[]
      nextCursor: string | null
    }
    seen.push(...items.map(({ postId }) => postId))
    cursor = nextCursor
  }
  const { rows } = await collected.client.query(
    'select post_id from sentiment_labels order by labelled_at desc, post_id desc',
  )
  expect(seen).toEqual(rows.map(({ post_id }) => post_id))
})

test('who labels a text, and who takes a label away, is written down', async () => {
  const id = await post()
  expect((await put(id, 'negative')).status).toBe(200)
  expect((await remove(id)).status).toBe(204)
  expect((await remove(id)).status).toBe(404)
  const rows = await auditOf(app, 'label.set', 'label.removed')
  expect(rows.filter(({ object_id }) => object_id === id)).toMatchObject([
    { action: 'label.set', object_kind: 'post', details: { label: 'negative' } },
    { action: 'label.removed', workspace_id: collected.workspaceId },
  ])
})
