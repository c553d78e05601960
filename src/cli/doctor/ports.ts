import { createServer } from 'node:net'
import type { Config } from '../../config/config.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

type Asked = { what: string; variable: string; host: string; port: number }

/** Whether the API and the workers could listen, or already do. */
export async function checkPorts({ http, workers }: Config): Promise<Finding[]> {
  const asked: Asked[] = [
    { what: 'API port', variable: 'PORT', host: http.host, port: http.port },
    { what: 'workers port', variable: 'WORKER_PORT', host: workers.host, port: workers.statusPort },
  ]
  return Promise.all(asked.filter(({ port }) => port !== 0).map(checkPort))
}

async function checkPort(asked: Asked): Promise<Finding> {
  const { what, variable, host, port } = asked
  const place = `${host}:${port}`
  const refusal = await tryToListen(host, port)
  if (refusal === null) return ok(what, `${place} is free`)
  if (refusal !== 'EADDRINUSE') {
    const advice = `Set ${variable === 'PORT' ? 'HOST' : 'WORKER_HOST'} and ${variable}.`
    return fail(what, `${place} cannot be listened on (${refusal})`, advice)
  }
  if (await isEarshot(host, port)) return ok(what, `Earshot answers at ${place}`)
  const found = `${place} is taken by another program`
  const advice = `Stop it, or set ${variable} to a free port.`
  // The workers go on without their status port; the API does not.
  return variable === 'PORT' ? fail(what, found, advice) : warn(what, found, advice)
}

const tryToListen = (host: string, port: number): Promise<string | null> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)))
  })

async function isEarshot(host: string, port: number): Promise<boolean> {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const name = reachable.includes(':') ? `[${reachable}]` : reachable
  try {
    const answer = await fetch(`http://${name}:${port}/health/live`, {
      signal: AbortSignal.timeout(2_000),
    })
    return answer.ok && (await answer.text()).includes('alive')
  } catch {
    return false
  }
}
