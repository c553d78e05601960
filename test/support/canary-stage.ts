import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { z } from 'zod'
import { type Sandbox, startSandbox } from '../../sandbox/index.ts'
import { authenticate } from '../../src/features/accounts/index.ts'
import { createApp } from '../../src/http/app.ts'
import { openApiDocument } from '../../src/http/openapi.ts'
import { route } from '../../src/http/route.ts'
import { listen } from '../../src/http/server.ts'
import { routes } from '../../src/routes.ts'
import { openErrorReports } from '../../src/telemetry/sentry.ts'
import { startWorkers } from '../../workers/start.ts'
import { openTestAccount, startTestApp, type TestApp } from './app.ts'
import { type Canary, type Place, randomMark } from './canaries.ts'
import { mailPlaces, useAccountSecrets } from './canary-account.ts'
import { drain, openTenant } from './drain.ts'
import { dumpDatabase, dumpRedis } from './dumps.ts'
import { recordLog } from './log-lines.ts'
import { openTestRedis, type StoreName } from './redis.ts'
import { startSentryServer } from './sentry-server.ts'

type Query = (text: string, values?: unknown[]) => Promise<pg.QueryResult>
type Secrets = ReturnType<typeof plantSecrets> & { accessToken: string; refreshToken: string }

/** One whole Earshot whose every secret is a canary, and everything that it ever said. */
export type CanaryStage = {
  app: TestApp
  sandbox: Sandbox
  email: string
  secrets: Secrets
  profileIds: string[]
  /** Profiles whose credentials the platforms refuse. */
  wrongProfileIds: string[]
  canaries: Canary[]
  /** Texts that may be told: each of the places holds one of them. */
  notSecret: Canary[]
  getPaths: string[]
  now: () => Date
  moveTo: (now: Date) => void
  sql: Query
  /** Waits until all that is due now has been done. */
  drain: () => Promise<void>
  call: (method: string, path: string, body?: unknown, token?: string) => Promise<Reply>
  /** Access tokens end after a day. */
  signInAgain: () => Promise<void>
  watchEverything: () => Promise<void>
  /** A second factor, an API token, links in mails. Nobody signs in by the password alone then. */
  useAccountSecrets: () => Promise<void>
  /** A bug of ours, which is what Sentry is told of. */
  failUnexpectedly: () => Promise<void>
  places: () => Promise<Record<string, Place[]>>
  close: () => Promise<void>
}
type Reply = { status: number; body: Record<string, unknown> }

const email = 'canary@example.org'
const sourcesEach = 3

function plantSecrets() {
  const masterKey = randomBytes(32)
  return {
    password: `Pass-1-${randomMark()}`,
    wrongPassword: `Pass-2-${randomMark()}`,
    jwtSecret: randomMark() + randomMark(),
    metricsToken: randomMark(),
    masterKey: masterKey.toString('base64'),
    masterKeyHex: masterKey.toString('hex'),
    twitch: `sandbox-secret-${randomMark()}`,
    twitter: `sandbox-bearer-${randomMark()}`,
    youtube: `sandbox-key-${randomMark()}`,
    reddit: `sandbox-secret-${randomMark()}`,
    refused: `refused-${randomMark()}`,
  }
}

/** The sandbox writes the client's id into its app tokens, as hex. */
const clientId = `sandbox-${randomMark()}`
const appToken: Canary = { name: 'app token', value: Buffer.from(clientId).toString('hex') }

/** Fields that are shown again as they are. */
const openFields = ['clientId', 'userAgent']

const credentialsOf = (secrets: Omit<Secrets, 'accessToken' | 'refreshToken'>) => ({
  twitch: { clientId, clientSecret: secrets.twitch },
  twitter: { bearerToken: secrets.twitter },
  youtube: { apiKey: secrets.youtube },
  reddit: { clientId, clientSecret: secrets.reddit, userAgent: 'test:earshot:1.0 (by /u/canary)' },
})

export async function openCanaryStage(store: StoreName): Promise<CanaryStage> {
  await using opened = new AsyncDisposableStack()
  const planted = plantSecrets()
  const redis = store === 'redis' ? await openTestRedis() : null
  opened.defer(async () => redis?.close())
  // At noon: at some hours of the night no channel of the world is live.
  const at = { now: new Date(new Date().setUTCHours(12, 0, 0, 0)) }
  const clock = { now: () => new Date(at.now) }
  const sandbox = await startSandbox({ now: clock, epoch: at.now })
  opened.defer(sandbox.close)
  const recorded = recordLog()
  const app = await startTestApp({
    log: recorded.log,
    clock,
    variables: {
      PLATFORM_URL: sandbox.url,
      PLATFORM_TIMEOUT_MS: '500',
      FIRST_RUN_POSTS: '10',
      X_MONTHLY_DOLLARS: '100000',
      DISPATCH_EVERY_MS: '200',
      JWT_SECRET: planted.jwtSecret,
      METRICS_TOKEN: planted.metricsToken,
      ENCRYPTION_KEYS: `canary:${planted.masterKey}`,
      ...(redis && { REDIS_URL: redis.url }),
    },
  })
  opened.defer(app.close)
  const sentry = await startSentryServer()
  opened.defer(sentry.close)
  const responses: Place[] = []
  const { url, failUnexpectedly, close } = await serveWithReports(app, sentry.dsn, planted)
  opened.defer(close)
  await openTestAccount(app.parts, { email, password: planted.password })
  const signedIn = await signIn(url, planted.password)
  const client = await openTenant(app.ownerUrl, email)
  opened.defer(() => client.end())
  const secrets = { ...planted, ...signedIn }
  const canaries = Object.entries(secrets).map(([name, value]) => ({ name, value: bare(value) }))
  canaries.push(appToken)
  const workers = await startWorkers(app.parts)
  opened.defer(() => workers.stop(5_000))

  const call: CanaryStage['call'] = async (method, path, body, token = secrets.accessToken) => {
    const reply = await send(`${url}${path}`, method, body, token)
    responses.push({ where: `${method} ${path} -> ${reply.status}`, text: reply.text })
    return reply
  }
  const held = opened.move()
  const stage: CanaryStage = {
    app,
    sandbox,
    email,
    secrets,
    profileIds: [],
    wrongProfileIds: [],
    canaries,
    notSecret: [
      { name: 'a path', value: '/api/profiles' },
      { name: 'a profile', value: 'told to all' },
      { name: 'a task', value: 'relay-outbox' },
      { name: 'a route', value: '/fail' },
    ],
    getPaths: Object.entries(openApiDocument(routes).paths ?? {}).flatMap(([path, item]) =>
      item.get ? [path] : [],
    ),
    now: clock.now,
    moveTo: (now) => {
      at.now = now
      sandbox.control.resetLimits()
    },
    sql: (text, values = []) => client.query(text, values),
    drain: async () => void (await drain(app, client, at.now)),
    call,
    signInAgain: async () => {
      Object.assign(secrets, await signIn(url, planted.password))
      const { accessToken, refreshToken } = secrets
      canaries.push({ name: 'accessToken', value: accessToken })
      canaries.push({ name: 'refreshToken', value: refreshToken })
    },
    watchEverything: () => watchEverything(stage),
    useAccountSecrets: () =>
      useAccountSecrets(stage, async (method, path, body) => {
        const told = await send(`${url}${path}`, method, body, secrets.accessToken)
        if (told.status >= 300) throw new Error(`${method} ${path} answered ${told.status}`)
        return told.body
      }),
    failUnexpectedly: () => failUnexpectedly(secrets),
    places: async () => ({
      responses,
      log: recorded.lines.map((text) => ({ where: 'a log line', text })),
      database: await dumpDatabase(app.ownerUrl),
      redis: redis ? await dumpRedis(redis.client) : [],
      mails: await mailPlaces(stage),
      sentry: sentry.received.map((text) => ({ where: 'an event', text })),
    }),
    close: () => held.disposeAsync(),
  }
  return stage
}

/** Only the random part is looked for: "sandbox-secret-" is no secret, nor are the last 4 letters. */
const bare = (secret: string) => /[0-9a-f]{32}$/.exec(secret)?.[0] ?? secret

/** The same API once more, with error reports and a route that has a bug. */
async function serveWithReports(
  app: TestApp,
  dsn: string,
  planted: ReturnType<typeof plantSecrets>,
) {
  const { jwtSecret, masterKey, metricsToken } = planted
  const reports = await openErrorReports({
    dsn,
    environment: 'test',
    secrets: [jwtSecret, masterKey, metricsToken],
  })
  const fail = route({
    method: 'post',
    path: '/fail',
    tag: 'Test',
    summary: 'A bug',
    access: 'user',
    body: z.strictObject({ password: z.string() }),
    status: 200,
    response: z.null(),
    handler: async () => {
      throw new TypeError('a bug of ours')
    },
  })
  const served = createApp(app.parts, [...routes, fail], authenticate(app.parts), reports)
  const server = await listen(served, { host: '127.0.0.1', port: 0 })
  return {
    url: server.url,
    failUnexpectedly: async ({ accessToken, password }: Secrets) => {
      const { status } = await send(`${server.url}/fail`, 'POST', { password }, accessToken)
      if (status !== 500) throw new Error(`a bug answered ${status}`)
      await reports.close()
    },
    close: server.close,
  }
}

async function signIn(url: string, password: string) {
  const { body } = await send(`${url}/api/auth/login`, 'POST', { email, password })
  // The first refresh token is used up: both are secrets, the second one is looked for.
  const { refreshToken } = body
  const renewed = await send(`${url}/api/auth/refresh`, 'POST', { refreshToken })
  return z.object({ accessToken: z.string(), refreshToken: z.string() }).parse(renewed.body)
}

/** A text is sent as it is, anything else as JSON. */
async function send(url: string, method: string, body?: unknown, token?: string) {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') && text.startsWith('{')
  return {
    status: response.status,
    body: (isJson && !url.includes('ndjson') ? JSON.parse(text) : {}) as Record<string, unknown>,
    text: `${JSON.stringify([...response.headers])}\n${text}`,
  }
}

async function watchEverything(stage: CanaryStage): Promise<void> {
  const addProfile = async (platform: string, name: string, credentials: object) => {
    const { status, body } = await stage.call('POST', '/api/profiles', {
      platform,
      name,
      credentials,
    })
    if (status !== 201) throw new Error(`a profile answered ${status} ${JSON.stringify(body)}`)
    return String(body.id)
  }
  for (const [platform, credentials] of Object.entries(credentialsOf(stage.secrets))) {
    const profileId = await addProfile(platform, 'told to all', credentials)
    stage.profileIds.push(profileId)
    const listed = await stage.sandbox.world.sources(platform as 'twitch')
    const handles = listed.slice(0, sourcesEach).map(({ handle }) => handle)
    const added = await stage.call('POST', '/api/sources', { profileId, handles, watch: {} })
    if (added.status !== 200) throw new Error(`adding sources answered ${added.status}`)
    const wrong = Object.fromEntries(
      Object.entries(credentials).map(([name, value]) => [
        name,
        openFields.includes(name) ? value : stage.secrets.refused,
      ]),
    )
    stage.wrongProfileIds.push(await addProfile(platform, 'refused', wrong))
  }
}
