import { compose } from '../src/compose.ts'
import { loadConfig } from '../src/config/config.ts'
import { serveProcess } from '../src/process.ts'
import { openErrorReports } from '../src/telemetry/sentry.ts'
import { startWorkers } from './start.ts'
import { serveWorkerStatus } from './status.ts'

/** How long running tasks may go on after SIGTERM; then they stop at their next safe point. */
const graceMs = 20_000

/** The workers' entry point: everything that happens in the background happens here. */
await serveProcess('worker', async (log) => {
  const config = loadConfig()
  const parts = await compose(config, { name: 'worker', log })
  const reports = await openErrorReports({
    dsn: config.sentryDsn,
    environment: config.environment,
    secrets: [parts.secrets.jwtSecret, parts.secrets.encryptionKeys],
  })
  const workers = await startWorkers(parts, reports)
  const status = await serveWorkerStatus(parts)
  log.info({ queue: parts.queues.kind, model: workers.modelId }, 'workers are ready')
  return async () => {
    await status.close()
    await workers.stop(graceMs)
    await reports.close()
    await parts.close()
  }
})
