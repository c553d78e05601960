import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Collected, CollectFailure, CollectTarget } from '../../src/platforms/platform.ts'
import { twitch } from '../../src/platforms/twitch/twitch.platform.ts'
import { expectNoSecret, faults } from './fault-table.ts'
import { all, failureOf, type TestTools, testTools } from './platform-tools.ts'
import { type Reply, type Request, type ScriptedServer, scriptedServer } from './scripted-server.ts'

const credentials = { clientId: 'client-a', clientSecret: 'canary-secret' }
const token = 'canary-token'
const ids = Array.from({ length: 100 }, (_, index) => String(1_000 + index))
const day = 86_400_000

/** A small Twitch: channels of `ids`, those of `live` are on the air. */
let server: ScriptedServer
let tools: TestTools
let live: Map<string, { streamId: string; startedAt: string }>
let override: (request: Request) => Reply | null

const channel = (id: string) => ({
  broadcaster_id: id,
  broadcaster_login: `name${id}`,
  broadcaster_name: `Name${id}`,
  broadcaster_language: 'other',
  game_id: '',
  game_name: '',
  title: 'Last title',
  delay: 0,
  tags: [],
})
const stream = (id: string, { streamId, startedAt }: { streamId: string; startedAt: string }) => ({
  id: streamId,
  user_id: id,
  user_login: `name${id}`,
  user_name: `Name${id}`,
  game_id: '33',
  game_name: 'Chess',
  type: 'live',
  title: 'Rapid with @Friend #Blitz',
  tags: ['English', 'Speed Run'],
  viewer_count: 42,
  started_at: startedAt,
  language: 'en',
  thumbnail_url: 'https://example.org/{width}x{height}.jpg',
  is_mature: false,
  a_new_field: { deep: 1 },
})
const user = (id: string) => ({
  id,
  login: `name${id}`,
  display_name: `Name${id}`,
  type: '',
  broadcaster_type: 'partner',
  description: '',
  profile_image_url: 'https://example.org/a.png',
  offline_image_url: '',
  created_at: '2016-12-14T20:32:28Z',
})

function reply(request: Request): Reply {
  const asked = (name: string) => request.url.searchParams.getAll(name)
  const data = (list: unknown[]) => ({ json: { data: list, pagination: {} } })
  const limits = {
    'ratelimit-limit': '800',
    'ratelimit-remaining': '797',
    'ratelimit-reset': String(tools.at.now.getTime() / 1_000 + 3),
  }
  const answers: { [path: string]: () => Reply } = {
    '/oauth2/token': () => ({
      json: { access_token: token, expires_in: 5_000_000, token_type: 'bearer' },
    }),
    '/oauth2/validate': () => ({ json: { client_id: 'client-a', scopes: null, expires_in: 5e6 } }),
    '/helix/streams': () => {
      const first = Number(asked('first')[0] ?? 20)
      const running = asked('user_id').flatMap((id) => {
        const known = live.get(id)
        return known ? [stream(id, known)] : []
      })
      return { ...data(running.slice(0, first)), headers: limits }
    },
    '/helix/channels': () => data(asked('broadcaster_id').map(channel)),
    '/helix/channels/followers': () => ({ json: { total: 8, data: [], pagination: {} } }),
    '/helix/schedule': () => ({ status: 404, json: { error: 'Not Found', status: 404 } }),
    '/helix/videos': () => data([]),
    '/helix/users': () =>
      data(
        [
          ...asked('id').filter((id) => ids.includes(id)),
          ...asked('login').flatMap((login) => ids.filter((id) => login === `name${id}`)),
        ].map(user),
      ),
  }
  return override(request) ?? answers[request.url.pathname]?.() ?? { status: 404 }
}

const targetOf = (id: string, from?: Collected): CollectTarget => ({
  ref: `ref-${id}`,
  externalId: id,
  handle: `name${id}`,
  details: from?.details ?? {},
  cursor: from?.cursor ?? null,
  statisticsAt: null,
})
const collected = (items: (Collected | CollectFailure)[]): Collected[] =>
  items.map((item) => {
    if ('error' in item) throw item.error
    return item
  })
const nextTargets = (items: Collected[]) =>
  items.map((item) => targetOf(item.ref.slice('ref-'.length), item))
const open = () => twitch.open(credentials, tools)

beforeEach(async () => {
  live = new Map()
  override = () => null
  server = await scriptedServer((request) => reply(request))
  tools = testTools({ baseUrl: server.url })
})
afterEach(() => server.close())

describe('handles', () => {
  test.each([
    ['@TwitchDev', 'twitchdev'],
    [' twitchdev ', 'twitchdev'],
    ['141981764', '141981764'],
    ['https://www.twitch.tv/TwitchDev/videos?x=1', 'twitchdev'],
    ['m.twitch.tv/twitchdev', 'twitchdev'],
    ['https://www.twitch.tv/popout/twitchdev/chat', 'twitchdev'],
    ['https://player.twitch.tv/?channel=twitchdev', 'twitchdev'],
    ['https://www.twitch.tv/directory/all', null],
    ['https://twitch.tv.example.org/twitchdev', null],
    ['two words', null],
    ['', null],
  ])('%s -> %s', (input, handle) => {
    expect(twitch.handle.parse(input)).toBe(handle)
  })

  test('resolve 100 in one call; a malformed one is not sent along', async () => {
    const inputs = [...ids.slice(0, 98).map((id) => `@Name${id}`), 'nobody_here', 'not a name']
    const answers = (await all(open().resolve(inputs))).flat()
    expect(answers.map((answer) => answer.input)).toEqual(inputs)
    expect(answers[0]?.found).toMatchObject({ externalId: '1000', handle: 'name1000' })
    expect(answers.filter((answer) => answer.found === null)).toHaveLength(2)
    expect(server.takePaths()).toEqual(['/oauth2/token', '/helix/users'])
  })

  test('an id is tried as an id, then as a name', async () => {
    const [[byId, byName] = []] = await all(open().resolve(['1001', '777']))
    expect(byId?.found?.handle).toBe('name1001')
    expect(byName?.found).toBeNull()
    expect(server.requests.map((request) => request.url.search)).toEqual([
      '',
      '?id=1001&id=777',
      '?login=777',
    ])
  })
})

describe('collect', () => {
  test('100 channels, all live, cost two calls once the daily facts are known', async () => {
    for (const id of ids) live.set(id, { streamId: `s${id}`, startedAt: '2026-11-20T11:00:00Z' })
    const first = collected(await all(open().collect(ids.map((id) => targetOf(id)))))
    expect(first).toHaveLength(100)
    expect(tools.booked).toEqual({ points: 2 + 100 + 100 })
    expect(first.every((item) => item.statistics?.followers === 8)).toBe(true)

    server.requests.length = 0
    tools.at.now = new Date(tools.at.now.getTime() + 15 * 60_000)
    const second = collected(await all(open().collect(nextTargets(first))))
    expect(server.requests.map((request) => request.url.searchParams.get('first'))).toEqual([
      '100',
      null,
    ])
    expect(server.takePaths()).toEqual(['/helix/streams', '/helix/channels'])
    expect(second.filter((item) => item.posts.length === 1)).toHaveLength(100)

    tools.at.now = new Date(tools.at.now.getTime() + day)
    await all(open().collect(nextTargets(second)))
    expect(server.takePaths()).toHaveLength(202)
  })

  test('a running stream is a post, with what the platform sent beyond it', async () => {
    live.set('1000', { streamId: 's1', startedAt: '2026-11-20T11:00:00Z' })
    const [item] = collected(await all(open().collect([targetOf('1000')])))
    expect(item?.statistics).toEqual({
      followers: 8,
      totalViews: null,
      totalPosts: null,
      online: 42,
      isLive: true,
    })
    expect(item?.posts[0]).toMatchObject({
      externalId: 's1',
      kind: 'stream',
      title: 'Rapid with @Friend #Blitz',
      category: 'Chess',
      lang: 'en',
      hashtags: ['english', 'speedrun', 'blitz'],
      mentions: ['friend'],
      publishedAt: new Date('2026-11-20T11:00:00Z'),
      metrics: { viewers: 42, views: null, likes: null },
      extra: { gameId: '33', isMature: false, type: 'live', a_new_field: { deep: 1 } },
    })
    expect(item?.details).toMatchObject({ channelTitle: 'Last title', game: null, language: null })
  })

  test('a stream that ended: its end from the archive, else now; another one may follow', async () => {
    for (const id of ['1000', '1001', '1002']) {
      live.set(id, { streamId: `s${id}`, startedAt: '2026-11-20T08:00:00Z' })
    }
    const targets = ['1000', '1001', '1002'].map((id) => targetOf(id))
    const first = collected(await all(open().collect(targets)))
    live = new Map([['1001', { streamId: 'again', startedAt: '2026-11-20T11:58:00Z' }]])
    override = ({ url }) =>
      url.pathname === '/helix/videos' && url.searchParams.get('user_id') === '1000'
        ? {
            json: {
              data: [
                {
                  id: 'v1',
                  stream_id: 's1000',
                  created_at: '2026-11-20T08:00:00Z',
                  duration: '3h30m5s',
                },
              ],
              pagination: {},
            },
          }
        : null
    const second = collected(await all(open().collect(nextTargets(first))))
    const ends = Object.fromEntries(second.map((item) => [item.ref, item.endedStreams]))
    expect(ends['ref-1000']).toEqual([
      { externalId: 's1000', endedAt: new Date('2026-11-20T11:30:05Z') },
    ])
    expect(ends['ref-1001']).toEqual([{ externalId: 's1001', endedAt: tools.at.now }])
    expect(second.find((item) => item.ref === 'ref-1001')?.posts[0]?.externalId).toBe('again')
    const third = collected(await all(open().collect(nextTargets(second))))
    expect(third.flatMap((item) => item.endedStreams)).toEqual([])
  })

  test('the schedule is kept in the details', async () => {
    override = ({ url }) =>
      url.pathname === '/helix/schedule'
        ? {
            json: {
              data: {
                segments: [
                  {
                    id: 'a',
                    start_time: '2026-11-21T18:00:00Z',
                    end_time: '',
                    title: 'Chess night',
                    canceled_until: null,
                    category: { id: '33', name: 'Chess' },
                    is_recurring: true,
                  },
                ],
                vacation: null,
              },
            },
          }
        : null
    const [item] = collected(await all(open().collect([targetOf('1000')])))
    expect(item?.details).toMatchObject({
      schedule: {
        segments: [{ title: 'Chess night', startsAt: '2026-11-21T18:00:00.000Z', endsAt: null }],
        vacationFrom: null,
      },
    })
  })

  test('daily facts are left out when the budget is low, and asked for later', async () => {
    tools = testTools({ baseUrl: server.url, amount: 100 })
    const [item] = collected(await all(open().collect([targetOf('1000')])))
    expect(item?.statistics?.followers).toBeNull()
    expect(tools.booked).toEqual({ points: 2 })
    tools = testTools({ baseUrl: server.url })
    const [again] = collected(await all(open().collect(nextTargets(item ? [item] : []))))
    expect(again?.statistics?.followers).toBe(8)
  })

  test('a 429 on a daily fact is told only after all live states', async () => {
    override = ({ url }) => (url.pathname === '/helix/channels/followers' ? { status: 429 } : null)
    const seen: string[] = []
    const error = await failureOf(
      (async () => {
        for await (const item of open().collect(ids.map((id) => targetOf(id)))) seen.push(item.ref)
      })(),
    )
    expect(error.kind).toBe('rate_limited')
    expect(new Set(seen).size).toBe(100)
    expect(server.takePaths().length).toBeLessThan(15)
  })

  test('a channel that Twitch no longer lists fails alone', async () => {
    override = ({ url }) =>
      url.pathname === '/helix/channels' ? { json: { data: [channel('1000')] } } : null
    const items = await all(open().collect([targetOf('1000'), targetOf('1001')]))
    const gone = items.find((item) => item.ref === 'ref-1001')
    expect(gone).toMatchObject({ error: { kind: 'not_found', sourceOnly: true } })
    expect(items).toHaveLength(2)
  })
})

describe('the credential', () => {
  test('the secret goes in the body, the token is kept for later runs', async () => {
    await all(open().resolve(['name1000']))
    await all(open().resolve(['name1001']))
    const [first] = server.requests
    expect(first?.url.search).toBe('')
    expect(first?.body).toContain('client_secret=canary-secret')
    expect(server.takePaths()).toEqual(['/oauth2/token', '/helix/users', '/helix/users'])
    tools.at.now = new Date(tools.at.now.getTime() + 5_000_000_000 - 30_000)
    await all(open().resolve(['name1000']))
    expect(server.takePaths()).toEqual(['/oauth2/token', '/helix/users'])
  })

  test('a token that ended early is renewed once', async () => {
    let refusals = 1
    override = ({ url }) => {
      if (url.pathname !== '/helix/users' || refusals === 0) return null
      refusals -= 1
      return { status: 401, json: { status: 401, message: 'Invalid OAuth token' } }
    }
    await all(open().resolve(['name1000']))
    expect(server.takePaths()).toHaveLength(4)
    refusals = 9
    expect(await failureOf(all(open().resolve(['name1000'])))).toMatchObject({
      kind: 'unauthorized',
    })
    expect(server.takePaths()).toEqual(['/helix/users', '/oauth2/token', '/helix/users'])
  })

  test('verify says in words what is wrong', async () => {
    expect((await open().verify()).detail).toContain('Twitch accepts')
    override = ({ url }) =>
      url.pathname === '/oauth2/token'
        ? { status: 403, json: { status: 403, message: 'invalid client secret' } }
        : null
    expect(await failureOf(open().verify())).toMatchObject({
      kind: 'unauthorized',
      message: 'Twitch does not accept this client secret',
    })
  })

  test('headers correct the budget; an empty one makes no call', async () => {
    await all(open().collect([targetOf('1000')]))
    expect(tools.observed[0]).toEqual({
      bucket: 'points',
      seen: { limit: 800, remaining: 797, resetsAt: new Date(tools.at.now.getTime() + 3_000) },
    })
    server.requests.length = 0
    tools = testTools({ baseUrl: server.url, amount: 0 })
    expect(await failureOf(all(open().collect([targetOf('1000')])))).toMatchObject({
      kind: 'budget_exhausted',
    })
    expect(server.takePaths()).toEqual(['/oauth2/token'])
  })
})

describe.each(['/helix/streams', '/oauth2/token'])('faults of %s', (path) => {
  test.each(faults)(
    '$name -> $kind, once, without a secret',
    async ({ reply, kind, waitS, timeoutMs = 10_000 }) => {
      tools = testTools({ baseUrl: server.url, timeoutMs })
      override = ({ url }) =>
        url.pathname === path ? reply([credentials.clientSecret, token]) : null
      const items: unknown[] = []
      const error = await failureOf(
        (async () => {
          for await (const item of open().collect([targetOf('1000')])) {
            items.push(item)
            if ('error' in item) throw item.error
          }
        })(),
      )
      expect(error.kind).toBe(kind)
      if (waitS) expect(error.until?.getTime()).toBe(tools.at.now.getTime() + waitS * 1_000)
      expectNoSecret([credentials.clientSecret, token], error)
      const calls = server.takePaths().filter((one) => one === path)
      expect(calls.length).toBe(error.status === 401 && path === '/helix/streams' ? 2 : 1)
    },
  )

  test('an abort ends it at once', async () => {
    const controller = new AbortController()
    tools = testTools({ baseUrl: server.url, timeoutMs: 20_000, signal: controller.signal })
    override = ({ url }) => {
      if (url.pathname !== path) return null
      setTimeout(() => controller.abort(), 20)
      return 'hang'
    }
    const error = await failureOf(all(open().collect([targetOf('1000')])))
    expect(error).toMatchObject({ kind: 'unavailable' })
    expect(error.message).toContain('called off')
  })
})
