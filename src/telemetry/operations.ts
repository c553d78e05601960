import type { EntityManager } from '@mikro-orm/postgresql'
import type { Clock } from '../core/clock.ts'
import type { Database } from '../database/database.ts'
import type { QueueConnections } from '../queues/queues.ts'
import { type QueueName, queueNames } from '../queues/task.ts'
import {
  type OperationsCounts,
  type PlatformEngagement,
  readCounts,
  readEngagement,
  readTableSizes,
  type TableSize,
} from './operations.queries.ts'
import { remembered, together, within } from './timing.ts'

export type QueueDepth = { waiting: number; active: number; delayed: number; failed: number }
export type PoolUse = { open: number; idle: number; waiting: number; most: number }

/** What an operator may ask of this process and the stores under it. */
export type Operations = {
  startedAt: Date
  queueStore: 'redis' | 'postgres'
  /** Milliseconds until the database answers; throws when it does not within 2 s. */
  pingDatabase: () => Promise<number>
  /** The same for the store of the queues. */
  pingQueues: () => Promise<number>
  pool: () => PoolUse
  queueDepths: () => Promise<Record<QueueName, QueueDepth>>
  /** When the dispatcher last went round; null: not that the queue remembers. */
  lastDispatchAt: () => Promise<Date | null>
  counts: () => Promise<OperationsCounts>
  /** Read at most once a minute. */
  tableSizes: () => Promise<TableSize[]>
  /** Likewise. */
  engagement: () => Promise<PlatformEngagement[]>
}

/** A store that is away may keep its clients waiting for ever: an operator is told after this. */
const patienceMs = 2_000

export function openOperations(
  { orm, pool }: Database,
  queues: QueueConnections,
  clock: Clock,
): Operations {
  const em = () => orm.em.fork() as EntityManager
  return {
    startedAt: clock.now(),
    queueStore: queues.kind,
    // /health is open to all and under no limit: a flood of it is one question at a time.
    pingDatabase: together(async () => {
      const started = performance.now()
      await within(patienceMs, pool.query('select 1'))
      return performance.now() - started
    }),
    pingQueues: together(() => within(patienceMs, queues.ping())),
    pool: () => ({
      open: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
      most: pool.options.max ?? 0,
    }),
    queueDepths: remembered(1_000, () => within(patienceMs, depthsOf(queues))),
    lastDispatchAt: async () => {
      const completed = queues.queue('dispatch').getJobs(['completed'], 0, 0, false)
      const [last] = await within(patienceMs, completed)
      return last?.finishedOn ? new Date(last.finishedOn) : null
    },
    counts: remembered(1_000, () => within(patienceMs, readCounts(em(), clock.now()))),
    tableSizes: remembered(60_000, () => within(patienceMs, readTableSizes(em()))),
    engagement: remembered(60_000, () => within(patienceMs, readEngagement(em(), clock.now()))),
  }
}

async function depthsOf(queues: QueueConnections): Promise<Record<QueueName, QueueDepth>> {
  const depths = await Promise.all(
    queueNames.map(async (name) => {
      const { waiting, active, delayed, failed } = await queues
        .queue(name)
        .getJobCounts('waiting', 'active', 'delayed', 'failed')
      return [name, countsOf({ waiting, active, delayed, failed })] as const
    }),
  )
  return Object.fromEntries(depths) as Record<QueueName, QueueDepth>
}

const countsOf = (given: { [Key in keyof QueueDepth]: number | undefined }): QueueDepth => ({
  waiting: given.waiting ?? 0,
  active: given.active ?? 0,
  delayed: given.delayed ?? 0,
  failed: given.failed ?? 0,
})
