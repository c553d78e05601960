import type { JobsOptions } from 'bullmq'
import type { z } from 'zod'

export const queueNames = [
  'dispatch',
  'collect',
  'enrich',
  'upkeep',
  'mail',
  'media',
  'audit',
] as const
export type QueueName = (typeof queueNames)[number]

export type TaskDefinition<Payload> = {
  queue: QueueName
  name: string
  payload: z.ZodType<Payload>
  options: JobsOptions
}
export const defineTask = <Payload>(definition: TaskDefinition<Payload>) => definition

/** Puts tasks into queues. A task that gets lost must not matter: PostgreSQL knows what is due. */
export type Queues = {
  add: (queue: QueueName, name: string, payload: unknown, options: JobsOptions) => Promise<void>
}

export const enqueue = <Payload>(
  queues: Queues,
  task: TaskDefinition<Payload>,
  payload: Payload,
  options: JobsOptions = {},
): Promise<void> =>
  queues.add(task.queue, task.name, task.payload.parse(payload), { ...task.options, ...options })
