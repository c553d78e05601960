import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Collected, CollectFailure, CollectTarget } from '../../src/platforms/platform.ts'
import { youtube } from '../../src/platforms/youtube/youtube.platform.ts'
import { nextRefill } from '../../src/platforms/youtube/youtube.quota-day.ts'
import { expectNoSecret, faults } from './fault-table.ts'
import { all, failureOf, type TestTools, testTools } from './platform-tools.ts'
import { type Reply, type Request, type ScriptedServer, scriptedServer } from './scripted-server.ts'

const apiKey = 'canary-key'
const hour = 3_600_000
const channelId = (index: number) => `UC${String(index).padStart(22, '0')}`
const channelIds = Array.from({ length: 100 }, (_, index) => channelId(index))

type FakeVideo = { id: string; publishedAt: string }
/** A small YouTube: uploads of each channel, newest first. */
let uploads: Map<string, FakeVideo[]>
let server: ScriptedServer
let tools: TestTools
let override: (request: Request) => Reply | null

/** The n-th upload of a channel, an hour after the one before it. */
const video = (channel: string, index: number): FakeVideo => ({
  id: `v${channel.slice(-3)}-${index}`,
  publishedAt: new Date(Date.UTC(2026, 9, 1) + index * hour).toISOString(),
})
const publish = (channel: string, from: number, to: number) => {
  const list = uploads.get(channel) ?? []
  for (let index = from; index <= to; index += 1) list.unshift(video(channel, index))
  uploads.set(channel, list)
}

const channelAnswer = (id: string) => ({
  kind: 'youtube#channel',
  id,
  snippet: { title: `Channel ${id}`, customUrl: `@c${Number(id.slice(2))}`, thumbnails: {} },
  contentDetails: { relatedPlaylists: { likes: '', uploads: `UU${id.slice(2)}` } },
  statistics: {
    viewCount: '1000',
    subscriberCount: '50',
    hiddenSubscriberCount: id === channelIds[7],
    videoCount: String(uploads.get(id)?.length ?? 0),
  },
})

const videoAnswer = (id: string) => {
  const found = [...uploads].flatMap(([channel, list]) =>
    list.filter((one) => one.id === id).map((one) => ({ ...one, channel })),
  )
  return found.map(({ publishedAt, channel }) => ({
    kind: 'youtube#video',
    id,
    snippet: {
      publishedAt,
      channelId: channel,
      channelTitle: 'A channel',
      title: 'Cooking #Live with @Guest',
      description: 'More at https://example.org/#no and #Food',
      tags: ['Home Cooking', '2026'],
      categoryId: '26',
      defaultLanguage: 'en',
      defaultAudioLanguage: 'de',
      thumbnails: { high: { url: 'https://example.org/high.jpg' } },
      liveBroadcastContent: 'none',
      localized: { title: 'x' },
      aNewField: [1],
    },
    statistics: { viewCount: '12345678901', favoriteCount: '0' },
    contentDetails: { duration: 'PT3M' },
  }))
}

function reply(request: Request): Reply {
  const asked = (name: string) => request.url.searchParams.getAll(name)
  const answers: { [path: string]: () => unknown } = {
    channels: () => {
      const handle = asked('forHandle')[0]
      const ids = handle
        ? channelIds.filter((id) => handle.toLowerCase() === `@c${Number(id.slice(2))}`)
        : asked('id').filter((id) => uploads.has(id))
      return ids.length > 0 ? { items: ids.map(channelAnswer) } : { pageInfo: {} }
    },
    playlistItems: () => {
      const list = uploads.get(`UC${asked('playlistId')[0]?.slice(2)}`) ?? []
      const from = Number(asked('pageToken')[0] ?? 0)
      const page = list.slice(from, from + 50)
      return {
        items: page.map(({ id, publishedAt }) => ({
          contentDetails: { videoId: id, videoPublishedAt: publishedAt },
        })),
        ...(list.length > from + 50 && { nextPageToken: String(from + 50) }),
      }
    },
    videos: () => ({ items: asked('id').flatMap(videoAnswer) }),
    'videos:batchGetStats': () => ({
      items: asked('id')
        .flatMap(videoAnswer)
        .map(({ id }) => ({ id, statistics: { viewCount: '5', likeCount: '2' } })),
    }),
    videoCategories: () => ({ items: [{ id: '26', snippet: { title: 'Howto & Style' } }] }),
  }
  const answer = answers[request.url.pathname.replace('/youtube/v3/', '')]
  return override(request) ?? (answer ? { json: answer() } : { status: 404 })
}

const targetOf = (id: string, from?: Collected): CollectTarget => ({
  ref: id,
  externalId: id,
  handle: id,
  details: from?.details ?? {},
  cursor: from?.cursor ?? null,
  statisticsAt: null,
})
const collected = (items: (Collected | CollectFailure)[]): Collected[] =>
  items.map((item) => {
    if ('error' in item) throw item.error
    return item
  })
const open = () => youtube.open({ apiKey }, tools)
/** One run; each channel goes on where its own cursor stands. */
const run = async (ids: string[], from: Collected[] = []) =>
  collected(
    await all(
      open().collect(
        ids.map((id) =>
          targetOf(
            id,
            from.find((one) => one.ref === id),
          ),
        ),
      ),
    ),
  )
const pass = (ms: number) => {
  tools.at.now = new Date(tools.at.now.getTime() + ms)
}
const calls = () => server.takePaths().map((path) => path.replace('/youtube/v3/', ''))
const countOf = (name: string, list: string[]) => list.filter((one) => one === name).length
const [one = '', two = '', three = ''] = channelIds

beforeEach(async () => {
  uploads = new Map(channelIds.map((id) => [id, []]))
  override = () => null
  server = await scriptedServer((request) => reply(request))
  tools = testTools({ baseUrl: server.url })
})
afterEach(() => server.close())

describe('handles', () => {
  test.each([
    ['@GoogleDevelopers', '@googledevelopers'],
    ['GoogleDevelopers', '@googledevelopers'],
    [channelId(3), channelId(3)],
    [`https://www.youtube.com/channel/${channelId(3)}/videos`, channelId(3)],
    ['https://youtube.com/@Some.Name?si=x', '@some.name'],
    ['https://www.youtube.com/%40%E3%82%B2%E3%83%BC%E3%83%A0', '@ゲーム'],
    ['m.youtube.com/user/Google', 'user/Google'],
    ['youtube.com/c/Google', 'c/Google'],
    ['youtube.com/google', 'c/google'],
    ['user/Google', 'user/Google'],
    ['https://www.youtube.com/watch?v=abc', null],
    ['https://youtu.be/abc', null],
    ['https://youtube.com.example.org/@name', null],
    ['two words', null],
  ])('%s -> %s', (input, handle) => {
    expect(youtube.handle.parse(input)).toBe(handle)
  })

  test('ids go 50 to a call, each handle is one; each input has its answer', async () => {
    const inputs = [...channelIds.slice(0, 60), '@C61', '@nobody', 'youtube.com/c/old', 'x y']
    const answers = (await all(open().resolve(inputs))).flat()
    expect(answers.map((answer) => answer.input).sort()).toEqual([...inputs].sort())
    const by = new Map(answers.map((answer) => [answer.input, answer.found]))
    expect(by.get('@C61')).toMatchObject({ externalId: channelId(61), handle: '@c61' })
    expect(by.get(one)?.details).toMatchObject({ uploadsPlaylistId: `UU${one.slice(2)}` })
    expect(by.get(channelIds[7] ?? '')?.statistics?.followers).toBeNull()
    expect(by.get(one)?.statistics).toMatchObject({ followers: 50, totalViews: 1000 })
    expect(answers.filter((answer) => answer.found === null)).toHaveLength(3)
    expect(calls()).toHaveLength(2 + 3)
    expect(tools.booked).toEqual({ units: 5 })
  })
})

describe('collect', () => {
  test('100 channels without news cost two units', async () => {
    for (const id of channelIds) publish(id, 1, 3)
    const first = await run(channelIds)
    expect(first.flatMap((item) => item.posts)).toHaveLength(300)
    const paths = calls()
    expect(countOf('channels', paths)).toBe(2)
    expect(countOf('playlistItems', paths)).toBe(100)
    // 300 new videos: 17 channels fill a call of 50, a group of 4 at a time.
    expect(countOf('videos', paths)).toBeLessThanOrEqual(12)

    pass(hour)
    const second = await run(channelIds, first)
    expect(calls()).toEqual(['channels', 'channels'])
    expect(second.every((item) => item.statistics?.totalPosts === 3)).toBe(true)

    publish(two, 4, 5)
    pass(hour)
    const third = await run(channelIds, second)
    expect(calls()).toEqual(['channels', 'channels', 'playlistItems', 'videos'])
    expect(third.flatMap((item) => item.posts.map((post) => post.externalId))).toEqual([
      video(two, 5).id,
      video(two, 4).id,
    ])
  })

  test('a video as a post: missing numbers are null, unknown fields kept', async () => {
    publish(one, 1, 1)
    const [item] = await run([one])
    expect(item?.posts[0]).toMatchObject({
      kind: 'video',
      title: 'Cooking #Live with @Guest',
      lang: 'de',
      hashtags: ['live', 'food', 'homecooking'],
      mentions: ['guest'],
      category: 'Howto & Style',
      author: { externalId: one, handle: '@c0', followers: 50 },
      publishedAt: new Date(video(one, 1).publishedAt),
      metrics: { views: 12_345_678_901, likes: null, comments: null },
      extra: { aNewField: [1], duration: 'PT3M', favoriteCount: '0', categoryId: '26' },
    })
    expect(item?.posts[0]?.extra).not.toHaveProperty('localized')
  })

  test('the first run goes back 100 videos, later ones to what is known', async () => {
    publish(one, 1, 130)
    const first = await run([one])
    expect(first[0]).toMatchObject({ complete: true })
    expect(first[0]?.posts).toHaveLength(100)
    publish(one, 131, 190)
    const second = await run([one], first)
    expect(second[0]?.posts.map((post) => post.externalId)).toEqual(
      Array.from({ length: 60 }, (_, index) => video(one, 190 - index).id),
    )
    expect(second[0]?.complete).toBe(true)
  })

  test('when the known videos were deleted, their dates end the paging', async () => {
    publish(one, 1, 120)
    const first = await run([one])
    uploads.set(one, (uploads.get(one) ?? []).slice(50))
    publish(one, 200, 201)
    calls()
    const second = await run([one], first)
    expect(second[0]?.posts).toHaveLength(2)
    expect(countOf('playlistItems', calls())).toBe(1)
  })

  test('more than 500 new videos are not all found, and it says so', async () => {
    publish(one, 1, 60)
    const first = await run([one])
    publish(one, 61, 600)
    const second = await run([one], first)
    expect(second[0]?.complete).toBe(false)
    expect(second[0]?.posts).toHaveLength(500)
  })

  test('uploads that the count hides are found by the sweep', async () => {
    publish(one, 1, 2)
    const first = await run([one])
    uploads.set(one, [video(one, 3), video(one, 2)])
    pass(hour)
    const second = await run([one], first)
    expect(second[0]?.posts).toEqual([])
    pass(12 * hour)
    const third = await run([one], second)
    expect(third[0]?.posts.map((post) => post.externalId)).toEqual([video(one, 3).id])
  })

  test('a count that rises before the list or the description: the next run looks again', async () => {
    publish(one, 1, 2)
    const first = await run([one])
    publish(one, 3, 3)
    override = ({ url }) => (url.pathname.endsWith('/videos') ? { json: { items: [] } } : null)
    const second = await run([one], first)
    expect(second[0]?.posts).toEqual([])
    override = () => null
    const third = await run([one], second)
    expect(third[0]?.posts.map((post) => post.externalId)).toEqual([video(one, 3).id])
    calls()
    await run([one], third)
    expect(calls()).toEqual(['channels'])
  })

  test('one channel that fails does not spoil the others', async () => {
    for (const id of [one, two, three]) publish(id, 1, 1)
    uploads.delete(three)
    override = ({ url }) => {
      if (url.searchParams.get('playlistId') !== `UU${two.slice(2)}`) return null
      const errors = [{ reason: 'playlistItemsNotAccessible' }]
      return { status: 403, json: { error: { code: 403, errors } } }
    }
    const items = await all(open().collect([one, two, three].map((id) => targetOf(id))))
    const by = new Map(items.map((item) => [item.ref, item]))
    expect(by.get(one)).toMatchObject({ posts: [{ kind: 'video' }] })
    expect(by.get(two)).toMatchObject({ error: { kind: 'forbidden', sourceOnly: true } })
    expect(by.get(three)).toMatchObject({ error: { kind: 'not_found', sourceOnly: true } })
  })

  test('a list under another name is a changed shape, not a channel or video that is gone', async () => {
    publish(one, 1, 1)
    override = () => ({ json: { kind: 'youtube#list', results: [{ uid: 'x' }] } })
    const [item] = await all(open().collect([targetOf(one)]))
    expect(item).toMatchObject({ error: { kind: 'changed_shape' } })
    const target = { ref: '1', externalId: video(one, 1).id, kind: 'video' as const }
    expect(await failureOf(all(open().refresh([target])))).toMatchObject({ kind: 'changed_shape' })
  })

  test('404 for the uploads of a channel without any is an empty list', async () => {
    override = ({ url }) =>
      url.pathname.endsWith('/playlistItems')
        ? { status: 404, json: { error: { code: 404, errors: [{ reason: 'playlistNotFound' }] } } }
        : null
    expect((await run([one]))[0]).toMatchObject({ posts: [], complete: true })
  })

  test('three channels without an answer: YouTube is down, no more calls', async () => {
    for (const id of channelIds) publish(id, 1, 1)
    override = ({ url }) => (url.pathname.endsWith('/playlistItems') ? { status: 503 } : null)
    const error = await failureOf(all(open().collect(channelIds.map((id) => targetOf(id)))))
    expect(error.kind).toBe('unavailable')
    expect(calls().length).toBeLessThanOrEqual(2 + 4)
  })
})

describe('refresh', () => {
  test('50 videos a call from a quota of its own; a video left out is gone', async () => {
    publish(one, 1, 119)
    const targets = Array.from({ length: 120 }, (_, index) => ({
      ref: String(index),
      externalId: video(one, index + 1).id,
      kind: 'video' as const,
    }))
    const refreshed = (await all(open().refresh(targets))).flat()
    expect(refreshed).toHaveLength(120)
    expect(refreshed[0]?.metrics).toMatchObject({ views: 5, likes: 2, comments: null })
    expect(refreshed[119]).toEqual({ ref: '119', metrics: null })
    expect(tools.booked).toEqual({ stats: 3 })
    expect(calls()).toEqual(Array(3).fill('videos:batchGetStats'))
  })
})

describe('the credential', () => {
  test('the key travels in a header, never in the address', async () => {
    await open().verify()
    expect(server.requests[0]?.headers['x-goog-api-key']).toBe(apiKey)
    expect(server.requests[0]?.url.href).not.toContain(apiKey)
  })

  const oldStyle = (reason: string) => ({ error: { code: 403, errors: [{ reason }] } })
  const newStyle = (reason: string) => ({
    error: { code: 400, errors: [{ reason: 'badRequest' }], details: [{ reason }] },
  })
  test.each([
    ['keyInvalid', 400, oldStyle('keyInvalid'), 'unauthorized'],
    ['API_KEY_INVALID', 400, newStyle('API_KEY_INVALID'), 'unauthorized'],
    ['accessNotConfigured', 403, oldStyle('accessNotConfigured'), 'forbidden'],
    ['SERVICE_DISABLED', 403, newStyle('SERVICE_DISABLED'), 'forbidden'],
    ['rateLimitExceeded', 403, oldStyle('rateLimitExceeded'), 'rate_limited'],
    ['quotaExceeded', 403, oldStyle('quotaExceeded'), 'budget_exhausted'],
    ['an unknown reason', 403, oldStyle('constructor'), 'forbidden'],
  ])('%s', async (_, status, json, kind) => {
    override = () => ({ status, json })
    const error = await failureOf(open().verify())
    expect(error.kind).toBe(kind)
    if (kind === 'forbidden' && _ !== 'an unknown reason') expect(error.message).toMatch(/Enable/)
    if (kind === 'budget_exhausted') {
      // Noon UTC on 20 November is 4 in the morning in California, eight hours behind.
      const until = new Date('2026-11-21T08:00:00Z')
      expect(error.until).toEqual(until)
      expect(tools.observed).toEqual([{ bucket: 'units', seen: { remaining: 0, resetsAt: until } }])
    }
    if (kind === 'rate_limited')
      expect(error.until?.getTime()).toBeGreaterThan(tools.at.now.getTime())
  })

  test('quotas refill at midnight in California, on the days of the clock change too', () => {
    const refill = (iso: string) => nextRefill(new Date(iso)).toISOString()
    expect(refill('2026-07-01T12:00:00.500Z')).toBe('2026-07-02T07:00:00.000Z')
    expect(refill('2026-07-01T07:00:00Z')).toBe('2026-07-02T07:00:00.000Z')
    expect(refill('2026-07-01T06:59:59Z')).toBe('2026-07-01T07:00:00.000Z')
    expect(refill('2026-03-08T08:30:00Z')).toBe('2026-03-09T07:00:00.000Z')
    expect(refill('2026-11-01T07:30:00Z')).toBe('2026-11-02T08:00:00.000Z')
  })
})

describe.each(['channels', 'videos:batchGetStats'])('faults of %s', (name) => {
  const ask = async () => {
    if (name !== 'channels')
      return all(open().refresh([{ ref: '1', externalId: 'v', kind: 'video' }]))
    for await (const item of open().collect([targetOf(one)])) if ('error' in item) throw item.error
    return []
  }

  test.each(faults)(
    '$name -> $kind, once, without a secret',
    async ({ reply: fault, kind, waitS, timeoutMs = 10_000 }) => {
      tools = testTools({ baseUrl: server.url, timeoutMs })
      override = ({ url }) => (url.pathname.endsWith(`/${name}`) ? fault([apiKey]) : null)
      const error = await failureOf(ask())
      expect(error.kind).toBe(kind)
      if (waitS) expect(error.until?.getTime()).toBe(tools.at.now.getTime() + waitS * 1_000)
      expectNoSecret([apiKey], error)
      expect(countOf(name, calls())).toBe(1)
    },
  )

  test('an abort ends it at once', async () => {
    const controller = new AbortController()
    tools = testTools({ baseUrl: server.url, timeoutMs: 20_000, signal: controller.signal })
    override = () => {
      setTimeout(() => controller.abort(), 20)
      return 'hang'
    }
    const error = await failureOf(ask())
    expect(error).toMatchObject({ kind: 'unavailable' })
    expect(error.message).toContain('called off')
  })
})
