import { request as httpRequest } from 'node:http'
import { z } from 'zod'
import { AppError } from '../../src/core/errors.ts'
import { rows, sql } from '../../src/database/sql.ts'
import { authenticate } from '../../src/features/accounts/index.ts'
import { createApp } from '../../src/http/app.ts'
import { IdParams } from '../../src/http/id.ts'
import { type AnyRoute, route, streamRoute } from '../../src/http/route.ts'
import { listen, type RunningServer } from '../../src/http/server.ts'
import { routes } from '../../src/routes.ts'
import type { FailurePlace } from '../../src/telemetry/sentry.ts'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { recordLog } from '../support/log-lines.ts'

const common = { tag: 'Test', summary: 'x', status: 200 } as const
const gone = Promise.withResolvers<unknown>()
const slow = { started: Promise.withResolvers<void>(), go: Promise.withResolvers<void>() }

const testRoutes: AnyRoute[] = [
  route({
    ...common,
    method: 'post',
    path: '/api/echo/{id}',
    access: 'public',
    params: IdParams,
    query: z.strictObject({ limit: z.coerce.number().int().max(10).default(5) }),
    // Not strict on purpose: the router is.
    body: z.object({ name: z.string(), tags: z.array(z.string().max(3)).optional() }),
    response: z.object({ id: z.string(), name: z.string(), limit: z.number() }),
    handler: async ({ params, query, body }) => ({
      ...params,
      ...query,
      ...body,
      inside: 'secret',
    }),
  }),
  route({
    ...common,
    method: 'get',
    path: '/api/echo/words',
    access: 'public',
    response: z.object({ words: z.boolean() }),
    handler: async () => ({ words: true }),
  }),
  route({
    ...common,
    method: 'get',
    path: '/api/bug',
    access: 'user',
    response: z.object({}),
    handler: async () => {
      throw new TypeError('canary-of-a-bug: select * from users')
    },
  }),
  route({
    ...common,
    method: 'get',
    path: '/api/broken-row',
    access: 'public',
    response: z.object({}),
    handler: ({ ctx }) =>
      rows(
        ctx.em,
        sql`insert into users (email, password_hash, created_at, updated_at)
          values ('UPPER@example.org', ${'canary-of-a-row'}, now(), now())`,
      ).then(() => ({})),
  }),
  route({
    ...common,
    method: 'get',
    path: '/api/wrong-answer',
    access: 'public',
    response: z.object({ count: z.number() }),
    handler: async () => ({ count: 'many' }) as never,
  }),
  route({
    ...common,
    method: 'get',
    path: '/api/later',
    access: 'public',
    response: z.object({}),
    handler: async () => {
      throw new AppError('rate_limited', 'Come back later.', { retryAfterS: 17 })
    },
  }),
  route({
    ...common,
    method: 'get',
    path: '/api/tenant',
    access: 'user',
    response: z.object({ workspaceId: z.string(), seen: z.string() }),
    handler: async ({ ctx, actor }) => {
      const [row] = await rows(
        ctx.em,
        sql<{ seen: string }>`select current_setting('app.workspace_id', true) as seen`,
      )
      return { workspaceId: actor.workspaceId, seen: row?.seen ?? '' }
    },
  }),
  route({
    ...common,
    method: 'get',
    path: '/api/patient',
    access: 'public',
    response: z.object({}),
    handler: ({ ctx }) => {
      ctx.signal.addEventListener('abort', () => gone.resolve(ctx.signal.reason))
      return new Promise(() => {})
    },
  }),
  route({
    ...common,
    method: 'get',
    path: '/api/slow',
    access: 'public',
    response: z.object({ done: z.boolean() }),
    handler: async () => {
      slow.started.resolve()
      await slow.go.promise
      return { done: true }
    },
  }),
  streamRoute({
    ...common,
    method: 'get',
    path: '/api/stream',
    access: 'public',
    produces: ['text/csv'],
    query: z.strictObject({ fail: z.enum(['early', 'late']).optional() }),
    stream: async ({ query, response }) => {
      if (query.fail === 'early') throw new AppError('not_found', 'Nothing to export.')
      response.type('text/csv').write('a,b\n')
      if (query.fail === 'late') throw new Error('the database went away')
      response.end('1,2\n')
    },
  }),
]

const { log, lines, text } = recordLog()
const reported: { error: unknown; place: FailurePlace }[] = []
let app: TestApp
let server: RunningServer
let person: SignedIn

beforeAll(async () => {
  const variables = { CORS_ORIGINS: 'https://dash.example, https://other.example' }
  app = await startTestApp({ log, variables })
  person = await app.signIn()
  const reports = {
    report: (error: unknown, place: FailurePlace) => void reported.push({ error, place }),
    close: async () => {},
  }
  const all = [...routes, ...testRoutes]
  const express = createApp(app.parts, all, authenticate(app.parts), reports)
  server = await listen(express, { host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await server.close()
  await app.close()
})

const ask = (path: string, init: RequestInit = {}) => fetch(`${server.url}${path}`, init)
const send = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  ask(path, {
    method: 'POST',
    body: body as string,
    headers: { 'content-type': 'application/json', ...headers },
  })
type Problem = {
  type: string
  title: string
  status: number
  detail: string
  instance: string
  code: string
  requestId: string
  errors?: { in: string; pointer: string; detail: string }[]
}
const problemIn = async (response: Response) => {
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  return (await response.json()) as Problem
}

describe('what goes in', () => {
  test('SEC-13: params, query and body are read through their schemas; the answer names nothing else', async () => {
    const answer = await send('/api/echo/7?limit=3', '{"name":"Ada"}')
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ id: '7', name: 'Ada', limit: 3 })
  })

  test('every wrong field is pointed at', async () => {
    const answer = await send('/api/echo/7', '{"tags":["ok","long"],"a/b~c":1,"isAdmin":true}')
    expect(answer.status).toBe(400)
    const { requestId, ...problem } = await problemIn(answer)
    expect(requestId).toBe(answer.headers.get('x-request-id'))
    expect(problem).toMatchObject({
      type: 'urn:earshot:problem:invalid_input',
      title: 'The request is not valid',
      status: 400,
      instance: '/api/echo/7',
      code: 'invalid_input',
    })
    expect(problem.errors?.map((error) => `${error.in} ${error.pointer}`).toSorted()).toEqual([
      'body /a~1b~0c',
      'body /isAdmin',
      'body /name',
      'body /tags/1',
    ])
  })

  test.each([
    ['/api/echo/x', 'params', '/id'],
    ['/api/echo/9223372036854775808', 'params', '/id'],
    ['/api/echo/7?limit=11', 'query', '/limit'],
    ['/api/echo/7?limit=1&limit=2', 'query', '/limit'],
    ['/api/echo/7?offset=1', 'query', '/offset'],
    ['/api/echo/7?a[b]=1', 'query', '/a[b]'],
  ])('%s', async (path, where, pointer) => {
    const answer = await send(path, '{"name":"Ada"}')
    expect(answer.status).toBe(400)
    expect((await problemIn(answer)).errors).toEqual([
      { in: where, pointer, detail: expect.any(String) },
    ])
  })

  test.each(['{"name":', 'x', '"text"', 'null'])('the body %s is no body', async (body) => {
    const answer = await send('/api/echo/7', body)
    expect(answer.status).toBe(400)
    expect((await problemIn(answer)).code).toBe('invalid_input')
  })

  test('no body where one is due', async () => {
    const answer = await ask('/api/echo/7', { method: 'POST' })
    expect(answer.status).toBe(400)
    expect((await problemIn(answer)).errors).toEqual([
      { in: 'body', pointer: '', detail: expect.any(String) },
    ])
  })

  test('another media type, charset or encoding is a 415', async () => {
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/json; charset=latin1',
    ]
    for (const type of types) {
      const answer = await send('/api/echo/7', '{"name":"Ada"}', { 'content-type': type })
      expect([type, answer.status]).toEqual([type, 415])
      await problemIn(answer)
    }
    const odd = await send('/api/echo/7', '{"name":"Ada"}', { 'content-encoding': 'compress' })
    expect(odd.status).toBe(415)
  })

  test('SEC-27: 10 MB are read, one byte more is a 413', async () => {
    const most = 10 * 1024 * 1024
    const bodyOf = (size: number) => `{"name":"${'x'.repeat(size - 11)}"}`
    expect(Buffer.byteLength(bodyOf(most))).toBe(most)
    expect((await send('/api/echo/7', bodyOf(most))).status).toBe(200)
    const answer = await send('/api/echo/7', bodyOf(most + 1))
    expect(answer.status).toBe(413)
    expect((await problemIn(answer)).code).toBe('payload_too_large')
  })

  test('SEC-27: depth and prototypes are refused', async () => {
    const deep = `{"name":"x","deep":${'['.repeat(5_000)}${']'.repeat(5_000)}}`
    for (const body of [deep, '{"name":"x","__proto__":{"isAdmin":true}}']) {
      const answer = await send('/api/echo/7', body)
      expect(answer.status).toBe(400)
    }
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  })

  test('SEC-31: a path that is not UTF-8 is the caller, not us', async () => {
    expect((await send('/api/echo/%E0%A4%A', '{"name":"x"}')).status).toBe(400)
  })
})

describe('where to', () => {
  test('a word wins over a parameter', async () => {
    expect(await (await ask('/api/echo/words')).json()).toEqual({ words: true })
  })

  test('SEC-31: an unknown path is a 404 that keeps the query to itself', async () => {
    const answer = await ask('/api/nowhere?token=canary-of-a-query')
    expect(answer.status).toBe(404)
    expect(await problemIn(answer)).toMatchObject({ code: 'not_found', instance: '/api/nowhere' })
    expect(text()).not.toContain('canary-of-a-query')
  })

  test('a wrong method is a 405 that names the right ones', async () => {
    const answer = await ask('/api/echo/words', { method: 'DELETE' })
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS')
    expect((await problemIn(answer)).code).toBe('method_not_allowed')
    expect((await ask('/api/stream', { method: 'HEAD' })).status).toBe(200)
    const options = await ask('/api/stream', { method: 'OPTIONS' })
    expect(options.headers.get('allow')).toBe('GET, HEAD')
  })
})

describe('what comes out', () => {
  test('SEC-31: a bug is told by its request id alone, and recorded under it', async () => {
    const headers = { authorization: `Bearer ${person.token}` }
    const answer = await ask('/api/bug', { headers })
    expect(answer.status).toBe(500)
    const problem = await problemIn(answer)
    expect(problem.code).toBe('internal')
    expect(JSON.stringify(problem)).not.toMatch(/canary|select|TypeError|\.ts/)

    const line = lines.map((each) => JSON.parse(each)).find((each) => each.err)
    expect(line).toMatchObject({ level: 'error', requestId: problem.requestId })
    expect(line.err.stack).toMatch(/canary-of-a-bug/)
    expect(reported.at(-1)).toMatchObject({
      place: { requestId: problem.requestId, userId: expect.any(String), route: '/api/bug' },
    })
  })

  test('SEC-31: a row that the database quotes in its error stays out of answer and log', async () => {
    const answer = await ask('/api/broken-row')
    expect(answer.status).toBe(500)
    const { requestId } = await problemIn(answer)
    const line = lines.find((each) => each.includes(requestId) && each.includes('"err"'))
    expect(line).toMatch(/users_email_lower/)
    expect(text()).not.toContain('canary-of-a-row')
  })

  test('SEC-13, SEC-31: an answer that breaks its own schema is a bug, not a leak', async () => {
    const answer = await ask('/api/wrong-answer')
    expect(answer.status).toBe(500)
    expect((await problemIn(answer)).errors).toBeUndefined()
  })

  test('a wait is told', async () => {
    const answer = await ask('/api/later')
    expect(answer.status).toBe(429)
    expect(answer.headers.get('retry-after')).toBe('17')
  })

  test('a stream: whole, refused before it began, broken after', async () => {
    const whole = await ask('/api/stream')
    expect(whole.headers.get('content-type')).toMatch('text/csv')
    expect(await whole.text()).toBe('a,b\n1,2\n')
    const early = await ask('/api/stream?fail=early')
    expect(early.status).toBe(404)
    await problemIn(early)
    const late = async () => (await ask('/api/stream?fail=late')).text()
    await expect(late()).rejects.toThrow()
  })

  test("a signed-in request sees its workspace and no one else's", async () => {
    const headers = { authorization: `Bearer ${person.token}` }
    const { workspaceId, seen } = (await (await ask('/api/tenant', { headers })).json()) as {
      workspaceId: string
      seen: string
    }
    expect(seen).toBe(workspaceId)
  })

  test('SEC-29: the headers of every answer', async () => {
    for (const path of ['/health', '/api/nowhere', '/api/bug']) {
      const { headers } = await ask(path)
      expect(headers.get('strict-transport-security')).toMatch(/max-age=\d{8}/)
      expect(headers.get('content-security-policy')).toMatch("default-src 'none'")
      expect(headers.get('content-security-policy')).not.toMatch('unsafe')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('x-xss-protection')).toBe('0')
      expect(headers.get('x-powered-by')).toBeNull()
    }
    expect((await ask('/api/later')).headers.get('cache-control')).toBe('no-store')
  })
})

describe('who asks', () => {
  test('a sane request id is kept, any other is replaced', async () => {
    const idOf = async (given: string) =>
      (await ask('/health/live', { headers: { 'x-request-id': given } })).headers.get(
        'x-request-id',
      )
    expect(await idOf('client-2026.11_20')).toBe('client-2026.11_20')
    for (const strange of ['short', 'a b c d e f g h', '{"level":"fatal"}', 'x'.repeat(200)]) {
      expect(await idOf(strange)).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  test('a log line names request, person, address, path and status', async () => {
    const headers = { authorization: `Bearer ${person.token}`, 'x-request-id': 'log-line-test' }
    await ask('/api/auth/me?a=canary-of-a-log', { headers })
    const line = lines.map((each) => JSON.parse(each)).find((e) => e.requestId === 'log-line-test')
    expect(line).toEqual({
      level: 'info',
      timestamp: expect.any(String),
      process: 'test',
      requestId: 'log-line-test',
      userId: expect.stringMatching(/^\d+$/),
      ip: '127.0.0.1',
      method: 'GET',
      path: '/api/auth/me',
      status: 200,
      ms: expect.any(Number),
      message: 'GET /api/auth/me 200',
    })
    expect(text()).not.toContain('canary-of-a-log')
    expect(text()).not.toContain(person.token)
  })

  test('SEC-28: a forwarded address is believed from named proxies alone', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.7', 'x-request-id': 'forwarded-test' }
    await ask('/health', { headers })
    const addressOf = (id: string) =>
      lines.map((each) => JSON.parse(each)).find((each) => each.requestId === id)?.ip
    expect(addressOf('forwarded-test')).toBe('127.0.0.1')

    const { config } = app.parts
    const behindProxy = { ...config, http: { ...config.http, trustProxy: ['127.0.0.1'] } }
    const parts = { ...app.parts, config: behindProxy }
    const proxied = await listen(createApp(parts, routes, authenticate(parts)), {
      host: '127.0.0.1',
      port: 0,
    })
    await fetch(`${proxied.url}/health`, {
      headers: { ...headers, 'x-request-id': 'proxied-test' },
    })
    await proxied.close()
    expect(addressOf('proxied-test')).toBe('203.0.113.7')
  })

  test.each(['true', '*', '10.0.0.0/99'])('TRUST_PROXY=%s is refused in words', (given) => {
    const { config } = app.parts
    const trusting = { ...config, http: { ...config.http, trustProxy: [given] } }
    const open = () => createApp({ ...app.parts, config: trusting }, [], authenticate(app.parts))
    expect(open).toThrow('TRUST_PROXY lists addresses or networks')
  })

  test('SEC-29: browsers of named origins may ask, with credentials; others may not', async () => {
    const preflight = (origin: string) =>
      ask('/api/auth/me', {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'GET' },
      })
    const named = await preflight('https://dash.example')
    expect(named.status).toBe(204)
    expect(named.headers.get('access-control-allow-origin')).toBe('https://dash.example')
    expect(named.headers.get('access-control-allow-credentials')).toBe('true')
    expect(named.headers.get('access-control-allow-headers')).toMatch('authorization')
    for (const origin of ['https://evil.example', 'https://dash.example.evil.example', 'null']) {
      expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  test('a handler hears when its client has gone', async () => {
    const request = httpRequest(`${server.url}/api/patient`)
    request.on('error', () => {})
    request.end()
    await new Promise((resolve) => request.once('socket', resolve))
    setTimeout(() => request.destroy(), 50)
    expect(await gone.promise).toMatchObject({ message: 'The client has gone away.' })
  })
})

test('a server that closes lets what runs finish', async () => {
  const closing = await listen(createApp(app.parts, testRoutes, authenticate(app.parts)), {
    host: '127.0.0.1',
    port: 0,
  })
  const answer = fetch(`${closing.url}/api/slow`)
  await slow.started.promise
  const closed = closing.close()
  await expect(fetch(`${closing.url}/api/later`)).rejects.toThrow()
  slow.go.resolve()
  expect(await (await answer).json()).toEqual({ done: true })
  await closed
})

test('a port that is taken is told in a sentence', async () => {
  const port = Number(new URL(server.url).port)
  const taken = listen(createApp(app.parts, [], authenticate(app.parts)), {
    host: '127.0.0.1',
    port,
  })
  await expect(taken).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken: set PORT to a free one.`)
})
