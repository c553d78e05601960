import type { Context } from '../../../context.ts'
import { enqueue, type TaskDefinition } from '../../../queues/task.ts'
import { within } from '../../../telemetry/timing.ts'

/** How long a caller waits for the queue store. */
const patienceMs = 1_000

/** Only a hint: what is to be done is a row, and the next tick finds it. */
export async function nudge(
  { queues, log }: Pick<Context, 'queues' | 'log'>,
  task: TaskDefinition<Record<string, never>>,
): Promise<void> {
  try {
    await within(patienceMs, enqueue(queues, task, {}, { deduplication: { id: task.name } }))
  } catch (error) {
    log.warn({ err: error, task: task.name }, 'the queue store is away: the next tick does it')
  }
}
