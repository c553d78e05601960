import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ConfigError } from '../config/config.ts'
import { answerBrokenRequests } from './broken-request.ts'
import { mostHeaders } from './proportions.ts'

export type RunningServer = {
  /** Where it can be reached from this machine. */
  url: string
  /** Takes no more, lets what runs finish, then cuts what is left. */
  close: () => Promise<void>
}

const graceMs = 25_000

/** How long a client may take to say what it wants: its headers, and all of it. */
export type Patience = { headersMs: number; requestMs: number; checkEveryMs: number }

const patienceOf: Patience = { headersMs: 20_000, requestMs: 120_000, checkEveryMs: 5_000 }

/** Listens with limits on how long a client may take, and on how much it may say before its body. */
export async function listen(
  app: RequestListener,
  { host, port }: { host: string; port: number },
  { headersMs, requestMs, checkEveryMs }: Patience = patienceOf,
): Promise<RunningServer> {
  const server = createServer(
    {
      // Longer than a load balancer's 60 s, so that it never writes into a connection we close.
      keepAliveTimeout: 65_000,
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: checkEveryMs,
      maxHeaderSize: 16 * 1024,
      // It is asked for by ourselves, in words.
      requireHostHeader: false,
    },
    app,
  )
  server.maxHeadersCount = mostHeaders
  answerBrokenRequests(server)
  await started(server, host, port)
  const { port: actualPort } = server.address() as AddressInfo
  return { url: `http://${reachable(host)}:${actualPort}`, close: () => closeGently(server) }
}

const reachable = (host: string) => {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

const sentences: Record<string, (host: string, port: number) => string> = {
  EADDRINUSE: (host, port) => `Port ${port} of ${host} is taken: set PORT to a free one.`,
  EACCES: (_host, port) => `Port ${port} may not be opened by this user: set PORT above 1023.`,
  EADDRNOTAVAIL: (host) => `${host} is not an address of this machine: set HOST.`,
  ENOTFOUND: (host) => `${host} is not an address of this machine: set HOST.`,
}

function started(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const say = sentences[error.code ?? '']
      reject(say ? new ConfigError(say(host, port), { cause: error }) : error)
    })
    server.listen(port, host, resolve)
  })
}

async function closeGently(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // A connection becomes idle only when its last answer is out, so it is asked again and again.
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  const late = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearInterval(idle)
  clearTimeout(late)
}
