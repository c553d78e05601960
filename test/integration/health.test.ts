import { callApi, startTestApp, type TestApp } from '../support/app.ts'
import { asOwner } from '../support/servers.ts'

const metricsToken = 'metrics-token-of-the-test'
let app: TestApp

beforeAll(async () => {
  app = await startTestApp({ variables: { METRICS_TOKEN: metricsToken, TRUST_PROXY: '' } })
})
afterAll(() => app.close())

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${app.url}${path}`, { headers })
const operator = { authorization: `Bearer ${metricsToken}` }

/** A store that never answers, for as long as `work` takes. */
async function without<T>(
  store: 'pingDatabase' | 'pingQueues',
  work: () => Promise<T>,
): Promise<T> {
  const { operations } = app.parts
  const real = operations[store]
  operations[store] = () => Promise.reject(new Error('no answer within 2000 ms'))
  try {
    return await work()
  } finally {
    operations[store] = real
  }
}

test('/health says in a word each what stands under it', async () => {
  const answer = await get('/health')
  expect(answer.status).toBe(200)
  expect(await answer.json()).toEqual({
    status: 'healthy',
    timestamp: expect.stringMatching(/Z$/),
    database: 'connected',
    cache: 'connected',
    queue: 'connected',
  })
})

test('a lost store degrades /health, takes /ready away and leaves /live', async () => {
  await without('pingDatabase', async () => {
    expect(await (await get('/health')).json()).toMatchObject({
      status: 'degraded',
      database: 'away',
      queue: 'connected',
    })
    const ready = await get('/health/ready')
    expect(ready.status).toBe(503)
    expect(ready.headers.get('retry-after')).toBe('5')
    expect(ready.headers.get('content-type')).toMatch('application/problem+json')
    const { code, detail } = (await ready.json()) as { code: string; detail: string }
    expect(code).toBe('unavailable')
    expect(detail).toBe('Not ready: the database did not answer within 2 s.')
    expect((await get('/health/live')).status).toBe(200)
  })
  await without('pingQueues', async () => {
    const detail = ((await (await get('/health/ready')).json()) as { detail: string }).detail
    expect(detail).toMatch(/the queue store/)
  })
  expect(await (await get('/health/ready')).json()).toEqual({ status: 'ready' })
})

test('SEC-32: /health/detailed is for operators', async () => {
  const person = await app.signIn()
  expect((await get('/health/detailed')).status).toBe(401)
  expect((await get('/health/detailed', { authorization: 'Bearer wrong' })).status).toBe(401)
  expect((await person.call('GET', '/health/detailed')).status).toBe(403)

  const answer = await get('/health/detailed', operator)
  expect(answer.status).toBe(200)
  const text = await answer.text()
  expect(JSON.parse(text)).toMatchObject({
    status: 'healthy',
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    database: { state: 'connected', pool: { most: 20 } },
    queue: { state: 'connected', depths: { collect: { waiting: 0, failed: 0 } } },
    monitoring: { activeJobs: 0, activeUsers: 1 },
    mail: { waiting: 0, oldestWaitsS: 0 },
    sentiment: { backlog: 0 },
    keyIds: app.parts.keyring.ids,
  })
  for (const secret of Object.values(app.parts.secrets)) expect(text).not.toContain(secret)

  await asOwner(app.ownerUrl, (client) =>
    client.query(`update users set role = 'admin' where email = $1`, [person.email]),
  )
  expect((await person.call('GET', '/health/detailed')).status).toBe(200)
})

test('what cannot be read is null, and the rest is still told', async () => {
  await without('pingDatabase', async () => {
    expect(await (await get('/health/detailed', operator)).json()).toMatchObject({
      status: 'degraded',
      database: { state: 'away', answeredInMs: null },
      monitoring: null,
      mail: null,
      sentiment: { backlog: null },
    })
  })
})

test('SEC-32: outside production /metrics is open on this machine alone', async () => {
  expect((await get('/metrics')).status).toBe(200)
  expect((await get('/metrics', { 'x-forwarded-for': '203.0.113.7' })).status).toBe(401)
  expect((await get('/metrics', { 'x-real-ip': '203.0.113.7' })).status).toBe(401)
  const through = { 'x-forwarded-for': '203.0.113.7', ...operator }
  expect((await get('/metrics', through)).status).toBe(200)
})

test('SEC-32: /metrics counts by template, whoever asks for what', async () => {
  const people = await Promise.all(Array.from({ length: 5 }, () => app.signIn()))
  for (const person of people) await person.call('GET', '/api/auth/me')
  for (let id = 0; id < 30; id += 1) await callApi(app.url, null, 'GET', `/api/nowhere/${id}`)
  const text = await (await get('/metrics')).text()
  const series = text.split('\n').filter((line) => line.startsWith('earshot_http_requests_total'))
  expect(series).toContainEqual(expect.stringMatching(/route="\/api\/auth\/me",status="200"} \d+$/))
  expect(series.filter((line) => line.includes('nowhere'))).toEqual([])
  expect(series.length).toBeLessThan(20)
  expect(text).not.toContain('@example.org')
  expect(text).toMatch(/^earshot_active_users \d+$/m)
  expect(text).toMatch(/^earshot_queue_depth\{queue="collect",state="waiting"\} 0$/m)
  expect(text).toMatch(/^earshot_table_bytes\{table="post_samples"\} \d+$/m)
  expect(text).toMatch(/^earshot_database_pool_connections\{state="most"\} 20$/m)
  expect(text).not.toMatch(/earshot_collector_failures_total\{/)
})
