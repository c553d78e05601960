import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { type ApiRoute, apiRoutes } from '../support/api-routes.ts'
import { callApi, type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { faultsOf } from '../support/problems.ts'

let app: TestApp
let person: SignedIn
const origin = 'https://dashboard.example.org'

beforeAll(async () => {
  app = await startTestApp({ variables: { CORS_ORIGINS: origin, RATE_LIMIT_ANONYMOUS: '1000000' } })
  person = await app.signIn()
})
afterAll(() => app?.close())

const always: Record<string, string | RegExp | null> = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'permissions-policy': /^camera=\(\), geolocation=\(\), microphone=\(\)/,
  'x-xss-protection': '0',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-request-id': /^[\w.-]{8,}$/,
  'x-powered-by': null,
  server: null,
  'access-control-allow-origin': null,
}
const ofApi = {
  ...always,
  'content-security-policy':
    "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
}

const wrongIn = (headers: Headers, wanted: Record<string, string | RegExp | null>) =>
  Object.entries(wanted).filter(([name, value]) => {
    const given = headers.get(name)
    return value instanceof RegExp ? !value.test(given ?? '') : given !== value
  })

const routes = apiRoutes()
const called = (route: ApiRoute, token: string | null) =>
  callApi(
    app.url,
    token,
    route.method,
    route.path.replace(/\{\w+\}/g, '7'),
    route.hasBody ? {} : undefined,
  )

test.each(routes.map((route): [string, ApiRoute] => [`${route.method} ${route.path}`, route]))(
  'SEC-29: %s carries every header, whoever asks',
  async (_name, route) => {
    for (const token of [null, 'no.such.token', person.token]) {
      const { status, headers } = await called(route, token)
      expect([status, wrongIn(headers, ofApi)]).toEqual([status, []])
      expect(headers.get('content-security-policy')).not.toContain('unsafe')
      if (route.path.startsWith('/api/')) {
        expect(headers.get('cache-control')).toBe('no-store')
        expect(headers.get('ratelimit-policy')).toMatch(/q=\d+;w=900/)
      }
    }
  },
)

test.each([
  '/nowhere',
  '/api/nowhere',
  '/%E0%A4%A',
  '/docs',
  '/redoc',
  '/openapi.json',
  '/docs/start.js',
])('SEC-29: so does %s', async (path) => {
  const { headers } = await fetch(`${app.url}${path}`)
  expect(wrongIn(headers, always)).toEqual([])
  const policy = headers.get('content-security-policy') ?? ''
  expect(policy).toMatch(/default-src 'none'/)
  expect(policy).not.toContain('unsafe')
  expect(headers.get('ratelimit-policy')).not.toBeNull()
})

test('SEC-29: only named origins are let in, with credentials, and never all of them', async () => {
  const ask = (given: string, method = 'GET') =>
    fetch(`${app.url}/api/auth/me`, {
      method,
      headers: {
        origin: given,
        ...(method === 'OPTIONS' && { 'access-control-request-method': 'GET' }),
      },
    })
  for (const method of ['GET', 'OPTIONS']) {
    const { headers } = await ask(origin, method)
    expect(headers.get('access-control-allow-origin')).toBe(origin)
    expect(headers.get('access-control-allow-credentials')).toBe('true')
    expect(headers.get('vary')).toMatch(/origin/i)
  }
  const strangers = [
    'null',
    'https://evil.example',
    `${origin}.evil.example`,
    `http${origin.slice(5)}`,
    `${origin}:8443`,
    'https://xdashboard.example.org',
    origin.toUpperCase(),
  ]
  for (const stranger of strangers) {
    for (const method of ['GET', 'OPTIONS']) {
      const { headers } = await ask(stranger, method)
      expect([stranger, headers.get('access-control-allow-origin')]).toEqual([stranger, null])
    }
  }
})

test('SEC-32: in production nothing but the API is open', async () => {
  const metricsToken = 'a token of operators'
  const variables = {
    NODE_ENV: 'production',
    JWT_SECRET: 'k'.repeat(40),
    ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
    TRUST_PROXY: '127.0.0.1',
    PASSWORD_HASH_COST: '10',
    METRICS_TOKEN: metricsToken,
  }
  const production = await startTestApp({ variables })
  const headers = { 'x-forwarded-for': '203.0.113.9' }
  const closed = [
    '/docs',
    '/redoc',
    '/openapi.json',
    '/docs/start.js',
    '/queues',
    '/admin/queues',
    '/bull',
    '/ui',
    '/.env',
    '/.git/config',
    '/debug',
    '/status',
  ]
  for (const path of closed) {
    const response = await fetch(`${production.url}${path}`, { headers })
    expect([path, response.status]).toEqual([path, 404])
  }
  for (const path of ['/metrics', '/health/detailed']) {
    const response = await fetch(`${production.url}${path}`, { headers })
    const answer = {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as never,
    }
    expect([path, faultsOf(answer, [401])]).toEqual([path, []])
  }
  // As a proxy asks that is told `proxy_pass http://127.0.0.1:8080` and no more.
  const bare = await fetch(`${production.url}/metrics`, { headers: { connection: 'close' } })
  expect([new URL(production.url).hostname, bare.status]).toEqual(['127.0.0.1', 401])
  const authorization = `Bearer ${metricsToken}`
  const scraper = await fetch(`${production.url}/metrics`, { headers: { authorization } })
  expect(scraper.status).toBe(200)
  await production.close()
})

test('SEC-32: thousands of people, addresses and ids make not one series more', async () => {
  const names = async () =>
    (await app.parts.metrics.registry.metrics())
      .split('\n')
      .filter((line) => line && !line.startsWith('#'))
      .map((line) => line.replace(/ [^ ]+$/, ''))
  const ask = async (n: number) => {
    const headers = {
      authorization: `Bearer person.${n}.token`,
      'user-agent': `Browser/${n}`,
      'x-forwarded-for': `10.0.${n >> 8}.${n & 255}`,
    }
    const paths = [`/api/posts/${n}`, `/nowhere/${n}`, `/api/jobs/${n}?person=${n}`]
    await fetch(`${app.url}${paths[n % 3]}`, { headers }).then((answer) => answer.text())
  }
  for (let n = 0; n < 3; n += 1) await ask(n)
  const before = await names()
  for (let n = 0; n < 2_000; n += 50)
    await Promise.all(Array.from({ length: 50 }, (_, more) => ask(n + more)))
  const after = await names()
  // Latency buckets and garbage collections may show for the first time; people may not.
  expect(after.length - before.length).toBeLessThan(30)
  expect(after.join('\n')).not.toMatch(/person|Browser|10\.0\.|@|nowhere/)
})

describe('U09: what is there when nothing was said', () => {
  test('services listen on this machine alone', () => {
    const compose = readFileSync('docker-compose.yml', 'utf8')
    const ports = [...compose.matchAll(/^\s+ports: \[(.*)\]/gm)].map(([, list]) => list ?? '')
    expect(ports.length).toBeGreaterThan(1)
    for (const list of ports) {
      for (const one of list.split(',')) expect(one.trim()).toMatch(/^"127\.0\.0\.1:/)
    }
    expect(app.parts.config.http.host).toBe('127.0.0.1')
    expect(app.parts.config.workers.host).toBe('127.0.0.1')
  })

  test('no password, no key and no token has a default', () => {
    const compose = readFileSync('docker-compose.yml', 'utf8')
    const fallbacks = [...compose.matchAll(/\$\{(\w*(?:PASSWORD|SECRET|KEYS?|TOKEN)):-([^}]*)\}/g)]
    expect(fallbacks.length).toBeGreaterThan(0)
    for (const [, name, fallback] of fallbacks) expect([name, fallback]).toEqual([name, ''])
    const example = Object.entries(parseEnv(readFileSync('.env.example', 'utf8')))
    const secrets = example.filter(([name]) => /(PASSWORD|SECRET|KEYS?|TOKEN)$/.test(name))
    expect(secrets.filter(([, value]) => value !== '')).toEqual([])
  })

  test('two installations share no secret', async () => {
    const other = await startTestApp()
    expect(other.parts.secrets.jwtSecret).not.toBe(app.parts.secrets.jwtSecret)
    expect(other.parts.secrets.encryptionKeys).not.toBe(app.parts.secrets.encryptionKeys)
    await other.close()
  })
})
