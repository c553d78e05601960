import {
  createPostgresBackend,
  type Processor,
  Queue,
  type QueueOptions,
  Worker,
  type WorkerOptions,
} from 'bullmq'
import { Redis } from 'ioredis'
import type { Logger } from '../core/logger.ts'
import { queueSchema } from '../database/migrate.ts'
import { type QueueName, type Queues, queueNames } from './task.ts'

type OpenOptions = {
  /** null: BullMQ on PostgreSQL. */
  redisUrl: string | null
  appUrl: string
  role: string | null
  log: Logger
}

export type QueueConnections = Queues & {
  kind: 'redis' | 'postgres'
  queue: (name: QueueName) => Queue
  /** `options.concurrency`, `lockDuration` ... as BullMQ's own. */
  worker: (name: QueueName, process: Processor, options: Partial<WorkerOptions>) => Worker
  /** Milliseconds until the store answers; throws when it does not. */
  ping: () => Promise<number>
  close: () => Promise<void>
}

/** One set of queues on either store. Nothing falls back: a store that is away is an error. */
export async function openQueues(options: OpenOptions): Promise<QueueConnections> {
  return options.redisUrl ? onRedis(options.redisUrl, options.log) : onPostgres(options)
}

function onRedis(url: string, log: Logger): QueueConnections {
  // Adding fails at once while Redis is away (the caller's outbox is PostgreSQL); workers wait.
  const producer = new Redis(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    lazyConnect: true,
  })
  const consumer = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true })
  for (const connection of [producer, consumer]) {
    connection.on('error', (error: Error) => log.warn({ error: error.message }, 'Redis is away'))
  }
  void producer.connect().catch(() => {})
  return connections('redis', log, {
    queue: (name) => new Queue(name, { connection: producer, prefix: 'earshot' }),
    worker: (name, process, more) =>
      new Worker(name, process, { ...more, connection: consumer, prefix: 'earshot' }),
    ping: async () => void (await producer.ping()),
    close: async () => {
      producer.disconnect()
      consumer.disconnect()
    },
  })
}

function onPostgres({ appUrl, role, log }: OpenOptions): QueueConnections {
  const setting = ['-c synchronous_commit=off', ...(role ? [`-c role=${role}`] : [])].join(' ')
  const connection = {
    connectionString: appUrl,
    schema: queueSchema,
    options: setting,
    skipMigrations: true,
    max: 6,
    application_name: 'earshot-queue',
  } as unknown as QueueOptions['connection']
  const probe = queueNames[0] as QueueName
  const made: { probe?: Queue } = {}
  return connections('postgres', log, {
    queue: (name) => new Queue(name, { connection }, createPostgresBackend as never),
    worker: (name, process, more) =>
      new Worker(name, process, { ...more, connection }, createPostgresBackend as never),
    ping: async () => {
      made.probe ??= new Queue(probe, { connection }, createPostgresBackend as never)
      await made.probe.getJobCounts('waiting')
    },
    close: async () => made.probe?.close(),
  })
}

type Backend = {
  queue: (name: QueueName) => Queue
  worker: QueueConnections['worker']
  ping: () => Promise<void>
  close: () => Promise<void>
}

function connections(kind: 'redis' | 'postgres', log: Logger, backend: Backend): QueueConnections {
  const queues = new Map<QueueName, Queue>()
  const queue = (name: QueueName) => {
    const known = queues.get(name)
    if (known) return known
    const made = backend.queue(name)
    made.on('error', (error) => log.warn({ queue: name, error: error.message }, 'queue store'))
    queues.set(name, made)
    return made
  }
  return {
    kind,
    queue,
    add: async (name, task, payload, options) =>
      void (await queue(name).add(task, payload, options)),
    worker: (name, process, options) => {
      const made = backend.worker(name, process, options)
      made.on('error', (error) => log.warn({ queue: name, error: error.message }, 'queue store'))
      return made
    },
    ping: async () => {
      const started = performance.now()
      await backend.ping()
      return performance.now() - started
    },
    close: async () => {
      await Promise.all([...queues.values()].map((made) => made.close()))
      await backend.close()
    },
  }
}
