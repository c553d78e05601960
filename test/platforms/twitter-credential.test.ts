import { beforeEach, describe, expect, test } from '@jest/globals'
import { idAt } from '../../src/platforms/twitter/snowflake.ts'
import { expectNoSecret, faults } from './fault-table.ts'
import { all, failureOf } from './platform-tools.ts'
import { scriptedServer } from './scripted-server.ts'
import { bearerToken, day, minute, now, postsIn, targetOf, xFixture } from './x-fixture.ts'

const on = xFixture()

describe.each(['refused', 'ignored'] as const)(
  'words of a later X, the old ones %s',
  (unknownFields) => {
    beforeEach(() => {
      on.x.fields = 'post.fields'
      on.x.unknownFields = unknownFields
      on.write('1000', minute, {
        public_metrics: { repost_count: 6, like_count: 1, reply_count: 0, impression_count: 30 },
        referenced_posts: [{ type: 'replied_to', id: '88' }],
      })
    })
    const read = { metrics: { shares: 6, views: 30 }, replyTo: '88' }

    test('are learnt with one more call', async () => {
      const [item] = await on.collect([targetOf('1000'), targetOf('1001')])
      expect(item?.posts).toMatchObject([read])
      expect(on.server.takePaths()).toHaveLength(3)
    })

    test('are spoken at once by the setting', async () => {
      on.tools = { ...on.tools, options: { xDialect: 'post' } }
      const [item] = await on.collect([targetOf('1000')])
      expect(item?.posts).toMatchObject([read])
      expect(on.server.takePaths()).toHaveLength(1)
    })
  },
)

test('without authors in its words, timelines are read', async () => {
  const cursor = { sinceId: idAt(now.getTime() - day) }
  on.write('1000')
  on.override = ({ url }) => {
    const asked = url.searchParams.get('tweet.fields') ?? url.searchParams.get('post.fields')
    const name = url.searchParams.has('post.fields') ? 'post.fields' : 'tweet.fields'
    if (!asked?.includes('author_id')) return null
    return { status: 400, json: { errors: [{ parameters: { [name]: ['author_id'] } }] } }
  }
  on.x.fields = 'post.fields'
  for (const post of on.x.posts) post.author_id = '1000'
  const items = await on.collect([targetOf('1000', cursor), targetOf('1001', cursor)])
  expect(postsIn(items)).toHaveLength(1)
  expect(on.server.takePaths().filter((path) => path.includes('/users/'))).toHaveLength(2)
})

describe('the credential', () => {
  test('verify reads at most one post', async () => {
    expect((await on.open().verify()).detail).toContain('X accepts this bearer token; $50.00')
    expect(on.server.takePaths()).toEqual(['/2/tweets'])
    expect(on.tools.peak('micro_dollars')).toBe(5_000)
  })

  test.each([
    [401, {}, 'unauthorized', 'does not accept this bearer token'],
    [402, { detail: 'credits depleted' }, 'forbidden', 'credits'],
    [403, { reason: 'client-not-enrolled' }, 'forbidden', 'enrol'],
    [429, { type: 'https://api.x.com/2/problems/usage-capped' }, 'rate_limited', 'usage cap'],
  ])('%i says in words what is wrong', async (status, json, kind, words) => {
    on.override = () => ({ status, json })
    const error = await failureOf(on.open().verify())
    expect(error).toMatchObject({ kind, message: expect.stringContaining(words) })
    expect(on.tools.used('micro_dollars')).toBe(0)
  })

  test('headers correct the budget, on errors too', async () => {
    const reset = String(now.getTime() / 1_000 + 90)
    const headers = {
      'x-rate-limit-limit': '450',
      'x-rate-limit-remaining': '0',
      'x-rate-limit-reset': reset,
    }
    on.override = () => ({ status: 429, headers, json: {} })
    const error = await failureOf(on.collect([targetOf('1000')]))
    const resetsAt = new Date(now.getTime() + 90_000)
    expect(error).toMatchObject({ kind: 'rate_limited', until: resetsAt })
    expect(on.tools.observed).toEqual([
      { bucket: 'timeline', seen: { limit: 450, remaining: 0, resetsAt } },
    ])
  })

  test('an empty budget makes no call', async () => {
    on.tools = on.setUp({ limits: { micro_dollars: 0 } })
    const targets = [{ ...targetOf('1000'), statisticsAt: null }]
    expect((await failureOf(on.collect(targets))).kind).toBe('budget_exhausted')
    expect(on.server.takePaths()).toEqual([])
  })

  test('a read that was never sent costs nothing, one without an answer stays booked', async () => {
    on.override = () => 'reset'
    await failureOf(on.open().verify())
    expect(on.tools.used('micro_dollars')).toBe(5_000)
    const { url } = on.server
    await on.server.close()
    on.server = await scriptedServer(() => 'reset')
    on.tools = on.setUp({ baseUrl: url })
    await failureOf(on.open().verify())
    expect(on.tools.used('micro_dollars')).toBe(0)
    on.tools = on.setUp({ signal: AbortSignal.abort() })
    await failureOf(on.open().verify())
    expect(on.tools.used('micro_dollars')).toBe(0)
  })
})

const search = { sinceId: idAt(now.getTime() - day) }
describe.each([
  ['/2/users/1000/tweets', null],
  ['/2/tweets/search/recent', search],
])('faults of %s', (path, cursor) => {
  const targets = [targetOf('1000', cursor), targetOf('1001', cursor)].slice(0, cursor ? 2 : 1)

  test.each(faults)('$name -> $kind, once, without a secret', async ({ reply, kind, waitS }) => {
    on.tools = on.setUp({ timeoutMs: 300 })
    on.override = ({ url }) => (url.pathname === path ? reply([bearerToken]) : null)
    const error = await failureOf(
      (async () => {
        for await (const item of on.open().collect(targets)) if ('error' in item) throw item.error
      })(),
    )
    expect(error.kind).toBe(kind)
    if (waitS) expect(error.until?.getTime()).toBe(now.getTime() + waitS * 1_000)
    expectNoSecret([bearerToken], error)
    expect(on.server.takePaths()).toEqual([path])
  })

  test('an abort ends it at once', async () => {
    const controller = new AbortController()
    on.tools = on.setUp({ timeoutMs: 20_000, signal: controller.signal })
    on.override = () => {
      setTimeout(() => controller.abort(), 20)
      return 'hang'
    }
    const error = await failureOf(all(on.open().collect(targets)))
    expect(error.message).toContain('called off')
  })
})
