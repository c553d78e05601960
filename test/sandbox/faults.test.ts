import { connect } from 'node:net'
import type { PlatformId } from '../../sandbox/world/world.ts'
import { openSandbox } from './sandbox-client.ts'

type Opened = Awaited<ReturnType<typeof openSandbox>>
let opened: Opened
beforeEach(async () => {
  opened = await openSandbox()
})
afterEach(() => opened.sandbox.close())

/** A good call of each platform. */
async function callOf(platform: PlatformId) {
  const { get, x, youtube, twitch, reddit } = opened
  if (platform === 'twitter') return () => get('/2/users/by?usernames=a', x)
  if (platform === 'youtube') return () => get('/youtube/v3/videos?part=id&id=a', youtube)
  const headers = platform === 'twitch' ? await twitch() : await reddit()
  return () => get(platform === 'twitch' ? '/helix/games?id=1' : '/api/info?id=t3_a', headers)
}

const statuses: Record<PlatformId, Record<string, number>> = {
  twitch: {
    unauthorized: 401,
    forbidden: 403,
    not_found: 404,
    rate_limited: 429,
    rate_limited_no_headers: 429,
    server_error: 503,
    html: 503,
    payment_required: 402,
  },
  twitter: {
    unauthorized: 401,
    forbidden: 403,
    not_found: 404,
    rate_limited: 429,
    rate_limited_no_headers: 429,
    server_error: 503,
    html: 503,
    payment_required: 402,
  },
  // YouTube says 403 quotaExceeded where others say 429.
  youtube: {
    unauthorized: 401,
    forbidden: 403,
    not_found: 404,
    rate_limited: 403,
    rate_limited_no_headers: 429,
    server_error: 503,
    html: 502,
    payment_required: 402,
  },
  reddit: {
    unauthorized: 401,
    forbidden: 403,
    not_found: 404,
    rate_limited: 429,
    rate_limited_no_headers: 429,
    server_error: 503,
    html: 503,
    payment_required: 402,
  },
}
const platforms = Object.keys(statuses) as PlatformId[]

describe('faults', () => {
  test.each(platforms)(
    '%s answers each with its status, once, and then goes on',
    async (platform) => {
      const call = await callOf(platform)
      for (const [kind, status] of Object.entries(statuses[platform])) {
        await opened.control('POST', 'faults', { platform, kind, times: 1 })
        const reply = await call()
        expect([kind, reply.status]).toEqual([kind, status])
        expect(reply.text.startsWith('<')).toBe(
          kind === 'html' || (kind === 'rate_limited' && platform === 'reddit'),
        )
      }
      expect((await call()).status).toBe(200)
    },
  )

  test('rate limits come with headers or without', async () => {
    const seen = async (platform: PlatformId, kind: string, header: string) => {
      const call = await callOf(platform)
      await opened.control('POST', 'faults', { platform, kind, times: 1, retryAfterS: 90 })
      return (await call()).headers.get(header)
    }
    const reset = String(Date.parse('2026-11-20T12:01:30Z') / 1000)
    expect(await seen('twitch', 'rate_limited', 'ratelimit-reset')).toBe(reset)
    expect(await seen('twitter', 'rate_limited', 'x-rate-limit-reset')).toBe(reset)
    expect(await seen('reddit', 'rate_limited', 'retry-after')).toBe('90')
    expect(await seen('twitch', 'rate_limited_no_headers', 'ratelimit-reset')).toBeNull()
    expect(await seen('twitter', 'rate_limited_no_headers', 'x-rate-limit-reset')).toBeNull()
    expect(await seen('reddit', 'rate_limited_no_headers', 'retry-after')).toBeNull()
  })

  test('strike only the credential and the path that they name, until deleted', async () => {
    const { control, get, x } = opened
    const { id } = (
      await control('POST', 'faults', {
        credential: 'sandbox-bearer-test',
        path: '/2/users/by$|usernames=',
        kind: 'forbidden',
      })
    ).body
    expect((await get('/2/users/by?usernames=a', x)).status).toBe(403)
    expect((await get('/2/tweets?ids=1', x)).status).toBe(200)
    expect(
      (await get('/2/users/by?usernames=a', { authorization: 'Bearer sandbox-bearer-b' })).status,
    ).toBe(200)
    await control('DELETE', `faults/${id}`)
    expect((await get('/2/users/by?usernames=a', x)).status).toBe(200)
  })

  test('slow, hanging, truncated, reset and changed answers', async () => {
    const { control, get, x, sandbox } = opened
    const strike = (kind: string, more = {}) =>
      control('POST', 'faults', { kind, times: 1, ...more })
    const path = '/2/users/by?usernames=a'
    await strike('slow', { delayMs: 120 })
    const started = performance.now()
    expect((await get(path, x)).status).toBe(200)
    expect(performance.now() - started).toBeGreaterThan(115)
    await strike('truncated')
    await expect(get(path, x)).rejects.toThrow()
    await strike('reset')
    await expect(get(path, x)).rejects.toThrow()
    await strike('changed_shape')
    const [account] = await opened.sources('twitter')
    const changed = await get(`/2/users/${account?.externalId}`, x)
    expect(Object.keys(changed.body)).toEqual(['results'])
    await strike('hang')
    await expect(
      fetch(`${sandbox.url}${path}`, { headers: x, signal: AbortSignal.timeout(150) }),
    ).rejects.toThrow(/timeout/i)
  })

  test('closing ends at once although a call hangs and a socket is silent', async () => {
    const { control, sandbox } = await openSandbox()
    await control('POST', 'faults', { kind: 'hang' })
    const hanging = fetch(`${sandbox.url}/2/tweets?ids=1`).catch(() => 'ended')
    const silent = connect(sandbox.port, '127.0.0.1').on('error', () => {})
    await new Promise((resolve) => silent.once('connect', resolve))
    await sandbox.close()
    expect(await hanging).toBe('ended')
    silent.destroy()
  })

  test('every call is counted and none shows a secret', async () => {
    const { get, control, x, youtube } = opened
    await get('/youtube/v3/videos?part=id&id=a&key=sandbox-key-test')
    await get('/youtube/v3/videos?part=id&id=a', youtube)
    await get('/2/users/by?usernames=a', x)
    await opened.twitch()
    const { text, body } = await control('GET', 'calls?platform=youtube&credential=test')
    expect(body).toMatchObject({
      counters: [{ platform: 'youtube', credential: 'test', calls: 2, cost: 2 }],
    })
    const all = await control('GET', 'calls')
    for (const secret of ['sandbox-key-test', 'sandbox-bearer-test', 'sandbox-secret-test']) {
      expect(text + all.text).not.toContain(secret)
    }
    expect((all.body as { calls: unknown[] }).calls).toHaveLength(4)
    await control('DELETE', 'calls')
    expect((await control('GET', 'calls')).body).toEqual({ counters: [], calls: [] })
  })

  test('a fault that makes no sense is refused in words', async () => {
    const { status, text } = await opened.control('POST', 'faults', { kind: 'gremlins' })
    expect([status, text.includes('kind')]).toEqual([400, true])
  })
})
