import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Exchange, Sent } from './exchange.ts'

export type RecordingProxy = {
  url: string
  exchanges: Exchange[]
  close: () => Promise<void>
}

/** Headers that belong to one connection and are made anew for the next. */
const ofConnection = ['connection', 'transfer-encoding', 'content-length', 'host', 'keep-alive']

/** An answer in the platform's stead; null: the request may pass. */
export type Refuse = (sent: Sent) => { status: number; answer: unknown } | null

/** Stands before the sandbox, passes on what it does not refuse, keeps what went to and fro. */
export async function startRecordingProxy(
  target: string,
  refuse: Refuse = () => null,
): Promise<RecordingProxy> {
  const exchanges: Exchange[] = []
  const server = createServer(async (incoming, outgoing) => {
    const body = await bodyOf(incoming)
    const url = new URL(incoming.url ?? '/', target)
    const method = incoming.method ?? 'GET'
    const form = new URLSearchParams(body)
    const request = { method, url, headers: incoming.headers, form }
    const refusal = refuse(request)
    if (refusal) {
      exchanges.push({ ...request, ...refusal })
      outgoing.writeHead(refusal.status, { 'content-type': 'application/json' })
      outgoing.end(JSON.stringify(refusal.answer))
      return
    }
    const response = await fetch(url, {
      method,
      headers: headersOf(incoming),
      redirect: 'manual',
      ...(body !== '' && { body }),
    })
    const text = await response.text()
    exchanges.push({ ...request, status: response.status, answer: jsonOf(text) })
    const kept = [...response.headers].filter(([name]) => !ofConnection.includes(name))
    outgoing.writeHead(response.status, Object.fromEntries(kept)).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

const headersOf = (incoming: IncomingMessage): [string, string][] =>
  Object.entries(incoming.headers).flatMap(([name, value]): [string, string][] =>
    value === undefined || ofConnection.includes(name) ? [] : [[name, String(value)]],
  )

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
