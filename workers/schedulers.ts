import type { Logger } from '../src/core/logger.ts'
import type { QueueConnections } from '../src/queues/queues.ts'
import type { TaskDefinition } from '../src/queues/task.ts'

export type Scheduled = { task: TaskDefinition<unknown>; everyMs: number }

const checkEveryMs = 5_000

/**
 * Keeps the repeating tasks alive. Queues are a hint: after a FLUSHALL, a truncated schema or a lost
 * next run, the scheduler is simply put back. Every worker process does this; putting it back twice
 * is putting it back once.
 */
export function keepSchedulers(queues: QueueConnections, scheduled: Scheduled[], log: Logger) {
  const checkOne = async ({ task, everyMs }: Scheduled) => {
    const queue = queues.queue(task.queue)
    const known = await queue.getJobScheduler(task.name)
    const alive =
      known?.every === everyMs && (known.next ?? 0) > Date.now() - Math.max(everyMs, checkEveryMs)
    if (alive) return
    if (known) await queue.removeJobScheduler(task.name)
    await queue.upsertJobScheduler(
      task.name,
      { every: everyMs },
      { name: task.name, data: {}, opts: task.options as never },
    )
    log.info({ task: task.name, everyMs }, known ? 'a stuck schedule was renewed' : 'scheduled')
  }
  const checkAll = async () => {
    for (const one of scheduled) {
      await checkOne(one).catch((error: Error) =>
        log.warn({ task: one.task.name, error: error.message }, 'the queue store is away'),
      )
    }
  }
  let running = Promise.resolve()
  const check = () => {
    running = running.then(checkAll)
  }
  check()
  const timer = setInterval(check, checkEveryMs)
  return {
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}
