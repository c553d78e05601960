import { randomBytes } from 'node:crypto'
import { FaultRequest } from '../../sandbox/control/faults.store.ts'
import { collectProfileTask } from '../../src/features/monitoring/index.ts'
import { findCanaries, type Place, randomMark } from '../support/canaries.ts'
import { type CanaryStage, openCanaryStage } from '../support/canary-stage.ts'
import { queueStores } from '../support/redis.ts'
import { until } from '../support/until.ts'

const dayMs = 86_400_000

/** 25 hours: past every pause that a platform can ask for, YouTube's day included. */
async function nextDay(stage: CanaryStage): Promise<void> {
  stage.moveTo(new Date(stage.now().getTime() + dayMs + dayMs / 24))
  await stage.signInAgain()
  for (const id of stage.profileIds) {
    const { status } = await stage.call('POST', `/api/profiles/${id}/enable`)
    expect(status).toBe(200)
  }
}

/** Until every job has ended a run of this day, well or not. */
const everyJobRan = (stage: CanaryStage) =>
  until('every job has run', async () => {
    const { rows } = await stage.sql(
      `select (select count(*)::int from monitoring_jobs) as jobs,
        (select count(distinct job_id)::int from job_executions where started_at >= $1) as ran`,
      [stage.now()],
    )
    return rows[0]?.jobs > 0 && rows[0]?.jobs === rows[0]?.ran
  })

async function askForEverything(stage: CanaryStage): Promise<void> {
  const id = async (table: string) =>
    String((await stage.sql(`select id from ${table} limit 1`)).rows[0]?.id)
  const ids: Record<string, string> = {
    profiles: await id('credential_profiles'),
    sources: await id('sources'),
    jobs: await id('monitoring_jobs'),
    posts: await id('posts'),
  }
  for (const path of stage.getPaths) {
    const real = path
      .replace('{id}', ids[path.split('/')[2] ?? ''] ?? '1')
      .replace('{platform}', 'twitch')
    await stage.call('GET', real)
  }
  for (const path of ['/openapi.json', '/docs', '/metrics', '/health/detailed']) {
    await stage.call('GET', path, undefined, stage.secrets.metricsToken)
  }
}

/** Whatever a person can get wrong, with a secret in it. */
async function sendWrongInput(stage: CanaryStage): Promise<void> {
  const { password, wrongPassword, twitch, refreshToken } = stage.secrets
  const profile = { platform: 'twitch', name: 'wrong', credentials: { clientSecret: twitch } }
  const [profileId] = stage.profileIds
  const wrong: [method: string, path: string, body: unknown][] = [
    ['POST', '/api/auth/register', { email: 'new@example.org', password, role: 'admin' }],
    ['POST', '/api/auth/register', { email: 'new@example', password }],
    ['POST', '/api/auth/register', { email: stage.email, password }],
    ['POST', '/api/auth/login', { email: stage.email, password: wrongPassword }],
    ['POST', '/api/auth/login', { email: { password }, password: [wrongPassword] }],
    ['POST', '/api/auth/refresh', { refreshToken: `${refreshToken}x` }],
    ['POST', '/api/profiles', profile],
    ['POST', '/api/profiles', { ...profile, platform: twitch }],
    ['POST', '/api/profiles', { ...profile, credentials: twitch }],
    [
      'POST',
      '/api/profiles',
      { ...profile, credentials: { clientId: 'a', clientSecret: [twitch] } },
    ],
    ['POST', '/api/profiles', { ...profile, limits: { points: twitch } }],
    ['PATCH', `/api/profiles/${profileId}`, { credentials: { bearer: twitch } }],
    ['PATCH', `/api/profiles/${profileId}`, { credentials: { clientSecret: 'x'.repeat(5_000) } }],
    ['POST', '/api/sources', { profileId, handles: [twitch], watch: { secret: twitch } }],
    ['POST', '/api/profiles', `{"credentials":{"clientSecret":"${twitch}"`],
  ]
  for (const [method, path, body] of wrong) {
    const { status } = await stage.call(method, path, body)
    expect([method, path, status >= 400 && status < 500]).toEqual([method, path, true])
  }
  await stage.call('GET', '/api/auth/me', undefined, `${stage.secrets.accessToken}x`)
}

/** Tasks that fail in the queue: one that means nothing, and one whose profile cannot be opened. */
async function failTasks(stage: CanaryStage): Promise<void> {
  const { queues } = stage.app.parts
  const options = { attempts: 1, removeOnFail: false }
  await queues.add('collect', collectProfileTask.name, { profileId: 'nobody' }, options)
  const spoilt = 'update credential_profiles set wrapped_key = wrapped_key || $1'
  await stage.sql(spoilt, [randomBytes(4)])
  await nextDay(stage)
  await until('both have failed', async () => (await queues.queue('collect').getFailedCount()) > 1)
}

/** Everything that Earshot does, well and under every fault, with planted secrets. */
async function live(stage: CanaryStage): Promise<void> {
  await stage.watchEverything()
  await everyJobRan(stage)
  for (const kind of FaultRequest.shape.kind.options) {
    // A run of yesterday that met today's fault would put the profile to rest for today.
    await stage.drain()
    stage.sandbox.control.faults.add({ kind, delayMs: 900, retryAfterS: 30 })
    await nextDay(stage)
    await everyJobRan(stage)
    for (const id of stage.profileIds) {
      await stage.call('POST', `/api/profiles/${id}/verify`)
      await stage.call('POST', '/api/sources', { profileId: id, handles: ['somebody'] })
    }
    stage.sandbox.control.faults.remove()
  }
  for (const id of stage.wrongProfileIds) await stage.call('POST', `/api/profiles/${id}/verify`)
  await askForEverything(stage)
  await sendWrongInput(stage)
  await stage.failUnexpectedly()
  await failTasks(stage)
}

describe.each(queueStores())('SEC-13, SEC-19: planted secrets, queues on %s', (store) => {
  let stage: CanaryStage
  let places: Record<string, Place[]>

  beforeAll(async () => {
    stage = await openCanaryStage(store)
    await live(stage)
    places = await stage.places()
  }, 300_000)
  afterAll(() => stage?.close())

  test.each(['responses', 'log', 'database', 'redis', 'sentry'])('are not in %s', (name) => {
    expect(findCanaries(places[name] ?? [], stage.canaries)).toEqual([])
  })

  // What may be told is found in all of them, so the search is one that finds.
  test('what is no secret is there', () => {
    const names = [
      'responses',
      'log',
      'database',
      'sentry',
      ...(store === 'redis' ? ['redis'] : []),
    ]
    const found = (name: string) => findCanaries(places[name] ?? [], stage.notSecret).length > 0
    expect(names.filter((name) => !found(name))).toEqual([])
    const hidden = { name: 'any', value: randomMark() }
    const text = Buffer.from(`user:${hidden.value}`).toString('base64')
    expect(findCanaries([{ where: 'basic', text }], [hidden])).toHaveLength(1)
  })

  test('every kind of failure came to pass', async () => {
    const { rows } = await stage.sql('select distinct error_kind as kind from job_executions')
    const kinds = rows.map(({ kind }) => String(kind)).toSorted()
    expect(kinds).toEqual(
      [
        'budget_exhausted',
        'changed_shape',
        'forbidden',
        'not_found',
        'null',
        'rate_limited',
        'unauthorized',
        'unavailable',
      ].toSorted(),
    )
    const { rows: posts } = await stage.sql('select distinct platform from posts')
    expect(posts).toHaveLength(4)
    expect(places.responses?.length).toBeGreaterThan(150)
  })
})
