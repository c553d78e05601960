import { authenticate } from '../../src/features/accounts/index.ts'
import { createApp } from '../../src/http/app.ts'
import { ProblemDocument } from '../../src/http/problem.ts'
import { listen, type RunningServer } from '../../src/http/server.ts'
import { routes } from '../../src/routes.ts'
import { apiRoutes } from '../support/api-routes.ts'
import { callApi, openTestAccount, password, startTestApp, type TestApp } from '../support/app.ts'
import { faultsOf } from '../support/problems.ts'
import { openRawClient, problemIn } from '../support/raw-http.ts'

let app: TestApp
/** An administrator, and owner of a workspace: no route refuses them before it reads. */
let token: string
/** The same application, less patient. */
let hasty: RunningServer

beforeAll(async () => {
  app = await startTestApp()
  const email = 'root@example.org'
  await openTestAccount(app.parts, { email, role: 'admin' })
  const login = await callApi(app.url, null, 'POST', '/api/auth/login', { email, password })
  token = (login.body as { accessToken: string }).accessToken
  const patience = { headersMs: 300, requestMs: 600, checkEveryMs: 50 }
  const { parts } = app
  const handler = createApp(parts, routes, authenticate(parts))
  hasty = await listen(handler, { host: '127.0.0.1', port: 0 }, patience)
})
afterAll(async () => {
  await hasty?.close()
  await app?.close()
})

const head = (more: string) => `POST /api/auth/login HTTP/1.1\r\nHost: x\r\n${more}`
const manyHeaders = (count: number) =>
  Array.from({ length: count }, (_, n) => `X-Header-${n}: ${n}\r\n`).join('')

const brokenRequests: [name: string, status: number, text: string][] = [
  ['17 KB of headers', 431, head(`X-Large: ${'x'.repeat(17 * 1024)}\r\n\r\n`)],
  ['150 headers', 431, head(`${manyHeaders(150)}Connection: close\r\n\r\n`)],
  ['5,000 headers', 431, head(`${manyHeaders(1_200)}\r\n`)],
  [
    'an address of 9 KB',
    414,
    `GET /api/posts?q=${'x'.repeat(9 * 1024)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  ],
  ['an address of 20 KB', 431, `GET /${'x'.repeat(20 * 1024)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ['no HTTP at all', 400, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n'],
  ['a line break in a header', 400, head('X-A: a\rb\r\n\r\n')],
  ['two lengths', 400, head('Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}')],
  [
    'a length and chunks',
    400,
    head('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
  ],
  [
    'a chunk that is none',
    400,
    head('Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n'),
  ],
  ['no host', 400, 'GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n'],
]
test.each(brokenRequests)(
  'SEC-27: %s is refused with the same face as all else: %d',
  async (_name, status, text) => {
    const client = await openRawClient(app.url)
    client.write(text)
    const answer = await client.answer()
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer.toLowerCase()).toContain('content-type: application/problem+json')
    expect(answer.toLowerCase()).toContain('x-content-type-options: nosniff')
    expect(ProblemDocument.parse(problemIn(answer)).status).toBe(status)
  },
)

test.each([
  ['says nothing', '', ''],
  ['drips its headers', 'GET /health/live HTTP/1.1\r\nHost: x\r\n', 'X-More: 1\r\n'],
  ['drips its body', head('Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{'), ' '],
])(
  'SEC-27: a client that %s is cut off in time, and nobody else waits for it',
  async (_name, start, drip) => {
    const clients = await Promise.all(Array.from({ length: 20 }, () => openRawClient(hasty.url)))
    const started = performance.now()
    for (const client of clients) client.write(start)
    const dripping = setInterval(() => {
      for (const { socket, write } of clients) if (drip && socket.writable) write(drip)
    }, 40)
    expect((await fetch(`${hasty.url}/health/live`)).status).toBe(200)
    const answers = await Promise.all(clients.map((client) => client.answer()))
    clearInterval(dripping)
    expect(performance.now() - started).toBeLessThan(30_000)
    for (const answer of answers) {
      expect(answer).toMatch(/^HTTP\/1\.1 (408|400) |^$/)
      if (answer)
        expect(problemIn(answer)).toMatchObject({ code: expect.stringMatching(/timeout|input/) })
    }
  },
)

describe('bodies', () => {
  const withBody = apiRoutes().filter(({ hasBody }) => hasBody)
  const named = withBody.map((one): [string, typeof one] => [`${one.method} ${one.path}`, one])
  const send = (route: (typeof withBody)[number], body: string | Buffer, headers: object = {}) =>
    fetch(`${app.url}${route.path.replace(/\{\w+\}/g, '1')}`, {
      method: route.method,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        ...headers,
      },
      body,
    })

  test.each(named)('SEC-27: %s refuses too much, too deep and too clever', async (_name, route) => {
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
    const started = performance.now()
    const tries: [number[], string, object?][] = [
      [[413], `{"name":"${'x'.repeat(10 * 1024 * 1024)}"}`],
      [[400], deep],
      [[400], `[${'['.repeat(50_000)}${']'.repeat(50_000)}]`],
      [[400], '{"__proto__":{"isAdmin":true}}'],
      [[400], '{"constructor":{"prototype":{"isAdmin":true}}}'],
      [[400], `{${Array.from({ length: 50_000 }, (_, n) => `"k${n}":1`).join(',')}}`],
      [[415], '{}', { 'content-encoding': 'compress' }],
      [[415], '{}', { 'content-type': 'text/plain' }],
      [[415], '{}', { 'content-type': 'application/json; charset=iso-8859-1' }],
    ]
    for (const [statuses, body, headers] of tries) {
      const response = await send(route, body, headers)
      const answer = {
        status: response.status,
        headers: response.headers,
        body: (await response.json()) as never,
      }
      expect([body.slice(0, 40), faultsOf(answer, statuses)]).toEqual([body.slice(0, 40), []])
    }
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
    expect(performance.now() - started).toBeLessThan(50_000)
  })
})

test('SEC-27: a packed body counts by what it unpacks to', async () => {
  const { gzipSync } = await import('node:zlib')
  const body = gzipSync(JSON.stringify({ email: 'x'.repeat(50 * 1024 * 1024) }))
  const before = process.memoryUsage.rss()
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
  const response = await fetch(`${app.url}/api/auth/login`, { method: 'POST', headers, body })
  expect(response.status).toBe(413)
  expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 1024 * 1024)
})

test('SEC-27: every list has an end', () => {
  const limits = apiRoutes().flatMap(({ method, path, parameters }) =>
    parameters
      .filter(({ name }) => /limit|pageSize/.test(name))
      .map(({ schema }) => ({ route: `${method} ${path}`, maximum: schema.maximum })),
  )
  expect(limits.length).toBeGreaterThan(3)
  for (const { route, maximum } of limits)
    expect([route, (maximum ?? Number.POSITIVE_INFINITY) <= 1_000]).toEqual([route, true])
})
