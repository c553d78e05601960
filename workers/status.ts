import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Parts } from '../src/compose.ts'

/**
 * The workers' own /health/live and /metrics on WORKER_PORT, for a supervisor and a scraper on the
 * same network. 0 turns it off; a port that is taken is said, and the work goes on.
 */
export async function serveWorkerStatus({ config, metrics, log }: Parts) {
  const { host, statusPort } = config.workers
  if (statusPort === 0) return { close: async () => {} }
  const server = createServer(async (request, response) => {
    if (request.url === '/health/live') response.end('{"status":"alive"}')
    else if (request.url === '/metrics') {
      response.setHeader('content-type', metrics.registry.contentType)
      response.end(await metrics.registry.metrics())
    } else response.writeHead(404).end()
  })
  server.on('error', (error) => log.warn({ error: error.message, statusPort }, 'no status port'))
  await new Promise<void>((resolve) => {
    server.once('error', () => resolve())
    server.listen(statusPort, host, () => {
      log.info({ port: (server.address() as AddressInfo).port }, 'worker status')
      resolve()
    })
  })
  return { close: () => new Promise<void>((resolve) => server.close(() => resolve())) }
}
