import type { Sandbox } from '../../sandbox/index.ts'
import { createClient, openSandbox } from './sandbox-client.ts'

type Opened = Awaited<ReturnType<typeof openSandbox>>
let opened: Opened
let sandbox: Sandbox
beforeEach(async () => {
  opened = await openSandbox()
  sandbox = opened.sandbox
})
afterEach(() => sandbox.close())

const postToken = async (
  path: string,
  headers: Record<string, string>,
  body: Record<string, string>,
) => {
  const response = await fetch(`${sandbox.url}${path}`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(body),
  })
  return { status: response.status, text: await response.text() }
}

describe('credentials', () => {
  test('Twitch: tokens are bound to the client id and expire', async () => {
    const { get, twitch, control } = opened
    const good = await twitch()
    expect((await get('/helix/users?login=nobody', good)).status).toBe(200)
    expect(
      (await get('/helix/users?login=nobody', { ...good, 'client-id': 'sandbox-other' })).body,
    ).toEqual({
      error: 'Unauthorized',
      status: 401,
      message: 'Client ID and OAuth token do not match',
    })
    expect((await get('/helix/users?login=nobody', { 'client-id': 'sandbox-test' })).status).toBe(
      401,
    )
    expect((await get('/oauth2/validate', good)).body).toMatchObject({ client_id: 'sandbox-test' })
    await control('POST', 'clock', { advanceMs: 60 * 86_400_000 })
    expect((await get('/helix/users?login=nobody', good)).status).toBe(401)
    expect((await get('/oauth2/validate', good)).status).toBe(401)
    const form = {
      grant_type: 'client_credentials',
      client_id: 'sandbox-a',
      client_secret: 'wrong',
    }
    expect(await postToken('/oauth2/token', {}, form)).toEqual({
      status: 403,
      text: '{"status":403,"message":"invalid client secret"}',
    })
    expect((await postToken('/oauth2/token', {}, { ...form, client_id: 'foreign' })).status).toBe(
      400,
    )
    expect(
      (await postToken('/oauth2/token', {}, { ...form, client_secret: 'sandbox-secret-a' })).status,
    ).toBe(200)
  })

  test('X, YouTube and Reddit refuse in their own words', async () => {
    const { get, agent } = opened
    const x = await get('/2/users/by?usernames=a', { authorization: 'Bearer nope' })
    expect([x.status, x.body]).toEqual([
      401,
      { title: 'Unauthorized', type: 'about:blank', status: 401, detail: 'Unauthorized' },
    ])
    const youtube = await get('/youtube/v3/videos?part=id&id=x&key=nope')
    expect([youtube.status, youtube.text.includes('API_KEY_INVALID')]).toEqual([400, true])
    expect((await get('/youtube/v3/videos?part=id&id=x')).status).toBe(403)
    expect((await get('/youtube/v3/videos?part=id&id=x&key=sandbox-key-a')).status).toBe(200)
    const reddit = await get('/r/a/new', { ...agent, authorization: 'Bearer nope' })
    expect([reddit.status, reddit.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('invalid_token'),
    ])
    const basic = (secret: string) =>
      `Basic ${Buffer.from(`sandbox-a:${secret}`).toString('base64')}`
    const grant = { grant_type: 'client_credentials' }
    const path = '/api/v1/access_token'
    expect((await postToken(path, { ...agent, authorization: basic('bad') }, grant)).status).toBe(
      401,
    )
    const anonymous = await postToken(path, { authorization: basic('sandbox-secret-a') }, grant)
    expect([anonymous.status, anonymous.text]).toEqual([429, expect.stringContaining('<html>')])
  })
})

describe('limits', () => {
  test('Twitch: 800 points that flow back', async () => {
    const { get, twitch, control } = opened
    const headers = await twitch()
    const call = async () => await get('/helix/games?id=1', headers)
    expect((await call()).headers.get('ratelimit-remaining')).toBe('799')
    for (let n = 0; n < 798; n++) await call()
    expect((await call()).headers.get('ratelimit-remaining')).toBe('0')
    const spent = await call()
    expect([spent.status, spent.headers.get('ratelimit-remaining')]).toEqual([429, '0'])
    expect(Number(spent.headers.get('ratelimit-reset'))).toBeGreaterThan(
      Date.parse('2026-11-20T12:00:00Z') / 1000,
    )
    await control('POST', 'clock', { advanceMs: 30_000 })
    expect((await call()).headers.get('ratelimit-remaining')).toBe('399')
  })

  test('X: by endpoint, in windows of 15 minutes', async () => {
    const { get, x, control } = opened
    const call = () => get('/2/users/by?usernames=a', x)
    const first = await call()
    expect(first.headers.get('x-rate-limit-limit')).toBe('300')
    expect(Number(first.headers.get('x-rate-limit-reset'))).toBe(
      Date.parse('2026-11-20T12:15:00Z') / 1000,
    )
    for (let n = 1; n < 300; n++) await call()
    expect((await call()).status).toBe(429)
    expect((await get('/2/tweets?ids=1', x)).status).toBe(200)
    expect((await get('/2/users/by?usernames=a', createClient(sandbox, 'other').x)).status).toBe(
      200,
    )
    await control('POST', 'clock', { advanceMs: 15 * 60_000 })
    expect((await call()).headers.get('x-rate-limit-remaining')).toBe('299')
  })

  test('Reddit: 600 in ten minutes, seconds to go', async () => {
    const { get, reddit, control } = opened
    const headers = await reddit()
    await control('POST', 'clock', { now: '2026-11-20T12:04:00Z' })
    const first = await get('/api/info?id=t3_a', headers)
    const rate = (name: string) => first.headers.get(`x-ratelimit-${name}`)
    expect([rate('used'), rate('remaining'), rate('reset')]).toEqual(['1', '599.0', '360'])
    for (let n = 1; n < 600; n++) await get('/api/info?id=t3_a', headers)
    expect((await get('/api/info?id=t3_a', headers)).status).toBe(429)
  })

  test('YouTube: own buckets, whole again at midnight in California', async () => {
    const { get, youtube, control } = opened
    const search = () => get('/youtube/v3/search?part=snippet&type=channel&q=zzz', youtube)
    for (let n = 0; n < 100; n++) expect((await search()).status).toBe(200)
    const spent = await search()
    expect([spent.status, spent.text.includes('quotaExceeded')]).toEqual([403, true])
    expect((await get('/youtube/v3/videos?part=id&id=x', youtube)).status).toBe(200)
    await control('POST', 'clock', { now: '2026-11-21T07:59:00Z' })
    expect((await search()).status).toBe(403)
    await control('POST', 'clock', { now: '2026-11-21T08:00:01Z' })
    expect((await search()).status).toBe(200)
  })
})
