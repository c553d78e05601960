import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Json } from '../../src/core/json.ts'
import type { Collected, CollectFailure, CollectTarget } from '../../src/platforms/platform.ts'
import { idAt } from '../../src/platforms/twitter/snowflake.ts'
import { twitter } from '../../src/platforms/twitter/twitter.platform.ts'
import { expectNoSecret, faults } from './fault-table.ts'
import { type MeteredTools, meteredTools } from './metered-tools.ts'
import { all, failureOf } from './platform-tools.ts'
import { type Reply, type Request, type ScriptedServer, scriptedServer } from './scripted-server.ts'
import { type XStub, xAnswer, xPost } from './x-server.ts'

const bearerToken = 'canary-bearer'
const minute = 60_000
const day = 86_400_000
const now = new Date('2026-11-20T12:00:00Z')
const ids = Array.from({ length: 100 }, (_, index) => String(1_000 + index))

let server: ScriptedServer
let tools: MeteredTools
let x: XStub
let override: (request: Request) => Reply | null

const open = () => twitter.open({ bearerToken }, tools)
const setUp = (more: Partial<Parameters<typeof meteredTools>[0]> = {}) =>
  meteredTools({ baseUrl: server.url, now, limits: { micro_dollars: 50_000_000 }, ...more })

beforeEach(async () => {
  override = () => null
  server = await scriptedServer((request) => override(request) ?? xAnswer(x, request))
  tools = setUp()
  x = {
    posts: [],
    names: new Map(ids.map((id) => [id, `account${id}`])),
    now: () => tools.at.now,
    fields: 'tweet.fields',
    unknownFields: 'refused',
  }
})
afterEach(() => server.close())

const targetOf = (id: string, cursor: Json = null): CollectTarget => ({
  ref: `ref-${id}`,
  externalId: id,
  handle: `account${id}`,
  details: {},
  cursor,
  statisticsAt: now,
})
const isCollected = (item: Collected | CollectFailure): item is Collected => !('error' in item)
const collect = async (targets: CollectTarget[]) =>
  (await all(open().collect(targets))).filter(isCollected)
const next = (targets: CollectTarget[], items: Collected[]): CollectTarget[] =>
  targets.map((target) => ({
    ...target,
    cursor: items.find(({ ref }) => ref === target.ref)?.cursor ?? null,
  }))
const later = (ms: number) => {
  tools.at.now = new Date(tools.at.now.getTime() + ms)
}
const write = (id: string, ms = 5 * minute, more = {}) => {
  const post = xPost(id, tools.at.now, ms, more)
  x.posts.push(post)
  return post.id
}
const postsIn = (items: Collected[]) => items.flatMap(({ posts }) => posts)

describe('resolve', () => {
  test('a hundred names are one call; names, addresses and ids are understood', async () => {
    const inputs = [
      ...ids.slice(0, 95).map((id) => `account${id}`),
      ...['@account1095', 'https://x.com/account1096/status/1', 'mobile.twitter.com/account1097'],
      ...['nobody', 'not a name'],
    ]
    const [answers] = await all(open().resolve(inputs))
    expect(server.takePaths()).toEqual(['/2/users/by'])
    expect(answers?.filter(({ found }) => found)).toHaveLength(98)
    expect(answers?.[0]?.found).toMatchObject({
      externalId: '1000',
      handle: 'account1000',
      title: 'The account1000',
      url: 'https://x.com/account1000',
      details: { a_new_field: 1, username: 'account1000' },
      statistics: {
        followers: 7,
        totalPosts: 9,
        totalViews: null,
        online: null,
        isLive: null,
      },
    })
    expect(answers?.at(-2)).toEqual({
      input: 'nobody',
      found: null,
      reason: 'X knows no account of this name or id',
    })
    expect(answers?.at(-1)).toMatchObject({
      found: null,
      reason: expect.stringContaining('neither'),
    })
    expect(tools.used('micro_dollars')).toBe(98 * 10_000)
  })

  test('an id is looked up as an id', async () => {
    const [answers] = await all(open().resolve(['1003', 'https://x.com/i/user/1004']))
    expect(answers?.map(({ found }) => found?.handle)).toEqual(['account1003', 'account1004'])
    expect(server.takePaths()).toEqual(['/2/users'])
  })

  test.each([
    ['@XDevelopers', 'XDevelopers'],
    ['x.com/home', null],
    ['https://x.com/i/lists/1', null],
    ['https://example.org/jack', null],
    ['@12345', '@12345'],
    ['12345', '12345'],
    ['name_of_more_than_15', null],
    ['', null],
  ])('%p is the handle %p', (input, handle) => {
    expect(twitter.handle.parse(input)).toBe(handle)
  })
})

describe('collect', () => {
  test('100 accounts are 5 or 6 searches, each post is bought once', async () => {
    for (const id of ids) write(id, 3 * minute + Number(id) * 100)
    const targets = ids.map((id) => targetOf(id))
    const first = await collect(targets)
    expect(postsIn(first)).toHaveLength(100)
    expect(server.takePaths()).toHaveLength(100)

    later(30 * minute)
    const second = await collect(next(targets, first))
    expect(postsIn(second)).toEqual([])
    server.takePaths()
    const spent = tools.used('micro_dollars')

    later(30 * minute)
    for (const id of ids) write(id)
    const third = await collect(next(targets, second))
    expect(new Set(postsIn(third).map(({ externalId }) => externalId)).size).toBe(100)
    const paths = server.takePaths()
    expect(paths.every((path) => path === '/2/tweets/search/recent')).toBe(true)
    expect(paths.length).toBeLessThanOrEqual(6)
    expect(tools.used('micro_dollars') - spent).toBe(100 * 5_000)
    // All of them have been looked at up to nearly the same id now: the groups stay whole.
    later(30 * minute)
    expect(postsIn(await collect(next(targets, third)))).toEqual([])
    expect(server.takePaths().length).toBeLessThanOrEqual(6)
  })

  test('a post holds its texts, numbers and what else X said', async () => {
    const id = write('1000', 5 * minute, {
      note_tweet: { text: 'Long &lt;3 #Whole', entities: { hashtags: [{ tag: 'Whole' }] } },
      referenced_tweets: [{ type: 'replied_to', id: '77' }],
    })
    const [item] = await collect([targetOf('1000')])
    expect(item?.posts).toEqual([
      {
        externalId: id,
        kind: 'tweet',
        author: {
          externalId: '1000',
          handle: 'account1000',
          displayName: null,
          followers: null,
        },
        title: null,
        body: 'Long <3 #Whole',
        url: `https://x.com/account1000/status/${id}`,
        lang: 'en',
        hashtags: ['whole'],
        mentions: [],
        replyTo: '77',
        category: null,
        publishedAt: new Date(now.getTime() - 5 * minute),
        metrics: {
          views: 90,
          likes: 4,
          comments: 1,
          shares: 2,
          score: null,
          upvoteRatio: null,
          viewers: null,
        },
        extra: {
          a_new_field: { deep: true },
          conversation_id: expect.any(String),
          references: [{ type: 'replied_to', id: '77' }],
          quotes: 3,
          bookmarks: 5,
          metrics: {},
        },
      },
    ])
  })

  test('a missing number is null, and 0 views of a liked post are none', async () => {
    write('1000', minute, { public_metrics: { like_count: 4, impression_count: 0 } })
    write('1000', 2 * minute, { public_metrics: undefined, lang: 'und' })
    const [item] = await collect([targetOf('1000')])
    expect(item?.posts.map(({ metrics }) => metrics)).toMatchObject([
      { likes: 4, views: null, shares: null, comments: null },
      { likes: null, views: null },
    ])
    expect(item?.posts[1]?.lang).toBeNull()
  })

  test('reposts are left out on both ways', async () => {
    write('1000', minute, { referenced_tweets: [{ type: 'retweeted', id: '5' }] })
    const kept = write('1000', 2 * minute)
    const [item] = await collect([targetOf('1000')])
    expect(item?.posts.map(({ externalId }) => externalId)).toEqual([kept])
    expect(server.requests[0]?.url.searchParams.get('exclude')).toBe('retweets')
  })

  test('an old cursor goes by the timeline, as does one that X calls too old', async () => {
    const old = idAt(now.getTime() - 9 * day)
    write('1000')
    await collect([targetOf('1000', { sinceId: old }), targetOf('1001', { sinceId: old })])
    expect(server.takePaths()).toEqual(['/2/users/1000/tweets', '/2/users/1001/tweets'])

    const nearly = idAt(now.getTime() - 6.4 * day)
    x.now = () => new Date(now.getTime() + day)
    const items = await collect([
      targetOf('1000', { sinceId: nearly }),
      targetOf('1001', { sinceId: nearly }),
    ])
    expect(postsIn(items)).toHaveLength(1)
    expect(server.takePaths()).toEqual([
      '/2/tweets/search/recent',
      '/2/users/1000/tweets',
      '/2/users/1001/tweets',
    ])
  })

  test('pages until the end; an interrupted run is finished by the next, nothing is bought twice', async () => {
    const cursor = { sinceId: idAt(now.getTime() - day) }
    for (let index = 1; index <= 250; index += 1) write('1000', index * minute)
    let pages = 0
    override = ({ url }) => {
      pages += 1
      return pages === 2 && url.pathname.endsWith('/tweets') ? { status: 503 } : null
    }
    const items: (Collected | CollectFailure)[] = []
    const error = await failureOf(
      (async () => {
        for await (const item of open().collect([targetOf('1000', cursor)])) items.push(item)
      })(),
    )
    expect(error.kind).toBe('unavailable')
    const first = items.filter(isCollected)
    expect(first[0]).toMatchObject({ complete: true, cursor: { backlog: cursor } })
    expect(postsIn(first)).toHaveLength(100)
    override = () => null
    const second = await collect(next([targetOf('1000')], first))
    expect(postsIn(second)).toHaveLength(150)
    expect(second[0]?.cursor).not.toHaveProperty('backlog')
    const all250 = [...postsIn(first), ...postsIn(second)].map(({ externalId }) => externalId)
    expect(new Set(all250).size).toBe(250)
    expect(tools.used('micro_dollars')).toBe(250 * 5_000)
  })

  test('never asks for more posts than the dollars pay', async () => {
    for (let index = 1; index <= 60; index += 1) write('1000', index * minute)
    tools = setUp({ limits: { micro_dollars: 40 * 5_000 } })
    const cursor = { sinceId: idAt(now.getTime() - day) }
    const error = await failureOf(collect([targetOf('1000', cursor)]))
    expect(error.kind).toBe('budget_exhausted')
    expect(tools.peak('micro_dollars')).toBe(40 * 5_000)
    expect(server.requests.map(({ url }) => url.searchParams.get('max_results'))).toEqual(['40'])
  })

  test('first runs share half of the month, and take no more than they are told', async () => {
    for (const id of ids.slice(0, 10)) {
      for (let index = 1; index <= 40; index += 1) write(id, index * minute)
    }
    tools = { ...setUp({ limits: { micro_dollars: 400 * 5_000 } }), firstRunPosts: 100 }
    const items = await collect(ids.slice(0, 10).map((id) => targetOf(id)))
    expect(items.map(({ posts }) => posts.length)).toEqual(Array(10).fill(20))
    tools = { ...setUp(), firstRunPosts: 30 }
    expect(postsIn(await collect([targetOf('1000')]))).toHaveLength(30)
  })

  test('an account that is gone fails alone; a renamed one is followed from when it had its name', async () => {
    const cursor = { sinceId: idAt(now.getTime() - 10 * minute) }
    const hidden = write('1001', 20 * minute)
    x.names.set('1001', 'brandnew')
    x.names.delete('1002')
    const statisticsAt = new Date(now.getTime() - day - minute)
    const items = await all(
      open().collect(
        ['1000', '1001', '1002'].map((id) => ({ ...targetOf(id, cursor), statisticsAt })),
      ),
    )
    expect(items.find(({ ref }) => ref === 'ref-1002')).toMatchObject({
      error: { kind: 'not_found', sourceOnly: true },
    })
    const renamed = items.filter(isCollected).find(({ ref }) => ref === 'ref-1001')
    expect(renamed).toMatchObject({
      details: { username: 'brandnew' },
      statistics: { followers: 7 },
      posts: [{ externalId: hidden, author: { handle: 'brandnew', followers: 7 } }],
    })
    expect(server.takePaths()[0]).toBe('/2/users')
  })

  test('posts of a stranger under a known name are not taken', async () => {
    const cursor = { sinceId: idAt(now.getTime() - day) }
    const targets = [targetOf('1000', cursor), targetOf('1001', cursor)]
    x.names.set('9', 'account1001')
    x.names.delete('1001')
    write('9')
    expect(postsIn(await collect(targets))).toEqual([])
  })
})

describe.each(['refused', 'ignored'] as const)(
  'words of a later X, the old ones %s',
  (unknownFields) => {
    beforeEach(() => {
      x.fields = 'post.fields'
      x.unknownFields = unknownFields
      write('1000', minute, {
        public_metrics: { repost_count: 6, like_count: 1, reply_count: 0, impression_count: 30 },
        referenced_posts: [{ type: 'replied_to', id: '88' }],
      })
    })
    const read = { metrics: { shares: 6, views: 30 }, replyTo: '88' }

    test('are learnt with one more call', async () => {
      const [item] = await collect([targetOf('1000'), targetOf('1001')])
      expect(item?.posts).toMatchObject([read])
      expect(server.takePaths()).toHaveLength(3)
    })

    test('are spoken at once by the setting', async () => {
      tools = { ...tools, options: { xDialect: 'post' } }
      const [item] = await collect([targetOf('1000')])
      expect(item?.posts).toMatchObject([read])
      expect(server.takePaths()).toHaveLength(1)
    })
  },
)

test('without authors in its words, timelines are read', async () => {
  const cursor = { sinceId: idAt(now.getTime() - day) }
  write('1000')
  override = ({ url }) => {
    const asked = url.searchParams.get('tweet.fields') ?? url.searchParams.get('post.fields')
    const name = url.searchParams.has('post.fields') ? 'post.fields' : 'tweet.fields'
    if (!asked?.includes('author_id')) return null
    return { status: 400, json: { errors: [{ parameters: { [name]: ['author_id'] } }] } }
  }
  x.fields = 'post.fields'
  for (const post of x.posts) post.author_id = '1000'
  const items = await collect([targetOf('1000', cursor), targetOf('1001', cursor)])
  expect(postsIn(items)).toHaveLength(1)
  expect(server.takePaths().filter((path) => path.includes('/users/'))).toHaveLength(2)
})

describe('refresh', () => {
  test('1,000 posts are 10 calls; what X does not return is gone', async () => {
    for (let index = 1; index <= 1_000; index += 1) write('1000', index * 1_000)
    const targets = x.posts.map(({ id }) => ({ ref: id, externalId: id, kind: 'tweet' as const }))
    x.posts.pop()
    const answers = (await all(open().refresh(targets))).flat()
    expect(server.takePaths()).toEqual(Array(10).fill('/2/tweets'))
    expect(answers.filter(({ metrics }) => metrics)).toHaveLength(999)
    expect(answers.at(-1)?.metrics).toBeNull()
    expect(answers[0]?.metrics).toMatchObject({ likes: 4, shares: 2, comments: 1, views: 90 })
    expect(tools.used('micro_dollars')).toBe(999 * 5_000)
  })

  test('what the dollars do not pay is not asked for', async () => {
    tools = setUp({ limits: { micro_dollars: 150 * 5_000 } })
    for (let index = 1; index <= 200; index += 1) write('1000', index * 1_000)
    const targets = x.posts.map(({ id }) => ({ ref: id, externalId: id, kind: 'tweet' as const }))
    const error = await failureOf(all(open().refresh(targets)))
    expect(error.kind).toBe('budget_exhausted')
    expect(server.takePaths()).toHaveLength(2)
    expect(tools.peak('micro_dollars')).toBe(150 * 5_000)
  })
})

describe('the credential', () => {
  test('verify reads at most one post', async () => {
    expect((await open().verify()).detail).toContain('X accepts this bearer token; $50.00')
    expect(server.takePaths()).toEqual(['/2/tweets'])
    expect(tools.peak('micro_dollars')).toBe(5_000)
  })

  test.each([
    [401, {}, 'unauthorized', 'does not accept this bearer token'],
    [402, { detail: 'credits depleted' }, 'forbidden', 'credits'],
    [403, { reason: 'client-not-enrolled' }, 'forbidden', 'enrol'],
    [429, { type: 'https://api.x.com/2/problems/usage-capped' }, 'rate_limited', 'usage cap'],
  ])('%i says in words what is wrong', async (status, json, kind, words) => {
    override = () => ({ status, json })
    const error = await failureOf(open().verify())
    expect(error).toMatchObject({ kind, message: expect.stringContaining(words) })
    expect(tools.used('micro_dollars')).toBe(0)
  })

  test('headers correct the budget, on errors too', async () => {
    const reset = String(now.getTime() / 1_000 + 90)
    const headers = {
      'x-rate-limit-limit': '450',
      'x-rate-limit-remaining': '0',
      'x-rate-limit-reset': reset,
    }
    override = () => ({ status: 429, headers, json: {} })
    const error = await failureOf(collect([targetOf('1000')]))
    const resetsAt = new Date(now.getTime() + 90_000)
    expect(error).toMatchObject({ kind: 'rate_limited', until: resetsAt })
    expect(tools.observed).toEqual([
      { bucket: 'timeline', seen: { limit: 450, remaining: 0, resetsAt } },
    ])
  })

  test('an empty budget makes no call', async () => {
    tools = setUp({ limits: { micro_dollars: 0 } })
    const targets = [{ ...targetOf('1000'), statisticsAt: null }]
    expect((await failureOf(collect(targets))).kind).toBe('budget_exhausted')
    expect(server.takePaths()).toEqual([])
  })

  test('a read that was never sent costs nothing, one without an answer stays booked', async () => {
    override = () => 'reset'
    await failureOf(open().verify())
    expect(tools.used('micro_dollars')).toBe(5_000)
    const { url } = server
    await server.close()
    server = await scriptedServer(() => 'reset')
    tools = setUp({ baseUrl: url })
    await failureOf(open().verify())
    expect(tools.used('micro_dollars')).toBe(0)
  })
})

const search = { sinceId: idAt(now.getTime() - day) }
describe.each([
  ['/2/users/1000/tweets', null],
  ['/2/tweets/search/recent', search],
])('faults of %s', (path, cursor) => {
  const targets = [targetOf('1000', cursor), targetOf('1001', cursor)].slice(0, cursor ? 2 : 1)

  test.each(faults)('$name -> $kind, once, without a secret', async ({ reply, kind, waitS }) => {
    tools = setUp({ timeoutMs: 300 })
    override = ({ url }) => (url.pathname === path ? reply([bearerToken]) : null)
    const error = await failureOf(
      (async () => {
        for await (const item of open().collect(targets)) if ('error' in item) throw item.error
      })(),
    )
    expect(error.kind).toBe(kind)
    if (waitS) expect(error.until?.getTime()).toBe(now.getTime() + waitS * 1_000)
    expectNoSecret([bearerToken], error)
    expect(server.takePaths()).toEqual([path])
  })

  test('an abort ends it at once', async () => {
    const controller = new AbortController()
    tools = setUp({ timeoutMs: 20_000, signal: controller.signal })
    override = () => {
      setTimeout(() => controller.abort(), 20)
      return 'hang'
    }
    const error = await failureOf(all(open().collect(targets)))
    expect(error.message).toContain('called off')
  })
})
