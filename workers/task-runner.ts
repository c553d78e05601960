import type { Job } from 'bullmq'
import { contextOf, type Parts } from '../src/compose.ts'
import { AppError } from '../src/core/errors.ts'
import { taskOrigin } from '../src/core/origin.ts'
import { PlatformError } from '../src/platforms/platform-error.ts'
import type { ErrorReports } from '../src/telemetry/sentry.ts'
import type { AnyHandler } from './worker.ts'

/**
 * Runs one task: its payload is checked, its time and outcome counted. What a failed task leaves in
 * the queue (message, stack) is our own words: another error's text could hold anything.
 */
export const taskRunner =
  (parts: Parts, handlers: AnyHandler[], signal: AbortSignal, reports: ErrorReports) =>
  async (job: Job) => {
    const handler = handlers.find(({ task }) => task.name === job.name)
    if (!handler) throw new Error(`No worker knows the task '${job.name}'`)
    const log = parts.log.child({ task: job.name, taskId: job.id })
    const started = performance.now()
    const count = (outcome: 'success' | 'failed') =>
      parts.metrics.task({
        queue: handler.task.queue,
        name: job.name,
        outcome,
        seconds: (performance.now() - started) / 1_000,
      })
    try {
      const payload = handler.task.payload.parse(job.data)
      const ctx = contextOf(parts, signal, taskOrigin(`${handler.task.queue}/${job.name}`))
      const result = await handler.handle({ ...ctx, log }, payload as never)
      count('success')
      log.debug({ result }, 'task done')
    } catch (error) {
      count('failed')
      log.error({ err: error }, 'task failed')
      const expected = error instanceof AppError || error instanceof PlatformError
      if (!expected) reports.report(error, { task: `${handler.task.queue}/${job.name}` })
      const told = new Error(expected ? error.message : 'Unexpected error: the worker log has it')
      told.stack = ''
      throw told
    }
  }
