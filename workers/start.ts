import { join } from 'node:path'
import type { Worker, WorkerOptions } from 'bullmq'
import type { Parts } from '../src/compose.ts'
import { answerRequestsTask, purgeAccessTask } from '../src/features/accounts/index.ts'
import { sealAuditTask, watchAuditTask } from '../src/features/audit/index.ts'
import { removeSecretsTask } from '../src/features/credentials/index.ts'
import { readScreenshotsTask } from '../src/features/feedback/index.ts'
import { countTagsTask, noteTrendingTask } from '../src/features/hashtags/index.ts'
import { openMailTransport, purgeMailsTask, sendMailsTask } from '../src/features/mail/index.ts'
import { dispatchDue } from '../src/features/monitoring/index.ts'
import { foldTask } from '../src/features/rollups/index.ts'
import { createSentimentEngine, resolveModel } from '../src/features/sentiment/index.ts'
import { openLiveBus } from '../src/live/bus.ts'
import { openGuardedClient } from '../src/outgoing/guarded-client.ts'
import type { QueueName } from '../src/queues/task.ts'
import { type ErrorReports, noReports } from '../src/telemetry/sentry.ts'
import { purgeAccessWorker } from './access.worker.ts'
import { accountRequestsWorker } from './account-requests.worker.ts'
import { sealAuditWorker, watchAuditWorker } from './audit.worker.ts'
import { collectWorker } from './collect.worker.ts'
import { dispatchWorker } from './dispatch.worker.ts'
import { enrichWorker } from './enrich.worker.ts'
import { countTagsWorker, noteTrendingWorker } from './hashtags.worker.ts'
import { linkMinters } from './links.ts'
import { mailWorker, purgeMailsWorker } from './mail.worker.ts'
import { rollupsWorker } from './rollups.worker.ts'
import { keepSchedulers } from './schedulers.ts'
import { screenshotsWorker } from './screenshots.worker.ts'
import { removeSecretsWorker } from './secrets.worker.ts'
import { taskRunner } from './task-runner.ts'
import {
  partitionsTask,
  partitionsWorker,
  relayTask,
  relayWorker,
  sweepLimitsTask,
  sweepLimitsWorker,
} from './upkeep.worker.ts'
import type { AnyHandler } from './worker.ts'

/** A task whose process was killed is taken over by another worker within about twice the lock. */
const recovery = (lockMs: number): Partial<WorkerOptions> => ({
  lockDuration: lockMs,
  stalledInterval: Math.max(500, lockMs / 2),
  maxStalledCount: 1_000,
})

const hourMs = 3_600_000

export type Workers = {
  modelId: string
  /** Lets running tasks end for `graceMs`, then tells them to stop at their next safe point. */
  stop: (graceMs: number) => Promise<void>
}

/** One worker a queue, the schedulers that feed them, and the model that scores texts. */
export async function startWorkers(
  parts: Parts,
  reports: ErrorReports = noReports,
): Promise<Workers> {
  const { config, log, queues } = parts
  const stopping = new AbortController()
  const model = await resolveModel({
    model: config.sentiment.model,
    folder: join(config.dataFolder, 'models'),
  })
  const engine = createSentimentEngine({
    model,
    threads: config.sentiment.threads || undefined,
    log,
  })
  const bus = openLiveBus({
    redisUrl: config.redisUrl,
    pool: parts.database.pool,
    appUrl: parts.addresses.appUrl,
    log,
  })

  const transport = openMailTransport(parts)

  const start = (queue: QueueName, concurrency: number, handlers: AnyHandler[]): Worker =>
    queues.worker(queue, taskRunner(parts, handlers, stopping.signal, reports), {
      ...recovery(config.workers.taskLockMs),
      concurrency,
    })
  const running = [
    start('dispatch', 1, [dispatchWorker]),
    start('collect', config.workers.collectConcurrency, [collectWorker]),
    start('enrich', 1, [enrichWorker(engine)]),
    start('mail', 2, [accountRequestsWorker, mailWorker(transport, linkMinters), purgeMailsWorker]),
    start('media', 1, [screenshotsWorker(openGuardedClient({ log }))]),
    start('upkeep', 1, [
      relayWorker(bus),
      partitionsWorker,
      sweepLimitsWorker,
      removeSecretsWorker,
      purgeAccessWorker,
      rollupsWorker,
      countTagsWorker,
      noteTrendingWorker,
    ]),
    start('audit', 1, [sealAuditWorker, watchAuditWorker]),
  ]
  const schedulers = keepSchedulers(
    queues,
    [
      { task: dispatchDue, everyMs: config.workers.dispatchEveryMs },
      { task: relayTask, everyMs: 1_000 },
      { task: answerRequestsTask, everyMs: 2_000 },
      { task: sendMailsTask, everyMs: 2_000 },
      { task: readScreenshotsTask, everyMs: 2_000 },
      { task: purgeMailsTask, everyMs: hourMs },
      { task: foldTask, everyMs: 5_000 },
      { task: countTagsTask, everyMs: 2_000 },
      { task: noteTrendingTask, everyMs: 60_000 },
      { task: partitionsTask, everyMs: hourMs },
      { task: sweepLimitsTask, everyMs: hourMs },
      { task: removeSecretsTask, everyMs: 60_000 },
      { task: purgeAccessTask, everyMs: hourMs },
      { task: watchAuditTask, everyMs: 60_000 },
      { task: sealAuditTask, everyMs: hourMs },
    ],
    log,
  )
  return {
    modelId: model.id,
    stop: async (graceMs) => {
      await schedulers.stop()
      const timer = setTimeout(() => stopping.abort(), graceMs)
      await Promise.all(running.map((one) => one.close()))
      clearTimeout(timer)
      transport.close()
      await engine.close()
      await bus.close()
    },
  }
}
