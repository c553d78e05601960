import { describe, expect, test } from '@jest/globals'
import type { Collected, CollectFailure } from '../../src/platforms/platform.ts'
import { idAt } from '../../src/platforms/twitter/snowflake.ts'
import { twitter } from '../../src/platforms/twitter/twitter.platform.ts'
import { all, failureOf } from './platform-tools.ts'
import {
  day,
  ids,
  isCollected,
  minute,
  next,
  now,
  postsIn,
  targetOf,
  xFixture,
} from './x-fixture.ts'

const on = xFixture()

describe('resolve', () => {
  test('a hundred names are one call; names, addresses and ids are understood', async () => {
    const inputs = [
      ...ids.slice(0, 95).map((id) => `account${id}`),
      ...['@account1095', 'https://x.com/account1096/status/1', 'mobile.twitter.com/account1097'],
      ...['nobody', 'not a name'],
    ]
    const [answers] = await all(on.open().resolve(inputs))
    expect(on.server.takePaths()).toEqual(['/2/users/by'])
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
    expect(on.tools.used('micro_dollars')).toBe(98 * 10_000)
  })

  test('an id is looked up as an id', async () => {
    const [answers] = await all(on.open().resolve(['1003', 'https://x.com/i/user/1004']))
    expect(answers?.map(({ found }) => found?.handle)).toEqual(['account1003', 'account1004'])
    expect(on.server.takePaths()).toEqual(['/2/users'])
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
    for (const id of ids) on.write(id, 3 * minute + Number(id) * 100)
    const targets = ids.map((id) => targetOf(id))
    const first = await on.collect(targets)
    expect(postsIn(first)).toHaveLength(100)
    expect(on.server.takePaths()).toHaveLength(100)

    on.later(30 * minute)
    const second = await on.collect(next(targets, first))
    expect(postsIn(second)).toEqual([])
    on.server.takePaths()
    const spent = on.tools.used('micro_dollars')

    on.later(30 * minute)
    for (const id of ids) on.write(id)
    const third = await on.collect(next(targets, second))
    expect(new Set(postsIn(third).map(({ externalId }) => externalId)).size).toBe(100)
    const paths = on.server.takePaths()
    expect(paths.every((path) => path === '/2/tweets/search/recent')).toBe(true)
    expect(paths.length).toBeLessThanOrEqual(6)
    expect(on.tools.used('micro_dollars') - spent).toBe(100 * 5_000)
    // All of them have been looked at up to nearly the same id now: the groups stay whole.
    on.later(30 * minute)
    expect(postsIn(await on.collect(next(targets, third)))).toEqual([])
    expect(on.server.takePaths().length).toBeLessThanOrEqual(6)
  })

  test('silent accounts move on with the busy ones and share their search', async () => {
    const targets = ['1000', '1001', '1002'].map((id) => targetOf(id))
    on.write('1000', minute)
    on.write('1001', 3 * day)
    const first = await on.collect(targets)
    on.server.takePaths()
    on.later(10 * minute)
    const fresh = on.write('1002', minute)
    const second = await on.collect(next(targets, first))
    expect(postsIn(second).map(({ externalId }) => externalId)).toEqual([fresh])
    expect(on.server.takePaths()).toEqual(['/2/tweets/search/recent'])
  })

  test('a post holds its texts, numbers and what else X said', async () => {
    const id = on.write('1000', 5 * minute, {
      note_tweet: { text: 'Long &lt;3 #Whole', entities: { hashtags: [{ tag: 'Whole' }] } },
      referenced_tweets: [{ type: 'replied_to', id: '77' }],
    })
    const [item] = await on.collect([targetOf('1000')])
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
    on.write('1000', minute, { public_metrics: { like_count: 4, impression_count: 0 } })
    on.write('1000', 2 * minute, { public_metrics: undefined, lang: 'und' })
    const [item] = await on.collect([targetOf('1000')])
    expect(item?.posts.map(({ metrics }) => metrics)).toMatchObject([
      { likes: 4, views: null, shares: null, comments: null },
      { likes: null, views: null },
    ])
    expect(item?.posts[1]?.lang).toBeNull()
  })

  test('reposts are left out on both ways', async () => {
    on.write('1000', minute, { referenced_tweets: [{ type: 'retweeted', id: '5' }] })
    const kept = on.write('1000', 2 * minute)
    const [item] = await on.collect([targetOf('1000')])
    expect(item?.posts.map(({ externalId }) => externalId)).toEqual([kept])
    expect(on.server.requests[0]?.url.searchParams.get('exclude')).toBe('retweets')
  })

  test('an old cursor goes by the timeline, as does one that X calls too old', async () => {
    const old = idAt(now.getTime() - 9 * day)
    on.write('1000')
    await on.collect([targetOf('1000', { sinceId: old }), targetOf('1001', { sinceId: old })])
    expect(on.server.takePaths()).toEqual(['/2/users/1000/tweets', '/2/users/1001/tweets'])

    const nearly = idAt(now.getTime() - 6.4 * day)
    on.x.now = () => new Date(now.getTime() + day)
    const items = await on.collect([
      targetOf('1000', { sinceId: nearly }),
      targetOf('1001', { sinceId: nearly }),
    ])
    expect(postsIn(items)).toHaveLength(1)
    expect(on.server.takePaths()).toEqual([
      '/2/tweets/search/recent',
      '/2/users/1000/tweets',
      '/2/users/1001/tweets',
    ])
  })

  test('pages until the end; an interrupted run is finished by the next, nothing is bought twice', async () => {
    const cursor = { sinceId: idAt(now.getTime() - day) }
    for (let index = 1; index <= 250; index += 1) on.write('1000', index * minute)
    let pages = 0
    on.override = ({ url }) => {
      pages += 1
      return pages === 2 && url.pathname.endsWith('/tweets') ? { status: 503 } : null
    }
    const items: (Collected | CollectFailure)[] = []
    const error = await failureOf(
      (async () => {
        for await (const item of on.open().collect([targetOf('1000', cursor)])) items.push(item)
      })(),
    )
    expect(error.kind).toBe('unavailable')
    const first = items.filter(isCollected)
    expect(first[0]).toMatchObject({ complete: true, cursor: { backlog: cursor } })
    expect(postsIn(first)).toHaveLength(100)
    on.override = () => null
    const second = await on.collect(next([targetOf('1000')], first))
    expect(postsIn(second)).toHaveLength(150)
    expect(second[0]?.cursor).not.toHaveProperty('backlog')
    const all250 = [...postsIn(first), ...postsIn(second)].map(({ externalId }) => externalId)
    expect(new Set(all250).size).toBe(250)
    expect(on.tools.used('micro_dollars')).toBe(250 * 5_000)
  })

  test('never asks for more posts than the dollars pay', async () => {
    for (let index = 1; index <= 60; index += 1) on.write('1000', index * minute)
    on.tools = on.setUp({ limits: { micro_dollars: 40 * 5_000 } })
    const cursor = { sinceId: idAt(now.getTime() - day) }
    const error = await failureOf(on.collect([targetOf('1000', cursor)]))
    expect(error.kind).toBe('budget_exhausted')
    expect(on.tools.peak('micro_dollars')).toBe(40 * 5_000)
    expect(on.server.requests.map(({ url }) => url.searchParams.get('max_results'))).toEqual(['40'])
  })

  test('first runs share half of the month, and take no more than they are told', async () => {
    for (const id of ids.slice(0, 10)) {
      for (let index = 1; index <= 40; index += 1) on.write(id, index * minute)
    }
    on.tools = { ...on.setUp({ limits: { micro_dollars: 400 * 5_000 } }), firstRunPosts: 100 }
    const items = await on.collect(ids.slice(0, 10).map((id) => targetOf(id)))
    expect(items.map(({ posts }) => posts.length)).toEqual(Array(10).fill(20))
    on.tools = { ...on.setUp(), firstRunPosts: 30 }
    expect(postsIn(await on.collect([targetOf('1000')]))).toHaveLength(30)
  })

  test('an account that is gone fails alone; a renamed one is followed from when it had its name', async () => {
    const cursor = { sinceId: idAt(now.getTime() - 10 * minute) }
    const hidden = on.write('1001', 20 * minute)
    on.x.names.set('1001', 'brandnew')
    on.x.names.delete('1002')
    const statisticsAt = new Date(now.getTime() - day - minute)
    const items = await all(
      on
        .open()
        .collect(['1000', '1001', '1002'].map((id) => ({ ...targetOf(id, cursor), statisticsAt }))),
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
    expect(on.server.takePaths()[0]).toBe('/2/users')
  })

  test('posts of a stranger under a known name are not taken', async () => {
    const cursor = { sinceId: idAt(now.getTime() - day) }
    const targets = [targetOf('1000', cursor), targetOf('1001', cursor)]
    on.x.names.set('9', 'account1001')
    on.x.names.delete('1001')
    on.write('9')
    expect(postsIn(await on.collect(targets))).toEqual([])
  })
})

describe('refresh', () => {
  test('1,000 posts are 10 calls; what X does not return is gone', async () => {
    for (let index = 1; index <= 1_000; index += 1) on.write('1000', index * 1_000)
    const targets = on.x.posts.map(({ id }) => ({
      ref: id,
      externalId: id,
      kind: 'tweet' as const,
    }))
    on.x.posts.pop()
    const answers = (await all(on.open().refresh(targets))).flat()
    expect(on.server.takePaths()).toEqual(Array(10).fill('/2/tweets'))
    expect(answers.filter(({ metrics }) => metrics)).toHaveLength(999)
    expect(answers.at(-1)?.metrics).toBeNull()
    expect(answers[0]?.metrics).toMatchObject({ likes: 4, shares: 2, comments: 1, views: 90 })
    expect(on.tools.used('micro_dollars')).toBe(999 * 5_000)
  })

  test('what the dollars do not pay is not asked for', async () => {
    on.tools = on.setUp({ limits: { micro_dollars: 150 * 5_000 } })
    for (let index = 1; index <= 200; index += 1) on.write('1000', index * 1_000)
    const targets = on.x.posts.map(({ id }) => ({
      ref: id,
      externalId: id,
      kind: 'tweet' as const,
    }))
    const error = await failureOf(all(on.open().refresh(targets)))
    expect(error.kind).toBe('budget_exhausted')
    expect(on.server.takePaths()).toHaveLength(2)
    expect(on.tools.peak('micro_dollars')).toBe(150 * 5_000)
  })
})
