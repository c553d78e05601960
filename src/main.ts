import { compose } from './compose.ts'
import { loadConfig } from './config/config.ts'
import { authenticate } from './features/accounts/index.ts'
import { createApp } from './http/app.ts'
import { listen } from './http/server.ts'
import { serveProcess } from './process.ts'
import { routes } from './routes.ts'
import { openErrorReports } from './telemetry/sentry.ts'
import { openWarming } from './warming.ts'

/** The API's entry point: it takes requests and hands what takes long to the workers. */
await serveProcess('api', async (log) => {
  const config = loadConfig()
  const parts = await compose(config, { name: 'api', log })
  const reports = await openErrorReports({
    dsn: config.sentryDsn,
    environment: config.environment,
    secrets: [parts.secrets.jwtSecret, parts.secrets.encryptionKeys, config.http.metricsToken],
  })
  const app = createApp(parts, routes, authenticate(parts), reports)
  const server = await listen(app, config.http)
  const warming = openWarming(parts)
  if (config.analytics.warming) warming.start()
  log.info(
    { database: config.database.url ? 'given' : 'embedded', queue: parts.queues.kind },
    `Earshot's API listens on ${server.url} (documentation: ${server.url}/docs)`,
  )
  return async () => {
    const warmed = warming.stop()
    await server.close()
    await warmed
    await reports.close()
    await parts.close()
  }
})
