import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { contextOf } from '../../src/compose.ts'
import { taskOrigin } from '../../src/core/origin.ts'
import { collectProfile } from '../../src/features/monitoring/index.ts'
import { cascadeShape, type Reply } from '../../src/statistics/cascade.ts'
import { addProfile, openStage, type PlatformName, type Stage } from '../support/stage.ts'

const start = new Date('2026-11-20T12:00:00Z')
const minute = 60_000
let stage: Stage
let workspaceId: string

beforeAll(async () => {
  stage = await openStage({ store: 'postgres', start })
  const { rows } = await stage.client.query(`select current_setting('app.workspace_id') as id`)
  workspaceId = rows[0].id
})
afterAll(() => stage?.close())

type Source = { id: string; collectsComments: boolean }
const alive = (habit: string) => !/gone|leaves|suspended|private|banned/.test(habit)
let profiles = 0
let taken = 0

/** Sources that no other test has, with a profile of their own. */
async function watch(platform: PlatformName, count: number, more: object = {}) {
  const profileId = await addProfile(stage.person, platform, `comments${++profiles}`)
  const listed = (await stage.sandbox.world.sources(platform)).filter(({ habit }) => alive(habit))
  const handles = listed.slice(taken, taken + count).map(({ handle }) => handle)
  taken += count
  const body = { profileId, handles, watch: more }
  const answer = await stage.person.call('POST', '/api/sources', body)
  const results = (answer.body as { results?: { source: Source }[] }).results ?? []
  return { profileId, status: answer.status, sources: results.map(({ source }) => source) }
}

const run = (profileId: string) =>
  collectProfile(
    contextOf(stage.app.parts, new AbortController().signal, taskOrigin('test')),
    workspaceId,
    profileId,
  )
const pass = (minutes: number) => stage.moveTo(new Date(stage.now().getTime() + minutes * minute))
const count = async (text: string, values: unknown[] = []): Promise<number> =>
  Number((await stage.client.query(`select count(*) as n from ${text}`, values)).rows[0].n)
const commentsOf = (sourceId: string | undefined) =>
  count(`posts where kind = 'comment' and source_id = $1`, [sourceId])

describe('whose comments are collected', () => {
  test('only platforms that have some can be asked for them', async () => {
    const refused = await watch('twitch', 1, { comments: true })
    expect(refused.status).toBe(400)
    const { sources } = await watch('twitch', 1)
    const path = `/api/sources/${sources[0]?.id}`
    const answer = await stage.person.call('PATCH', path, { collectsComments: true })
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/collectsComments' }] },
    })
    const { body } = await stage.person.call('GET', path)
    expect(body).toMatchObject({ collectsComments: false })
  })

  test('a source that did not ask gets none; switched on, its known posts are caught up with', async () => {
    const { profileId, sources } = await watch('reddit', 1)
    const [source] = sources
    await run(profileId)
    expect(await commentsOf(source?.id)).toBe(0)
    const path = `/api/sources/${source?.id}`
    const on = await stage.person.call('PATCH', path, { collectsComments: true })
    expect(on.body).toMatchObject({ id: source?.id, collectsComments: true })
    pass(31)
    await run(profileId)
    const found = await commentsOf(source?.id)
    expect(found).toBeGreaterThan(0)
    await stage.person.call('PATCH', path, { collectsComments: false })
    expect(
      await count('thread_schedule t join posts p on p.id = t.post_id where p.source_id = $1', [
        source?.id,
      ]),
    ).toBe(0)
    pass(8 * 60)
    await run(profileId)
    expect(await commentsOf(source?.id)).toBe(found)
  })
})

describe.each(['reddit', 'youtube'] as const)('the comments of %s', (platform) => {
  let profileId: string
  let sources: Source[]

  beforeAll(async () => {
    const watched = await watch(platform, 2, { comments: true })
    profileId = watched.profileId
    sources = watched.sources
    await run(profileId)
  })

  test('are posts that hang under theirs, by people, with texts that wait for their mood', async () => {
    expect(sources.every(({ collectsComments }) => collectsComments)).toBe(true)
    const { rows } = await stage.client.query(
      `select p.*, r.id as root_id, a.handle from posts p
         left join posts r on r.source_id = p.source_id and r.external_id = p.thread_id
         left join authors a on a.id = p.author_id
       where p.kind = 'comment' and p.source_id = any ($1)`,
      [sources.map(({ id }) => id)],
    )
    expect(rows.length).toBeGreaterThan(50)
    const ids = new Set(rows.map((row) => row.external_id))
    for (const row of rows) {
      expect(row.root_id).not.toBeNull()
      expect(row.reply_to === row.thread_id || ids.has(row.reply_to)).toBe(true)
      expect([row.audience, row.comments]).toEqual([null, null])
      expect(row.body === null || row.body.length > 0).toBe(true)
    }
    expect(rows.filter((row) => row.handle).length / rows.length).toBeGreaterThan(0.9)
    const waiting = await count(
      `unscored_posts u join posts p on p.id = u.post_id where p.kind = 'comment' and p.source_id = any ($1)`,
      [sources.map(({ id }) => id)],
    )
    expect(waiting).toBe(rows.filter((row) => row.body?.trim()).length)
  })

  test('stand beside posts in no list that is of posts alone, and are found by their kind', async () => {
    const kindsOf = async (path: string) => {
      const { body } = await stage.person.call('GET', path)
      return new Set((body as { items: { kind: string }[] }).items.map(({ kind }) => kind))
    }
    const own = platform === 'reddit' ? 'reddit_post' : 'video'
    const list = platform === 'reddit' ? '/api/reddit/posts' : '/api/youtube/videos'
    expect(await kindsOf(`${list}?limit=200`)).toEqual(new Set([own]))
    expect(await kindsOf(`${list}?kind=comment`)).toEqual(new Set(['comment']))
    expect(await kindsOf(`/api/posts?kind=comment&platform=${platform}`)).toEqual(
      new Set(['comment']),
    )
    for (const kind of [own, 'comment']) {
      const path = `/api/export/posts.json?platform=${platform}&kind=${kind}&days=90`
      const { body } = await stage.person.call('GET', path)
      expect(new Set((body as { kind: string }[]).map((post) => post.kind))).toEqual(
        new Set([kind]),
      )
    }
  })

  test('give each thread the shape that its comments have', async () => {
    const { rows } = await stage.client.query(
      `select t.*, p.external_id, p.comments as told, extract(epoch from p.published_at)::float8 as at_s
       from thread_shapes t join posts p on p.id = t.post_id where t.source_id = any ($1)`,
      [sources.map(({ id }) => id)],
    )
    expect(rows.length).toBeGreaterThan(5)
    for (const row of rows) {
      const replies = await repliesOf(row.source_id, row.external_id)
      const { chain: _chain, chainEngagement: _own, ...shape } = cascadeShape(replies, row.at_s)
      const { size, depth, breadth, virality, authors, orphans, cycles } = row
      expect({ size, depth, breadth, virality, authors, orphans, cycles }).toEqual({
        ...{ size: shape.size, depth: shape.depth, breadth: shape.breadth },
        ...{ virality: shape.virality, authors: shape.authors, orphans: 0, cycles: 0 },
      })
      expect(row.chains).toHaveLength(depth)
      expect(row.missing === 0 || size - 1 + row.missing >= Number(row.told)).toBe(true)
      if (platform === 'youtube') expect(depth).toBeLessThanOrEqual(2)
    }
  })

  test('are written once, however often they are read', async () => {
    const before = await dump()
    expect(
      await count('thread_schedule where profile_id = $1 and due_at <= $2', [
        profileId,
        stage.now(),
      ]),
    ).toBe(0)
    await stage.client.query(
      `update thread_schedule set due_at = $2 where profile_id = $1
         and post_id in (select post_id from thread_shapes)`,
      [profileId, stage.now()],
    )
    const again = await run(profileId)
    expect(again.comments).toBeGreaterThan(0)
    expect(await dump()).toEqual(before)
  })

  test('are looked at again when their post has the next age, and grow', async () => {
    const { rows } = await stage.client.query(
      `select extract(epoch from d.due_at - p.published_at)::float8 / 3600 as age
       from thread_schedule d join posts p on p.id = d.post_id where d.profile_id = $1`,
      [profileId],
    )
    for (const { age } of rows)
      expect([1, 6, 24, 168].some((one) => Math.abs(one - age) < 1e-6)).toBe(true)
    const found = await count(`posts where kind = 'comment' and source_id = any ($1)`, [
      sources.map(({ id }) => id),
    ])
    pass(6 * 60)
    await run(profileId)
    expect(
      await count(`posts where kind = 'comment' and source_id = any ($1)`, [
        sources.map(({ id }) => id),
      ]),
      // A channel uploads less than daily, and nothing may fall due in this time.
    ).toBeGreaterThanOrEqual(platform === 'reddit' ? found + 1 : found)
  })

  test('never take what posts still need of the budget', async () => {
    const bucket = platform === 'reddit' ? 'requests' : 'units'
    pass(8 * 60)
    const amount = platform === 'reddit' ? 12 : 20
    await stage.person.call('PATCH', `/api/profiles/${profileId}`, { limits: { [bucket]: amount } })
    await stage.client.query('delete from budget_windows where profile_id = $1', [profileId])
    await stage.client.query(`update thread_schedule set due_at = $2 where profile_id = $1`, [
      profileId,
      stage.now(),
    ])
    const { outcome } = await run(profileId)
    const waiting = 'thread_schedule where profile_id = $1 and due_at > $2 and due_at <= $3'
    const soon = new Date(stage.now().getTime() + 15 * minute)
    expect(await count(waiting, [profileId, stage.now(), soon])).toBeGreaterThan(0)
    const budget = (await stage.person.call('GET', `/api/profiles/${profileId}/budget`)).body as {
      threadsPerDay: number
      buckets: { bucket: string; remaining: number }[]
    }
    const left = budget.buckets.find((one) => one.bucket === bucket)?.remaining
    expect([outcome, left]).toEqual(['done', expect.any(Number)])
    expect(left).toBeGreaterThan(0)
    expect(budget.threadsPerDay).toBeGreaterThan(0)
    // Of a profile that spent all it may on comments, posts are still collected.
    pass(120)
    const next = await run(profileId)
    expect([next.outcome, next.failed, next.sources]).toEqual(['done', 0, 2])
    const { body } = await stage.person.call('GET', `/api/profiles/${profileId}`)
    expect(body).toMatchObject({ state: 'active', pausedUntil: null })
  })

  const dump = async () =>
    (
      await stage.client.query(
        `select source_id, external_id, reply_to, thread_id, author_id, body, likes, score
         from posts where source_id = any ($1) order by 1, 2`,
        [sources.map(({ id }) => id)],
      )
    ).rows
})

async function repliesOf(sourceId: string, threadId: string): Promise<Reply[]> {
  const { rows } = await stage.client.query(
    `select external_id, reply_to, author_id, extract(epoch from published_at)::float8 as at_s
     from posts where source_id = $1 and thread_id = $2 order by published_at, id`,
    [sourceId, threadId],
  )
  return rows.map((row) => ({
    id: row.external_id,
    parent: row.reply_to === threadId ? null : row.reply_to,
    author: row.author_id,
    atS: row.at_s,
    engagement: null,
  }))
}
