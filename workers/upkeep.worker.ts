import { z } from 'zod'
import { rows, sql } from '../src/database/sql.ts'
import type { LiveBus } from '../src/live/bus.ts'
import { relayOutbox } from '../src/live/relay.ts'
import { defineTask } from '../src/queues/task.ts'
import { worker } from './worker.ts'

const Nothing = z.object({})
const options = { attempts: 2, removeOnComplete: 10, removeOnFail: 100 }

/** Tells the live bus what the outbox holds. */
export const relayTask = defineTask({
  queue: 'upkeep',
  name: 'relay-outbox',
  payload: Nothing,
  options,
})

/** Makes the coming months' partitions. */
export const partitionsTask = defineTask({
  queue: 'upkeep',
  name: 'ensure-partitions',
  payload: Nothing,
  options,
})

/** Takes counts of rate limits away that ended an hour ago. They run by the system's time. */
export const sweepLimitsTask = defineTask({
  queue: 'upkeep',
  name: 'sweep-rate-limits',
  payload: Nothing,
  options,
})

export const relayWorker = (bus: LiveBus) => worker(relayTask, (ctx) => relayOutbox(ctx.em, bus))

export const partitionsWorker = worker(partitionsTask, (ctx) =>
  rows(ctx.em, sql`select ensure_sample_partitions(${ctx.clock.now()}::date, 4)`),
)

export const sweepLimitsWorker = worker(sweepLimitsTask, (ctx) =>
  rows(ctx.em, sql`delete from rate_limits where expire < ${Date.now() - 3_600_000}::bigint`),
)
