import type pg from 'pg'
import { type Sandbox, startSandbox } from '../../sandbox/index.ts'
import { startWorkers, type Workers } from '../../workers/start.ts'
import { type SignedIn, startTestApp, type TestApp } from './app.ts'
import { drain, isDrained, openTenant, type Pending, pendingRows } from './drain.ts'
import { openTestRedis, type StoreName, type TestRedis } from './redis.ts'
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts'

export const platformNames = ['twitch', 'twitter', 'youtube', 'reddit'] as const
export type PlatformName = (typeof platformNames)[number]

export type SandboxFault = Parameters<Sandbox['control']['faults']['add']>[0]

export const sandboxCredentials = (platform: PlatformName, name: string): object =>
  ({
    twitch: { clientId: `sandbox-${name}`, clientSecret: `sandbox-secret-${name}` },
    twitter: { bearerToken: `sandbox-bearer-${name}` },
    youtube: { apiKey: `sandbox-key-${name}` },
    reddit: {
      clientId: `sandbox-${name}`,
      clientSecret: `sandbox-secret-${name}`,
      userAgent: `linux:earshot-test:1.0 (by /u/${name})`,
    },
  })[platform]

/** One whole Earshot with a sandbox of its own, whose clock stands still until it is moved. */
export type Stage = {
  app: TestApp
  sandbox: Sandbox
  redis: TestRedis | null
  /** Whose workspace everything stands in. */
  person: SignedIn
  /** SQL in that workspace. */
  client: pg.Client
  now: () => Date
  moveTo: (now: Date) => void
  startWorker: () => WorkerProcess
  /** The same workers in this process, on the moving clock; `stop` lets running tasks end. */
  startWorkersHere: () => Promise<{ stop: () => Promise<void> }>
  pending: () => Promise<Pending>
  isDrained: () => Promise<boolean>
  /** Waits until all that is due now has been done. */
  drain: () => Promise<void>
  /** Calls that the sandbox has answered so far. */
  calls: () => number
  close: () => Promise<void>
}

type StageOptions = {
  store: StoreName
  start: Date
  sourcesPerPlatform?: number
  variables?: Record<string, string>
}

const stopWithinMs = 5_000

export async function openStage(options: StageOptions): Promise<Stage> {
  const redis = options.store === 'redis' ? await openTestRedis() : null
  const at = { now: options.start }
  const clock = { now: () => new Date(at.now) }
  const sandbox = await startSandbox({ now: clock, epoch: options.start })
  const variables = {
    PLATFORM_URL: sandbox.url,
    FIRST_RUN_POSTS: '20',
    X_MONTHLY_DOLLARS: '100000',
    // The clock of a stage jumps by days.
    ACCESS_TOKEN_MINUTES: '10080',
    TASK_LOCK_MS: '1000',
    DISPATCH_EVERY_MS: '200',
    ...(redis && { REDIS_URL: redis.url }),
    ...options.variables,
  }
  const app = await startTestApp({ variables, clock })
  const person = await app.signIn()
  const client = await openTenant(app.ownerUrl, person.email)
  const workers: WorkerProcess[] = []
  const here: Workers[] = []
  const stage: Stage = {
    app,
    sandbox,
    redis,
    person,
    client,
    now: () => new Date(at.now),
    moveTo: (now) => {
      at.now = now
      sandbox.control.resetLimits()
    },
    startWorker: () => {
      const worker = startWorkerProcess(
        {
          ...variables,
          DATABASE_URL: app.ownerUrl,
          DATA_DIR: app.parts.config.dataFolder,
          CLOCK_AT: at.now.toISOString(),
        },
        app.parts.config.dataFolder,
      )
      workers.push(worker)
      return worker
    },
    startWorkersHere: async () => {
      const running = await startWorkers(app.parts)
      here.push(running)
      return {
        stop: async () => {
          here.splice(here.indexOf(running), 1)
          await running.stop(stopWithinMs)
        },
      }
    },
    pending: () => pendingRows(client, at.now),
    isDrained: () => isDrained(app, client, at.now),
    drain: async () => void (await drain(app, client, at.now)),
    calls: () => sandbox.control.calls.read().counters.reduce((sum, one) => sum + one.calls, 0),
    close: async () => {
      for (const worker of workers) await worker.kill()
      for (const running of here) await running.stop(stopWithinMs)
      await client.end()
      await app.close()
      await sandbox.close()
      await redis?.close()
    },
  }
  if (options.sourcesPerPlatform) await addEverything(stage, options.sourcesPerPlatform)
  return stage
}

async function addEverything({ sandbox, person }: Stage, count: number): Promise<void> {
  for (const platform of platformNames) {
    const profileId = await addProfile(person, platform, 'stage')
    const listed = await sandbox.world.sources(platform)
    const handles = listed.slice(0, count).map(({ handle }) => handle)
    const { status, body } = await person.call('POST', '/api/sources', {
      profileId,
      handles,
      watch: {},
    })
    if (status !== 200) throw new Error(`adding sources answered ${JSON.stringify(body)}`)
  }
}

/** A profile with sandbox credentials; gives its id. */
export async function addProfile(
  person: SignedIn,
  platform: PlatformName,
  name: string,
): Promise<string> {
  const credentials = sandboxCredentials(platform, name)
  const { status, body } = await person.call('POST', '/api/profiles', {
    platform,
    name,
    credentials,
  })
  if (status !== 201) throw new Error(`a profile answered ${status} ${JSON.stringify(body)}`)
  return (body as { id: string }).id
}
