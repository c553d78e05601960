import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { reddit } from '../../src/platforms/reddit/reddit.platform.ts'
import { expectNoSecret, faults } from './fault-table.ts'
import { all, failureOf, type TestTools, testTools } from './platform-tools.ts'
import { type Reply, type Request, type ScriptedServer, scriptedServer } from './scripted-server.ts'

const credentials = { clientId: 'client-a', clientSecret: 'canary-secret', userAgent: 'test:app:1' }
const now = new Date('2026-11-20T12:00:00Z')

let server: ScriptedServer
let tools: TestTools
/** What is answered to everything but the token. */
let answer: (request: Request) => Reply

beforeEach(async () => {
  server = await scriptedServer((request) =>
    request.url.pathname.endsWith('access_token')
      ? { json: { access_token: 'canary-token', expires_in: 86_400 } }
      : answer(request),
  )
  tools = testTools({ baseUrl: server.url, now })
})
afterEach(() => server.close())

const read = async (ids = ['p1']) => {
  const { comments } = reddit.open(credentials, tools)
  if (!comments) throw new Error('Reddit reads comments')
  return all(comments(ids.map((id) => ({ ref: id, externalId: id, kind: 'reddit_post' }))))
}
const only = async () => {
  const [thread] = await read()
  if (!thread || 'error' in thread) throw new Error('the post could not be read')
  return thread
}

type Thing = { kind: string; data: object }
const listing = (children: Thing[]) => ({ kind: 'Listing', data: { after: null, children } })
const post = {
  kind: 't3',
  data: { id: 'p1', name: 't3_p1', subreddit: 's', title: 'T', created_utc: 1_763_600_000 },
}
const page = (...children: Thing[]): Reply => ({ json: [listing([post]), listing(children)] })
const more = (...things: Thing[]): Reply => ({ json: { json: { errors: [], data: { things } } } })
const comment = (id: string, parent: string, data = {}): Thing => ({
  kind: 't1',
  data: {
    ...{ id, name: `t1_${id}`, parent_id: parent, author: 'ada', author_fullname: 't2_a' },
    ...{ body: `By ${id}`, created_utc: 1_763_600_100, score: 3, score_hidden: false },
    ...{ permalink: `/r/s/comments/p1/comment/${id}/`, replies: '', ...data },
  },
})
const stub = (parent: string, children: string[]): Thing => ({
  kind: 'more',
  data: {
    ...{ count: children.length, name: 't1_x', id: 'x', depth: 1 },
    parent_id: parent,
    children,
  },
})

describe('the comments of a post', () => {
  test('become what they are, deleted ones and hidden scores too', async () => {
    answer = () =>
      page(
        comment('a', 't3_p1', {
          body: 'Thanks u/Helper',
          edited: 1_763_600_200,
          a_new_field: 1,
          replies: listing([
            comment('b', 't1_a', {
              author: '[deleted]',
              author_fullname: undefined,
              body: '[deleted]',
            }),
            comment('c', 't1_a', { score: 1, score_hidden: true }),
          ]),
        }),
      )
    const { comments, complete } = await only()
    expect(complete).toBe(true)
    const byId = new Map(comments.map((one) => [one.externalId, one]))
    expect(byId.get('t1_a')).toEqual({
      externalId: 't1_a',
      parentExternalId: null,
      author: { externalId: 't2_a', handle: 'ada', displayName: null, followers: null },
      text: 'Thanks u/Helper',
      mentions: ['helper'],
      url: 'https://www.reddit.com/r/s/comments/p1/comment/a/',
      publishedAt: new Date(1_763_600_100_000),
      likes: null,
      score: 3,
      extra: { score_hidden: false, edited: 1_763_600_200, a_new_field: 1 },
    })
    expect(byId.get('t1_b')).toMatchObject({ author: null, text: null, parentExternalId: 't1_a' })
    expect(byId.get('t1_c')).toMatchObject({ score: null })
    expect(server.requests.at(-1)?.url.search).toBe('?raw_json=1&sort=new&limit=500')
  })

  test('a tree of 5,000 levels in one answer is taken apart', async () => {
    const deepest = 5_000
    const marker = JSON.stringify('below')
    let below = JSON.stringify('')
    // Put together as text: no writer of JSON goes so deep.
    for (let level = deepest; level >= 1; level--) {
      const parent = level === 1 ? 't3_p1' : `t1_c${level - 1}`
      const tree = listing([comment(`c${level}`, parent, { replies: 'below' })])
      below = JSON.stringify(tree).replace(marker, () => below)
    }
    const text = `[${JSON.stringify(listing([post]))},${below}]`
    answer = () => ({ text })
    const { comments } = await only()
    expect(comments).toHaveLength(deepest)
    expect(comments.find(({ externalId }) => externalId === 't1_c5000')).toMatchObject({
      parentExternalId: 't1_c4999',
    })
  })

  test('what was left out is asked for by name, what was too deep from where it was cut', async () => {
    const hidden = Array.from({ length: 130 }, (_, at) => `h${at}`)
    answer = ({ url }) => {
      if (url.pathname.endsWith('morechildren')) {
        const asked = (url.searchParams.get('children') ?? '').split(',')
        return more(...asked.map((id) => comment(id, 't1_a')))
      }
      if (url.searchParams.get('comment') === 'a') {
        return page(comment('a', 't3_p1', { replies: listing([comment('z', 't1_a')]) }))
      }
      return page(
        comment('a', 't3_p1', { replies: listing([stub('t1_a', [])]) }),
        stub('t3_p1', hidden),
      )
    }
    const { comments, complete } = await only()
    expect([comments.length, complete]).toEqual([132, true])
    expect(new Set(comments.map(({ externalId }) => externalId)).size).toBe(132)
    const asked = server.requests.map(({ url }) => url)
    expect(asked.map(({ pathname }) => pathname)).toEqual([
      ...['/api/v1/access_token', '/comments/p1', '/api/morechildren', '/api/morechildren'],
      '/comments/p1',
    ])
    expect(asked[2]?.searchParams.get('link_id')).toBe('t3_p1')
    expect(asked[2]?.searchParams.get('children')?.split(',')).toHaveLength(100)
    // A token, and a request for each call.
    expect(tools.booked).toEqual({ requests: 5 })
  })

  test('a thread that names ever more is left after six calls, and says so', async () => {
    let serial = 0
    answer = ({ url }) =>
      url.pathname.endsWith('morechildren')
        ? more(comment(`n${serial}`, 't3_p1'), stub('t3_p1', [`n${++serial}`]))
        : page(stub('t3_p1', [`n${serial}`]))
    expect(await only()).toMatchObject({ complete: false, comments: { length: 5 } })
    expect(tools.booked).toEqual({ requests: 7 })
  })

  test('comments that are named and never come are not asked for again', async () => {
    answer = ({ url }) =>
      url.pathname.endsWith('morechildren') ? more() : page(stub('t3_p1', ['gone1', 'gone2']))
    expect(await only()).toEqual({ ref: 'p1', comments: [], complete: true })
    expect(tools.booked).toEqual({ requests: 3 })
  })
})

describe('what fails', () => {
  test.each([
    [404, { message: 'Not Found', error: 404 }, 'not_found', /this post/],
    [403, { reason: 'private', message: 'Forbidden', error: 403 }, 'forbidden', /private/],
    [404, { reason: 'banned', message: 'Not Found', error: 404 }, 'not_found', /this post/],
  ])('%s %o is the post alone', async (status, json, kind, words) => {
    answer = ({ url }) => (url.pathname === '/comments/p1' ? { status, json } : page())
    const [failed, fine] = await read(['p1', 'p2'])
    expect(failed).toMatchObject({ ref: 'p1', error: { kind, sourceOnly: true, status } })
    expect(failed && 'error' in failed && failed.error.message).toMatch(words)
    expect(fine).toEqual({ ref: 'p2', comments: [], complete: true })
  })

  test.each(faults)('$name', async ({ kind, reply, timeoutMs }) => {
    if (timeoutMs) tools.timeoutMs = timeoutMs
    answer = () => reply(['canary-secret', 'canary-token'])
    const told = async () => {
      const [item] = await read()
      return item && 'error' in item ? item.error : null
    }
    const error =
      kind === 'changed_shape' || kind === 'forbidden'
        ? await told().catch((thrown: Error) => thrown)
        : await failureOf(read())
    expect(error).toMatchObject({ name: 'PlatformError', kind })
    expectNoSecret(['canary-secret', 'canary-token'], error as Error)
  })
})
