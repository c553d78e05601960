import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { youtube } from '../../src/platforms/youtube/youtube.platform.ts'
import { expectNoSecret, faults } from './fault-table.ts'
import { all, failureOf, type TestTools, testTools } from './platform-tools.ts'
import { type Reply, type Request, type ScriptedServer, scriptedServer } from './scripted-server.ts'

const apiKey = 'canary-key'
const now = new Date('2026-11-20T12:00:00Z')

let server: ScriptedServer
let tools: TestTools
let answer: (request: Request) => Reply

beforeEach(async () => {
  server = await scriptedServer((request) => answer(request))
  tools = testTools({ baseUrl: server.url, now })
})
afterEach(() => server.close())

const read = async (ids = ['video000001']) => {
  const { comments } = youtube.open({ apiKey }, tools)
  if (!comments) throw new Error('YouTube reads comments')
  return all(comments(ids.map((id) => ({ ref: id, externalId: id, kind: 'video' }))))
}
const only = async () => {
  const [thread] = await read()
  if (!thread || 'error' in thread) throw new Error('the video could not be read')
  return thread
}

const comment = (id: string, snippet = {}) => ({
  kind: 'youtube#comment',
  id,
  snippet: {
    ...{ channelId: 'UCowner', videoId: 'video000001', textDisplay: `By ${id}`, likeCount: 2 },
    ...{ authorDisplayName: '@ada', authorChannelId: { value: 'UCada' }, canRate: true },
    ...{ publishedAt: '2026-11-19T10:00:00Z', updatedAt: '2026-11-19T11:00:00Z', ...snippet },
  },
})
const thread = (id: string, replies: string[] = [], told = replies.length) => ({
  kind: 'youtube#commentThread',
  id,
  snippet: { topLevelComment: comment(id), totalReplyCount: told, isPublic: true },
  ...(replies.length > 0 && { replies: { comments: replies.map((one) => comment(one)) } }),
})
const list = (items: object[], next?: string): Reply => ({
  json: { items, ...(next && { nextPageToken: next }) },
})

describe('the comments of a video', () => {
  test('become what they are; whoever has no channel is nobody', async () => {
    answer = () =>
      list([
        {
          ...thread('t1', ['t1.r1']),
          replies: {
            comments: [
              comment('t1.r1', {
                ...{ authorChannelId: undefined, authorDisplayName: 'gone' },
                textDisplay: '@Guest is right',
              }),
            ],
          },
        },
      ])
    const { comments, complete } = await only()
    expect(complete).toBe(true)
    expect(comments).toEqual([
      {
        externalId: 't1',
        parentExternalId: null,
        author: { externalId: 'UCada', handle: '@ada', displayName: null, followers: null },
        text: 'By t1',
        mentions: [],
        url: null,
        publishedAt: new Date('2026-11-19T10:00:00Z'),
        likes: 2,
        score: null,
        extra: { updatedAt: '2026-11-19T11:00:00Z' },
      },
      expect.objectContaining({
        ...{ externalId: 't1.r1', parentExternalId: 't1', author: null, mentions: ['guest'] },
      }),
    ])
    const { searchParams } = server.requests[0]?.url ?? new URL(server.url)
    expect(Object.fromEntries(searchParams)).toMatchObject({
      ...{ videoId: 'video000001', maxResults: '100', order: 'time', textFormat: 'plainText' },
    })
  })

  test('threads that hide replies are asked, those that hide the most first', async () => {
    answer = ({ url }) => {
      if (url.pathname.endsWith('commentThreads')) {
        return list([thread('few', ['few.1'], 3), thread('many', ['many.1'], 9), thread('all')])
      }
      const parent = url.searchParams.get('parentId')
      return list([1, 2, 3].map((at) => comment(`${parent}.${at}`)))
    }
    const { comments, complete } = await only()
    expect([comments.length, complete]).toEqual([9, true])
    expect(server.requests.slice(1).map(({ url }) => url.searchParams.get('parentId'))).toEqual([
      ...['many', 'few'],
    ])
    expect(tools.booked).toEqual({ units: 3 })
  })

  test('pages end after 500 threads and 500 replies, and it says so', async () => {
    let serial = 0
    answer = ({ url }) => {
      const isThreads = url.pathname.endsWith('commentThreads')
      const one = `x${++serial}`
      return list([isThreads ? thread(one, [], 1_000) : comment(one)], 'again')
    }
    const { comments, complete } = await only()
    expect([comments.length, complete]).toEqual([10, false])
    expect(tools.booked).toEqual({ units: 10 })
  })
})

describe('what fails', () => {
  const refused = (reason: string, status = 403): Reply => ({
    status,
    json: { error: { code: status, message: reason, errors: [{ reason, message: reason }] } },
  })

  test.each([
    [refused('commentsDisabled'), 'forbidden', /switched off/],
    [refused('videoNotFound', 404), 'not_found', /nothing of that name/],
  ])('%o is the video alone', async (reply, kind, words) => {
    answer = ({ url }) =>
      url.searchParams.get('videoId') === 'closed' ? reply : list([thread('t')])
    const [failed, fine] = await read(['closed', 'open'])
    expect(failed).toMatchObject({ ref: 'closed', error: { kind, sourceOnly: true } })
    expect(failed && 'error' in failed && failed.error.message).toMatch(words)
    expect(fine).toMatchObject({ ref: 'open', comments: [{ externalId: 't' }] })
  })

  test('a spent day ends the run, before any other video is asked for', async () => {
    answer = () => refused('quotaExceeded')
    expect((await failureOf(read(['one', 'two']))).kind).toBe('budget_exhausted')
    expect(server.requests).toHaveLength(1)
  })

  test.each(faults)('$name', async ({ kind, reply, timeoutMs }) => {
    if (timeoutMs) tools.timeoutMs = timeoutMs
    answer = () => reply([apiKey])
    const told = async () => {
      const [item] = await read()
      return item && 'error' in item ? item.error : null
    }
    const error =
      kind === 'changed_shape'
        ? await told().catch((thrown: Error) => thrown)
        : await failureOf(read())
    expect(error).toMatchObject({ name: 'PlatformError', kind })
    expectNoSecret([apiKey], error as Error)
  })
})
