import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Request = {
  method: string
  url: URL
  headers: IncomingMessage['headers']
  body: string
}
/**
 * A fault instead of an answer: `hang` never answers, `reset` cuts, `cut` stops in the body, `endless`
 * never stops.
 */
export type Reply =
  | {
      status?: number
      headers?: { [name: string]: string }
      json?: unknown
      text?: string | Buffer
    }
  | 'hang'
  | 'reset'
  | 'cut'
  | 'endless'

export type ScriptedServer = {
  url: string
  requests: Request[]
  /** Bytes that endless answers have handed to the system. */
  poured: number
  /** Paths asked for since the last look, in their order. */
  takePaths: () => string[]
  reply: (request: Request) => Reply
  close: () => Promise<void>
}

/** A platform of the test's own making on 127.0.0.1: for answers that the sandbox never gives. */
export async function scriptedServer(reply: ScriptedServer['reply']): Promise<ScriptedServer> {
  const script: ScriptedServer = {
    url: '',
    requests: [],
    poured: 0,
    takePaths: () => script.requests.splice(0).map((request) => request.url.pathname),
    reply,
    close: () => closed,
  }
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const request: Request = {
        method: incoming.method ?? 'GET',
        url: new URL(incoming.url ?? '/', script.url),
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      }
      script.requests.push(request)
      const reply = script.reply(request)
      if (reply === 'endless') pour(response, script)
      else answer(response, reply)
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  script.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const closed = new Promise<void>((done) => server.once('close', done))
  script.close = async () => {
    server.closeAllConnections()
    server.close()
    await closed
  }
  return script
}

/** A text that begins like an answer and goes on as long as anybody reads. */
function pour(response: ServerResponse, script: ScriptedServer): void {
  const chunk = Buffer.alloc(64 * 1024, 'x')
  const more = () => {
    while (!response.destroyed) {
      script.poured += chunk.length
      if (!response.write(chunk)) return
    }
  }
  response.writeHead(200, { 'content-type': 'application/json' })
  response.write('{"data":"')
  response.on('drain', more)
  more()
}

function answer(response: ServerResponse, reply: Exclude<Reply, 'endless'>): void {
  if (reply === 'hang') return
  if (reply === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  if (reply === 'cut') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '999' })
    response.write('{"data":[{"id":"1')
    setImmediate(() => response.socket?.destroy())
    return
  }
  const { status = 200, headers = {}, json, text = JSON.stringify(json ?? {}) } = reply
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(text)
}
