import { jest } from '@jest/globals'
import { auditOf } from '../support/accounts.ts'
import { type Answer, callApi, password, startTestApp, type TestApp } from '../support/app.ts'
import { faultsOf } from '../support/problems.ts'
import { openTestRedis, queueStores, type TestRedis } from '../support/redis.ts'
import { asOwner } from '../support/servers.ts'
import { callWith, newPerson } from '../support/team.ts'

const anywhere = '/api/auth/refresh'

/** One who comes from this address, as a proxy on this machine says. */
const from = async (app: TestApp, address: string, path = '/nowhere', more: RequestInit = {}) => {
  const headers = { 'x-forwarded-for': address, ...more.headers }
  const response = await fetch(`${app.url}${path}`, { ...more, headers })
  const body = (await response.json()) as never
  return { status: response.status, headers: response.headers, body } satisfies Answer
}
const post = (body: string, headers: object = {}) => ({
  method: 'POST',
  body,
  headers: { 'content-type': 'application/json', ...headers },
})
const auditRows = async (app: TestApp) => {
  const text = `select actor_id::text, workspace_id::text, outcome, details from audit_log
    where action = 'rate_limit.exceeded' order by id`
  return asOwner(app.ownerUrl, async (client) => {
    await client.query('set role earshot_system')
    return (await client.query(text)).rows
  })
}

describe.each(queueStores())('rate limits on %s', (store) => {
  let app: TestApp
  let redis: TestRedis | null = null
  beforeAll(async () => {
    redis = store === 'redis' ? await openTestRedis() : null
    const variables = {
      TRUST_PROXY: '127.0.0.1,10.0.0.0/8',
      RATE_LIMIT_ANONYMOUS: '100',
      RATE_LIMIT_USER: '40',
      ...(redis && { REDIS_URL: redis.url }),
    }
    app = await startTestApp({ variables })
  })
  afterAll(async () => {
    await app?.close()
    await redis?.close()
  })

  test('SEC-28: the 101st request of an address in 15 minutes is refused, and told when to come back', async () => {
    const first = await from(app, '192.0.2.1')
    expect(first.status).toBe(404)
    expect(first.headers.get('ratelimit-policy')).toBe('"address";q=100;w=900')
    expect(first.headers.get('ratelimit')).toMatch(/^"address";r=99;t=(900|899)$/)
    expect(first.headers.get('ratelimit-limit')).toBe('100')
    expect(first.headers.get('ratelimit-remaining')).toBe('99')
    expect(Number(first.headers.get('ratelimit-reset'))).toBeGreaterThan(890)
    for (let n = 2; n <= 100; n += 1) expect((await from(app, '192.0.2.1')).status).toBe(404)

    const over = await from(app, '192.0.2.1')
    expect(faultsOf(over, [429])).toEqual([])
    expect(over.body).toMatchObject({ code: 'rate_limited', title: 'Too many requests' })
    const retryAfter = Number(over.headers.get('retry-after'))
    expect(retryAfter).toBeGreaterThan(800)
    expect(retryAfter).toBeLessThanOrEqual(900)
    expect(over.headers.get('ratelimit')).toMatch(/^"address";r=0;t=\d+$/)
    expect((await from(app, '192.0.2.2')).status).toBe(404)
  })

  test('SEC-28: one audit row a window and key, however long the flood', async () => {
    for (let n = 0; n < 10; n += 1) expect((await from(app, '192.0.2.1')).status).toBe(429)
    const details = { limit: 'address', points: 100, windowS: 900 }
    expect(await auditRows(app)).toEqual([
      { actor_id: null, workspace_id: null, outcome: 'denied', details },
    ])
  })

  test('health is asked as often as anybody likes, and carries no limit', async () => {
    for (const path of ['/health', '/health/live', '/health/ready']) {
      const answer = await from(app, '192.0.2.1', path)
      expect([answer.status, answer.headers.get('ratelimit')]).toEqual([200, null])
    }
  })

  test('SEC-28: doors where secrets are tried have a smaller budget, and refuse before they read', async () => {
    for (let n = 0; n < 30; n += 1) {
      expect((await from(app, '192.0.2.3', '/api/auth/login', post('{}'))).status).toBe(400)
    }
    const over = await from(app, '192.0.2.3', '/api/auth/login', post('{ this is not JSON'))
    expect(faultsOf(over, [429])).toEqual([])
    expect(over.headers.get('ratelimit-policy')).toBe(
      '"address";q=100;w=900, "sensitive";q=30;w=900',
    )
    expect(over.headers.get('ratelimit-limit')).toBe('30')
    const plain = await from(app, '192.0.2.3', anywhere, post('{}'))
    expect([plain.status, plain.headers.get('ratelimit-remaining')]).toEqual([400, '68'])
  })

  test('SEC-28: a person is counted over all sessions and addresses, and nobody else with them', async () => {
    const [one, two] = [await app.signIn(), await app.signIn()]
    const login = { email: one.email, password: 'a-Long-passphrase-42' }
    const again = await callApi(app.url, null, 'POST', '/api/auth/login', login)
    const { accessToken } = again.body as { accessToken: string }
    const tokens = [one.token, accessToken]
    for (let n = 0; n < 40; n += 1) {
      const token = tokens[n % 2] ?? null
      const answer = await callApi(app.url, token, 'GET', '/api/auth/me')
      expect([n, answer.status]).toEqual([n, 200])
      expect(answer.headers.get('ratelimit-policy')).toBe('"user";q=40;w=900')
    }
    for (const token of tokens) {
      const over = await from(app, '198.51.100.9', '/api/auth/me', {
        headers: { authorization: `Bearer ${token}` },
      })
      expect(faultsOf(over, [429])).toEqual([])
    }
    expect((await two.call('GET', '/api/auth/me')).status).toBe(200)
    const rows = (await auditRows(app)).filter(({ details }) => details.limit === 'user')
    expect(rows).toEqual([
      expect.objectContaining({ actor_id: expect.any(String), workspace_id: expect.any(String) }),
    ])
  })

  test('SEC-28: what is forbidden counts too', async () => {
    const person = await app.signIn()
    for (let n = 0; n < 40; n += 1) {
      expect((await person.call('GET', '/health/detailed')).status).toBe(403)
    }
    expect((await person.call('GET', '/health/detailed')).status).toBe(429)
  })

  test('SEC-28: where a password is asked for once more, a person has the smaller budget', async () => {
    const [one, two] = [await app.signIn(), await app.signIn()]
    const path = '/api/users/me/email'
    for (let n = 0; n < 30; n += 1) {
      expect([n, (await one.call('POST', path, {})).status]).toEqual([n, 400])
    }
    const over = await one.call('POST', path, {})
    expect(faultsOf(over, [429])).toEqual([])
    expect(over.headers.get('ratelimit-policy')).toBe('"user";q=40;w=900, "sensitive";q=30;w=900')
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(800)
    expect((await one.call('GET', '/api/auth/me')).status).toBe(200)
    expect((await two.call('POST', path, {})).status).toBe(400)
  })

  test.each([
    ['session', 404, { workspace_id: false, role: null }],
    ['API token', 403, { workspace_id: true, role: 'owner' }],
  ] as const)(
    'SEC-28, SEC-30: with a %s, a workspace of others counts and is written down',
    async (kind, status, row) => {
      const [person, other] = [await newPerson(app), await newPerson(app)]
      const made = await person.call('POST', '/api/users/me/tokens', {
        name: 'a script',
        scopes: ['read'],
        expiresInDays: null,
        currentPassword: password,
      })
      const apiToken = (made.body as { token: string }).token
      const authorization = `Bearer ${kind === 'session' ? person.token : apiToken}`
      const ask = () =>
        callWith(app.url, { authorization, 'x-workspace': other.homeId }, ['GET', '/api/jobs'])
      const first = await ask()
      expect(first.headers.get('ratelimit-policy')).toBe('"user";q=40;w=900')
      let asked = 1
      for (let answer = first; answer.status !== 429 && asked < 50; asked += 1) {
        expect(answer.status).toBe(status)
        answer = await ask()
      }
      // The 41st: signing in is counted elsewhere; who they are and the token were two.
      expect(asked).toBe(39)
      const denials = (await auditOf(app, 'access.denied')).filter(
        ({ actor_id }) => actor_id === person.userId,
      )
      const details = { method: 'GET', route: '/api/jobs', role: row.role }
      const workspace = row.workspace_id ? person.homeId : null
      expect(denials.map(({ workspace_id, details }) => [workspace_id, details])).toEqual([
        [workspace, details],
      ])
    },
  )

  test('SEC-28: bad tokens draw on the address, good ones from there do not', async () => {
    const bad = { headers: { authorization: 'Bearer no.such.token' } }
    const person = await app.signIn()
    for (let n = 0; n < 100; n += 1) {
      expect((await from(app, '192.0.2.4', '/api/jobs', bad)).status).toBe(401)
    }
    expect((await from(app, '192.0.2.4', '/api/jobs', bad)).status).toBe(429)
    const good = { headers: { authorization: `Bearer ${person.token}` } }
    expect((await from(app, '192.0.2.4', '/api/jobs', good)).status).toBe(200)
  })

  test('SEC-28: 150 at once get 100 through, no more', async () => {
    const answers = await Promise.all(Array.from({ length: 150 }, () => from(app, '192.0.2.5')))
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(100)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(50)
  })

  test('SEC-28: of X-Forwarded-For the last that no proxy of ours wrote counts, whatever stands before', async () => {
    for (let n = 0; n < 100; n += 1) await from(app, `203.0.113.${n}, 192.0.2.6, 10.1.2.${n}`)
    expect((await from(app, 'unknown, 192.0.2.6')).status).toBe(429)
    expect((await from(app, '192.0.2.6, 192.0.2.7')).status).toBe(404)
  })

  test('SEC-28: an IPv6 household is one address', async () => {
    const ask = (host: number) => from(app, `2001:db8:1:2:${host.toString(16)}::${host}`)
    for (let n = 1; n <= 100; n += 1) expect((await ask(n)).status).toBe(404)
    expect((await ask(777)).status).toBe(429)
    expect((await from(app, '2001:db8:1:3::1')).status).toBe(404)
  })
})

test('SEC-28: without TRUST_PROXY nobody chooses an address', async () => {
  const app = await startTestApp({ variables: { RATE_LIMIT_ANONYMOUS: '3' } })
  const statuses = []
  for (let n = 0; n < 5; n += 1) statuses.push((await from(app, `192.0.2.${n}`)).status)
  expect(statuses).toEqual([404, 404, 404, 429, 429])
  await app.close()
})

test('SEC-28: a window passes, and a clock set back after it locks nobody out', async () => {
  const app = await startTestApp({ variables: { RATE_LIMIT_ANONYMOUS: '1' } })
  const ask = async () => (await from(app, 'x')).status
  const at = (minutes: number) => {
    const started = Math.round(performance.timeOrigin + performance.now()) + minutes * 60_000
    jest.spyOn(Date, 'now').mockImplementation(() => started)
  }
  expect([await ask(), await ask()]).toEqual([404, 429])
  at(14.9)
  expect(await ask()).toBe(429)
  at(15.1)
  expect([await ask(), await ask()]).toEqual([404, 429])
  at(-3_000)
  expect([await ask(), await ask()]).toEqual([404, 429])
  jest.restoreAllMocks()
  await app.close()
})

const withRedis = queueStores().includes('redis') ? test : test.skip
withRedis(
  'SEC-28: Redis that dies in the middle fails nobody, and the limits hold on',
  async () => {
    const redis = await openTestRedis()
    const variables = {
      REDIS_URL: redis.url,
      RATE_LIMIT_ANONYMOUS: '20',
      METRICS_TOKEN: 'a token of operators',
    }
    const app = await startTestApp({ variables })
    const person = await app.signIn()
    const used = []
    for (let n = 0; n < 5; n += 1) used.push((await from(app, 'x')).status)
    await redis.close()
    const me = await Promise.all(
      Array.from({ length: 20 }, () => person.call('GET', '/api/auth/me')),
    )
    expect(new Set(me.map(({ status }) => status))).toEqual(new Set([200]))
    for (let n = 0; n < 21; n += 1) used.push((await from(app, 'x')).status)
    expect(used.slice(0, 25)).toEqual(Array(25).fill(404))
    expect(used.at(-1)).toBe(429)
    const detailed = await callApi(app.url, 'a token of operators', 'GET', '/health/detailed')
    expect(detailed.body).toMatchObject({ limits: { store: 'redis', state: 'away' } })
    await app.close()
  },
)
