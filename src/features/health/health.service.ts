import type { z } from 'zod'
import type { Context } from '../../context.ts'
import { AppError } from '../../core/errors.ts'
import { buildInfo } from '../../telemetry/build-info.ts'
import type { DetailedHealth, Health, Root } from './health.schemas.ts'

type Needs = Pick<Context, 'operations' | 'clock'>

/** Milliseconds, or null where nobody answered in time. */
const orNull = <T>(work: Promise<T>): Promise<T | null> => work.catch(() => null)

async function pings({ operations }: Pick<Context, 'operations'>) {
  const [database, queue] = await Promise.all([
    orNull(operations.pingDatabase()),
    orNull(operations.pingQueues()),
  ])
  return { database, queue, whole: database !== null && queue !== null }
}

const stateOf = (answeredInMs: number | null) => (answeredInMs === null ? 'away' : 'connected')

/** What stands under this process, in a word each. */
export async function checkHealth(ctx: Needs): Promise<z.infer<typeof Health>> {
  const { database, queue, whole } = await pings(ctx)
  return {
    status: whole ? 'healthy' : 'degraded',
    timestamp: ctx.clock.now().toISOString(),
    database: stateOf(database),
    // Cache and queues share their store: Redis where there is one, else PostgreSQL.
    cache: stateOf(queue),
    queue: stateOf(queue),
  }
}

/** Throws `unavailable`, naming what is away, while requests had better go elsewhere. */
export async function checkReady(ctx: Needs): Promise<void> {
  const { database, queue } = await pings(ctx)
  const away = [
    ...(database === null ? ['the database'] : []),
    ...(queue === null ? [`the queue store (${ctx.operations.queueStore})`] : []),
  ]
  if (away.length === 0) return
  const message = `Not ready: ${away.join(' and ')} did not answer within 2 s.`
  throw new AppError('unavailable', message, { retryAfterS: 5 })
}

/** What answers at this address. Which version that is, only those learn who may read its document. */
export const describeRoot = (isDocumented: boolean): z.input<typeof Root> => ({
  name: 'Earshot',
  description: 'Listens to creators and communities on Twitch, X, YouTube and Reddit.',
  version: isDocumented ? buildInfo.version : null,
  health: '/health',
  documentation: isDocumented ? '/docs' : null,
  openapi: isDocumented ? '/openapi.json' : null,
})

type Detailed = z.infer<typeof DetailedHealth>

/** Everything an operator asks first. What cannot be read is null, and the rest is still told. */
export async function describeHealth(
  ctx: Needs & Pick<Context, 'config' | 'keyring' | 'limits'>,
): Promise<Detailed> {
  const { operations, config, keyring, limits } = ctx
  const now = ctx.clock.now()
  const { database, queue, whole } = await pings(ctx)
  const counts = database === null ? null : await orNull(operations.counts())
  return {
    status: whole ? 'healthy' : 'degraded',
    timestamp: now.toISOString(),
    ...buildInfo,
    startedAt: operations.startedAt.toISOString(),
    uptimeSeconds: Math.round(process.uptime()),
    environment: config.environment,
    database: {
      state: stateOf(database),
      answeredInMs: database,
      pool: operations.pool(),
    },
    queue: await describeQueues(operations, queue),
    monitoring: counts && {
      activeJobs: counts.activeJobs,
      lateJobs: counts.lateJobs,
      outbox: counts.outbox,
      activeUsers: counts.activeUsers,
    },
    limits: { store: limits.store, state: limits.alone() ? 'away' : 'connected' },
    mail: counts && { waiting: counts.mailsWaiting, oldestWaitsS: counts.oldestMailS },
    sentiment: {
      model: config.sentiment.model ?? 'the shipped one',
      backlog: counts?.unscoredPosts ?? null,
    },
    keyIds: keyring.ids,
  }
}

async function describeQueues(
  operations: Context['operations'],
  answeredInMs: number | null,
): Promise<Detailed['queue']> {
  const there = answeredInMs !== null
  const lastDispatchAt = there ? await orNull(operations.lastDispatchAt()) : null
  return {
    state: stateOf(answeredInMs),
    store: operations.queueStore,
    answeredInMs,
    depths: there ? await orNull(operations.queueDepths()) : null,
    lastDispatchAt: lastDispatchAt?.toISOString() ?? null,
  }
}
