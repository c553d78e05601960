import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'
import { asOwner } from '../support/servers.ts'

let app: TestApp
let person: SignedIn
let world: Collected
beforeAll(async () => {
  app = await startTestApp()
  person = await app.signIn()
  world = await collectedBy(app, person)
})
afterAll(async () => {
  await world?.close()
  await app?.close()
})

type Page = { items: { id: string; promoted: boolean }[] }
const idsOf = async (query: string) =>
  ((await person.call('GET', `/api/posts?${query}`)).body as Page).items.map(({ id }) => id)

test('a post is marked as promoted, found by it, and keeps the mark when its numbers come in', async () => {
  const source = await world.source('twitter', 'blog')
  const [one, other] = [await world.post(source), await world.post(source)]
  expect(await idsOf('promoted=true')).toEqual([])
  const marked = await person.call('PATCH', `/api/posts/${one}`, { promoted: true })
  expect([marked.status, marked.body]).toEqual([
    200,
    expect.objectContaining({ id: one, promoted: true }),
  ])
  expect(await idsOf('promoted=true')).toEqual([one])
  expect(await idsOf('promoted=false')).toEqual([other])
  await world.client.query('update posts set likes = 5')
  expect(await idsOf('promoted=true&platform=twitter')).toEqual([one])
  await person.call('PATCH', `/api/posts/${one}`, { promoted: false })
  expect(await idsOf('promoted=true')).toEqual([])
})

test('what is no mark, and whose post it is not', async () => {
  const id = await world.post(await world.source('twitter', 'second'))
  for (const body of [{}, { promoted: 'yes' }, { promoted: true, likes: 9 }]) {
    expect((await person.call('PATCH', `/api/posts/${id}`, body)).status).toBe(400)
  }
  const stranger = await app.signIn()
  expect((await stranger.call('PATCH', `/api/posts/${id}`, { promoted: true })).status).toBe(404)
  expect(await idsOf('promoted=true')).toEqual([])
})

test('promoted posts are read by the index that holds no others', async () => {
  const source = await world.source('twitter', 'third')
  await world.client.query(
    `insert into posts (workspace_id, source_id, platform, kind, external_id, published_at,
       fetched_at, promoted)
     select $1, $2, 'twitter', 'tweet', 'many-' || n, now() - n * interval '1 minute', now(),
       n % 500 = 0 from generate_series(1, 5000) n`,
    [world.workspaceId, source],
  )
  await asOwner(app.ownerUrl, (client) => client.query('analyze posts'))
  const { rows } = await world.client.query(
    'explain select id from posts p where p.promoted order by published_at desc, id desc limit 50',
  )
  expect(JSON.stringify(rows)).toContain('posts_promoted_index')
})
