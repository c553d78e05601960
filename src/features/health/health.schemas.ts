import { z } from 'zod'

const State = z.enum(['connected', 'away'])

export const Health = z
  .object({
    status: z.enum(['healthy', 'degraded']),
    timestamp: z.iso.datetime(),
    database: State,
    cache: State.meta({ description: 'Redis where it is configured, else PostgreSQL' }),
    queue: State.meta({ description: 'Redis where it is configured, else PostgreSQL' }),
  })
  .meta({ id: 'Health' })

export const Root = z
  .object({
    name: z.literal('Earshot'),
    description: z.string(),
    version: z.string().nullable().describe('Null where the documentation is not public either'),
    health: z.string(),
    documentation: z.string().nullable(),
    openapi: z.string().nullable(),
  })
  .meta({ id: 'Root', description: 'Addresses are paths of this server' })

export const Alive = z.object({ status: z.literal('alive') })
export const Ready = z.object({ status: z.literal('ready') })

const count = z.number().int()

export const DetailedHealth = z
  .object({
    status: z.enum(['healthy', 'degraded']),
    timestamp: z.iso.datetime(),
    version: z.string(),
    node: z.string(),
    startedAt: z.iso.datetime(),
    uptimeSeconds: z.number(),
    environment: z.string(),
    database: z.object({
      state: State,
      answeredInMs: z.number().nullable(),
      pool: z.object({ open: count, idle: count, waiting: count, most: count }),
    }),
    queue: z.object({
      state: State,
      store: z.enum(['redis', 'postgres']),
      answeredInMs: z.number().nullable(),
      depths: z
        .record(
          z.string(),
          z.object({ waiting: count, active: count, delayed: count, failed: count }),
        )
        .nullable()
        .meta({ description: 'null: the store is away' }),
      lastDispatchAt: z.iso.datetime().nullable(),
    }),
    monitoring: z
      .object({ activeJobs: count, lateJobs: count, outbox: count, activeUsers: count })
      .nullable(),
    limits: z.object({
      store: z.enum(['redis', 'postgres']),
      state: State.meta({ description: 'away: each process counts by itself' }),
    }),
    mail: z.object({ waiting: count, oldestWaitsS: count }).nullable().meta({
      description:
        'Mails that are still to be sent: many, or old ones, and the mail server is away',
    }),
    sentiment: z.object({ model: z.string(), backlog: count.nullable() }),
    keyIds: z.array(z.string()).meta({ description: 'Of the master keys, newest first' }),
  })
  .meta({ id: 'DetailedHealth' })
