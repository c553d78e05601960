import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Json } from '../../src/core/json.ts'
import type { Collected, CollectFailure, CollectTarget } from '../../src/platforms/platform.ts'
import { reddit } from '../../src/platforms/reddit/reddit.platform.ts'
import { expectNoSecret, faults } from './fault-table.ts'
import { all, failureOf, type TestTools, testTools } from './platform-tools.ts'
import { type RedditStub, redditAnswer, redditPost } from './reddit-server.ts'
import { type Reply, type Request, type ScriptedServer, scriptedServer } from './scripted-server.ts'

const credentials = { clientId: 'client-a', clientSecret: 'canary-secret', userAgent: 'test:app:1' }
const token = 'canary-token'
const minute = 60_000
const day = 86_400_000
const now = new Date('2026-11-20T12:00:00Z')
const names = Array.from({ length: 100 }, (_, index) => `sub${1_000 + index}`)

let server: ScriptedServer
let tools: TestTools
let world: RedditStub
let override: (request: Request) => Reply | null

const open = () => reddit.open(credentials, tools)
beforeEach(async () => {
  override = () => null
  world = {
    communities: new Map(names.map((name) => [name, { posts: [] }])),
    spoils: new Set(),
    token,
  }
  server = await scriptedServer((request) => override(request) ?? redditAnswer(world, request))
  tools = testTools({ baseUrl: server.url, now })
})
afterEach(() => server.close())

const targetOf = (name: string, cursor: Json = null): CollectTarget => ({
  ref: name,
  externalId: `t5_${name}`,
  handle: name,
  details: {},
  cursor,
  statisticsAt: tools.at.now,
})
const isCollected = (item: Collected | CollectFailure): item is Collected => !('error' in item)
const collect = async (targets: CollectTarget[]) => {
  const items = await all(open().collect(targets))
  return items.filter(isCollected)
}
const next = (targets: CollectTarget[], items: Collected[]): CollectTarget[] =>
  targets.map((target) => ({
    ...target,
    statisticsAt: tools.at.now,
    cursor: items.find(({ ref }) => ref === target.ref)?.cursor ?? null,
  }))
const later = (ms: number) => {
  tools.at.now = new Date(tools.at.now.getTime() + ms)
}
const write = (name: string, ms = 5 * minute, more = {}) => {
  const post = redditPost(name, new Date(tools.at.now.getTime() - ms), more)
  world.communities.get(name)?.posts.push(post)
  return post.id
}
const idsOf = (items: Collected[]) =>
  items.flatMap(({ posts }) => posts.map((post) => post.externalId))
const listings = () => server.takePaths().filter((path) => path.endsWith('/new'))

describe('resolve', () => {
  test('a hundred names are one call and one more for each that is missing', async () => {
    world.communities.set('locked', { reason: 'private', posts: [] })
    world.communities.set('gone', { reason: 'banned', posts: [] })
    const inputs = [
      ...['r/sub1000', '/r/sub1001/', 'https://old.reddit.com/r/sub1002/top', 't5_sub1003'],
      ...['locked', 'gone', 'never', 'u/someone'],
    ]
    const [answers] = await all(open().resolve(inputs))
    expect(answers?.slice(0, 4).map(({ found }) => found?.handle)).toEqual(names.slice(0, 4))
    expect(answers?.[0]?.found).toMatchObject({
      externalId: 't5_sub1000',
      url: 'https://www.reddit.com/r/sub1000/',
      statistics: { followers: 1_234, online: null },
    })
    expect(answers?.slice(4)).toEqual([
      { input: 'locked', found: null, reason: 'This community is private' },
      { input: 'gone', found: null, reason: 'Reddit has banned this community' },
      { input: 'never', found: null, reason: 'Reddit knows no community of this name' },
      { input: 'u/someone', found: null, reason: expect.stringContaining('neither') },
    ])
    expect(server.takePaths()).toEqual([
      ...['/api/v1/access_token', '/api/info', '/api/info'],
      ...['/r/locked/about', '/r/gone/about', '/r/never/about'],
    ])
  })

  test.each([
    ['typescript', 'typescript'],
    ['https://www.reddit.com/r/node/comments/1/x/', 'node'],
    ['node.reddit.com', 'node'],
    ['r/all', null],
    ['r/a+b', null],
    ['https://example.org/r/node', null],
    ['x', null],
  ])('%p is the handle %p', (input, handle) => {
    expect(reddit.handle.parse(input)).toBe(handle)
  })
})

describe('collect', () => {
  test('100 quiet communities are one call after their first run', async () => {
    for (const name of names) write(name, 3 * minute + names.indexOf(name) * 1_000)
    const targets = names.map((name) => targetOf(name))
    const first = await collect(targets)
    expect(idsOf(first)).toHaveLength(100)
    expect(listings()).toHaveLength(100)

    later(30 * minute)
    const fresh = names.slice(0, 20).map((name) => write(name))
    const second = await collect(next(targets, first))
    expect(new Set(idsOf(second))).toEqual(new Set(fresh))
    expect(listings().length).toBeLessThanOrEqual(4)

    later(30 * minute)
    const again = names.slice(30, 50).map((name) => write(name))
    const third = await collect(next(targets, second))
    expect(new Set(idsOf(third))).toEqual(new Set(again))
    expect(listings().length).toBeLessThanOrEqual(2)
    expect(third.every(({ complete }) => complete)).toBe(true)
  })

  test('a busy community does not crowd the quiet ones out', async () => {
    const targets = ['sub1000', 'sub1001', 'sub1002'].map((name) => targetOf(name))
    for (let index = 0; index < 100; index += 1) write('sub1000', index * minute)
    for (const { ref } of targets.slice(1)) write(ref, 60 * minute)
    const first = await collect(targets)
    server.takePaths()
    later(3 * 60 * minute)
    for (let index = 0; index < 170; index += 1) write('sub1000', (index * 175 * minute) / 170)
    const quiet = write('sub1001', 170 * minute)
    const second = await collect(next(targets, first))
    expect(idsOf(second)).toHaveLength(171)
    expect(idsOf(second)).toContain(quiet)
    expect(listings().sort()).toEqual([
      '/r/sub1000/new',
      '/r/sub1000/new',
      '/r/sub1001+sub1002/new',
    ])
  })

  test('a post that was let in late is taken, none is taken twice, a removed one changes nothing', async () => {
    write('sub1000', minute)
    const [first] = await collect([targetOf('sub1000')])
    world.communities.get('sub1000')?.posts.pop()
    const late = write('sub1000', 4 * minute)
    const second = await collect([targetOf('sub1000', first?.cursor)])
    expect(idsOf(second)).toEqual([late])
    expect(idsOf(await collect([targetOf('sub1000', second[0]?.cursor)]))).toEqual([])
  })

  test('where the listing ends before the cursor, the gap is named', async () => {
    const before = { upTo: now.getTime() / 1_000 - 7_200, seen: {}, perDay: 5_000 }
    for (let index = 0; index < 1_100; index += 1) write('sub1000', index * 6_000)
    const [item] = await collect([targetOf('sub1000', before)])
    expect(item).toMatchObject({ complete: false })
    expect(item?.posts).toHaveLength(1_000)
    expect(listings()).toHaveLength(10)
  })

  test('a first run goes as deep as it is told', async () => {
    for (let index = 0; index < 400; index += 1) write('sub1000', index * minute)
    expect(idsOf(await collect([targetOf('sub1000')]))).toHaveLength(100)
    tools = { ...tools, firstRunPosts: 350 }
    expect(idsOf(await collect([targetOf('sub1000')]))).toHaveLength(350)
  })

  test('a post holds its text, numbers and what else Reddit said', async () => {
    const id = write('sub1000')
    write('sub1000', 6 * minute, { author: '[deleted]', selftext: '[removed]', score: undefined })
    const [item] = await collect([targetOf('sub1000')])
    expect(item?.posts).toEqual([
      {
        externalId: id,
        kind: 'reddit_post',
        author: { externalId: 't2_w', handle: 'writer', displayName: null, followers: null },
        title: 'Look at #This',
        body: 'Thanks u/Helper & co',
        url: `https://www.reddit.com/r/sub1000/comments/${id}/look/`,
        lang: null,
        hashtags: ['this'],
        mentions: ['helper'],
        replyTo: null,
        category: 'Help',
        publishedAt: new Date(now.getTime() - 5 * minute),
        metrics: {
          views: null,
          likes: null,
          comments: 4,
          shares: null,
          score: 12,
          upvoteRatio: 0.93,
          viewers: null,
        },
        extra: {
          subreddit: 'sub1000',
          permalink: `/r/sub1000/comments/${id}/look/`,
          over_18: false,
          is_self: true,
          num_crossposts: 1,
          a_new_field: 1,
        },
      },
      expect.objectContaining({
        author: null,
        body: null,
        metrics: expect.objectContaining({ score: null }),
      }),
    ])
  })

  test('once a day one call tells the members, and who is missing', async () => {
    world.communities.set('locked', { reason: 'private', posts: [] })
    const cursor = { upTo: now.getTime() / 1_000 - 3_600, seen: {}, perDay: 1 }
    const targets = ['sub1000', 'sub1001', 'locked'].map((name) => ({
      ...targetOf(name, cursor),
      statisticsAt: new Date(now.getTime() - day),
    }))
    const items = await all(open().collect(targets))
    expect(items.find(({ ref }) => ref === 'locked')).toMatchObject({
      error: { kind: 'forbidden', message: 'This community is private', sourceOnly: true },
    })
    expect(items.find(({ ref }) => ref === 'sub1000')).toMatchObject({
      statistics: { followers: 1_234 },
      details: { title: 'All of sub1000' },
    })
    expect(server.takePaths()).toEqual([
      ...['/api/v1/access_token', '/api/info', '/r/locked/about', '/r/sub1000+sub1001/new'],
    ])
  })

  test('one that spoils a listing fails alone, in a bounded number of calls', async () => {
    const cursor = { upTo: now.getTime() / 1_000 - 3_600, seen: {}, perDay: 0.1 }
    world.communities.set('sub1007', { reason: 'banned', posts: [] })
    world.spoils.add('sub1007').add('sub1042')
    const fresh = write('sub1001')
    const items = await all(open().collect(names.map((name) => targetOf(name, cursor))))
    const failed = items.filter((item) => !isCollected(item))
    expect(failed).toMatchObject([
      { ref: 'sub1007', error: { kind: 'not_found', sourceOnly: true } },
      { ref: 'sub1042', error: { kind: 'not_found', sourceOnly: true } },
    ])
    expect(items).toHaveLength(100)
    expect(idsOf(items.filter(isCollected))).toEqual([fresh])
    expect(server.takePaths().length).toBeLessThan(25)
  })
})

test('refresh: 1,000 posts are 10 calls; what Reddit does not return is gone', async () => {
  const ids = Array.from({ length: 1_000 }, () => write('sub1000'))
  world.communities.get('sub1000')?.posts.pop()
  const targets = ids.map((id) => ({ ref: id, externalId: id, kind: 'reddit_post' as const }))
  const answers = (await all(open().refresh(targets))).flat()
  expect(server.takePaths()).toEqual(['/api/v1/access_token', ...Array(10).fill('/api/info')])
  expect(answers[0]?.metrics).toMatchObject({ score: 12, comments: 4, upvoteRatio: 0.93 })
  expect(answers.filter(({ metrics }) => metrics === null)).toEqual([
    { ref: ids.at(-1), metrics: null },
  ])
})

describe('the credential', () => {
  test('every call names the app; the token is kept for later runs and renewed', async () => {
    await all(open().resolve(['sub1000']))
    await all(open().resolve(['sub1001']))
    expect(server.requests.map(({ headers }) => headers['user-agent'])).toEqual(
      Array(3).fill('test:app:1'),
    )
    expect(server.requests[0]?.body).toBe('grant_type=client_credentials')
    expect(server.takePaths()).toEqual(['/api/v1/access_token', '/api/info', '/api/info'])
    later(day - 30_000)
    await all(open().resolve(['sub1000']))
    expect(server.takePaths()).toEqual(['/api/v1/access_token', '/api/info'])
  })

  test('a kept token that ended early is renewed once', async () => {
    tools.token.set({ value: 'stale', expiresAt: new Date(now.getTime() + day) })
    await all(open().resolve(['sub1000']))
    expect(server.takePaths()).toEqual(['/api/info', '/api/v1/access_token', '/api/info'])
    world.token = 'another'
    override = ({ url }) => (url.pathname === '/api/info' ? { status: 401 } : null)
    expect((await failureOf(all(open().resolve(['sub1000'])))).kind).toBe('unauthorized')
    expect(server.takePaths()).toHaveLength(3)
    expect(tools.token.get()).toBeNull()
  })

  test.each([
    [{ status: 401 }, 'unauthorized', 'does not accept this client id and secret'],
    [{ json: { error: 'unauthorized_client' } }, 'unauthorized', 'does not accept'],
    [{ status: 403 }, 'forbidden', 'user agent'],
  ])('verify says in words what is wrong with %j', async (reply, kind, words) => {
    expect((await open().verify()).detail).toContain('Reddit accepts')
    override = () => reply
    expect(await failureOf(open().verify())).toMatchObject({
      kind,
      message: expect.stringContaining(words),
    })
  })

  test('headers correct the budget; an empty one makes no call', async () => {
    await all(open().resolve(['sub1000']))
    expect(tools.booked).toEqual({ requests: 2 })
    expect(tools.observed).toEqual([
      {
        bucket: 'requests',
        seen: { remaining: 597, resetsAt: new Date(now.getTime() + 120_000) },
      },
    ])
    server.takePaths()
    tools = testTools({ baseUrl: server.url, now, amount: 0 })
    expect((await failureOf(collect([targetOf('sub1000')]))).kind).toBe('budget_exhausted')
    expect(server.takePaths()).toEqual([])
  })

  test('a 429 that is a web page still says when', async () => {
    override = ({ url }) =>
      url.pathname === '/api/info'
        ? { status: 429, text: '<!doctype html>', headers: { 'retry-after': '4' } }
        : null
    expect(await failureOf(all(open().resolve(['sub1000'])))).toMatchObject({
      kind: 'rate_limited',
      until: new Date(now.getTime() + 4_000),
    })
  })
})

describe.each(['/r/sub1000/new', '/api/v1/access_token'])('faults of %s', (path) => {
  test.each(faults)('$name -> $kind, once, without a secret', async ({ reply, kind, waitS }) => {
    tools = testTools({ baseUrl: server.url, now, timeoutMs: 300 })
    override = ({ url }) =>
      url.pathname === path ? reply([credentials.clientSecret, token]) : null
    const error = await failureOf(
      (async () => {
        for await (const item of open().collect([targetOf('sub1000')])) {
          if ('error' in item) throw item.error
        }
      })(),
    )
    expect(error.kind).toBe(kind)
    if (waitS) expect(error.until?.getTime()).toBe(now.getTime() + waitS * 1_000)
    const encoded = Buffer.from('client-a:canary-secret').toString('base64')
    expectNoSecret([credentials.clientSecret, token, encoded], error)
    expect(server.takePaths().filter((one) => one === path)).toHaveLength(1)
  })

  test('an abort ends it at once', async () => {
    const controller = new AbortController()
    tools = testTools({ baseUrl: server.url, now, timeoutMs: 20_000, signal: controller.signal })
    override = ({ url }) => {
      if (url.pathname !== path) return null
      setTimeout(() => controller.abort(), 20)
      return 'hang'
    }
    const error = await failureOf(all(open().collect([targetOf('sub1000')])))
    expect(error.message).toContain('called off')
  })
})
