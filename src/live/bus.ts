import { Redis } from 'ioredis'
import pg from 'pg'
import { z } from 'zod'
import type { Logger } from '../core/logger.ts'

const channel = 'earshot_live'

export const LiveMessage = z.object({
  id: z.string(),
  workspaceId: z.string(),
  topic: z.string(),
  payload: z.record(z.string(), z.unknown()),
})
export type LiveMessage = z.infer<typeof LiveMessage>

/** Tells every process what happened. A hint: who misses a message asks PostgreSQL. */
export type LiveBus = {
  publish: (messages: LiveMessage[]) => Promise<void>
  subscribe: (listener: (message: LiveMessage) => void) => Promise<void>
  close: () => Promise<void>
}

type BusOptions = { redisUrl: string | null; pool: pg.Pool; appUrl: string; log: Logger }

export const openLiveBus = (options: BusOptions): LiveBus =>
  options.redisUrl ? onRedis(options.redisUrl, options.log) : onPostgres(options)

const reader = (listener: (message: LiveMessage) => void, log: Logger) => (text: string) => {
  const parsed = LiveMessage.safeParse(JSON.parse(text))
  if (parsed.success) listener(parsed.data)
  else log.warn('a live message of an unknown shape was dropped')
}

function onRedis(url: string, log: Logger): LiveBus {
  const publisher = new Redis(url, { maxRetriesPerRequest: 1, lazyConnect: true })
  const subscriber = new Redis(url, { lazyConnect: true })
  for (const client of [publisher, subscriber]) {
    client.on('error', (error: Error) => log.warn({ error: error.message }, 'live bus'))
  }
  return {
    publish: async (messages) => {
      const pipeline = publisher.pipeline()
      for (const message of messages) pipeline.publish(channel, JSON.stringify(message))
      await pipeline.exec()
    },
    subscribe: async (listener) => {
      const read = reader(listener, log)
      subscriber.on('message', (_channel, text) => read(text))
      await subscriber.subscribe(channel)
    },
    close: async () => {
      publisher.disconnect()
      subscriber.disconnect()
    },
  }
}

function onPostgres({ pool, appUrl, log }: BusOptions): LiveBus {
  const listening: { client?: pg.Client } = {}
  return {
    publish: async (messages) => {
      const texts = messages.map((message) => JSON.stringify(message))
      await pool.query('select pg_notify($1, text) from unnest($2::text[]) text', [channel, texts])
    },
    subscribe: async (listener) => {
      const client = new pg.Client({ connectionString: appUrl, application_name: 'earshot-live' })
      client.on('error', (error) => log.warn({ error: error.message }, 'live bus'))
      const read = reader(listener, log)
      client.on('notification', ({ payload }) => read(payload ?? ''))
      await client.connect()
      await client.query(`listen ${channel}`)
      listening.client = client
    },
    close: async () => listening.client?.end(),
  }
}
