import { once } from 'node:events'
import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { OutgoingRefusal } from './refusal.ts'
import type { Address, Target, TargetRules } from './target.ts'

export type Wanted = {
  accept: readonly string[]
  maxBytes: number
  signal: AbortSignal
  isAllowed: TargetRules['isAllowed']
}

/** Answers with the addresses that were checked, whatever the system would say by now. */
const pinnedLookup =
  (addresses: readonly Address[]): LookupFunction =>
  (_hostname, options, callback) => {
    const [first] = addresses
    if (options.all) callback(null, [...addresses])
    else callback(null, first?.address ?? '', first?.family)
  }

/**
 * Sends one GET to one of the target's checked addresses and gives the answer's head. No pool, no
 * proxy of the environment, no cookies, no credentials.
 */
export async function ask(
  target: Target,
  { accept, signal, isAllowed }: Wanted,
): Promise<IncomingMessage> {
  const { url, addresses } = target
  const client = url.protocol === 'https:' ? https : http
  const hostname = url.hostname.replace(/^\[|\]$/g, '')
  const request = client.request({
    method: 'GET',
    protocol: url.protocol,
    hostname,
    port: url.port || undefined,
    path: `${url.pathname}${url.search}`,
    headers: { 'User-Agent': 'Earshot', Accept: accept.join(', '), 'Accept-Encoding': 'identity' },
    agent: new client.Agent({ keepAlive: false }),
    lookup: pinnedLookup(addresses),
    ...(isIP(hostname) === 0 && { servername: hostname.replace(/\.$/, '') }),
    maxHeaderSize: 16 * 1024,
    signal,
  })
  distrustPeer(request, isAllowed)
  request.end()
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  // What comes after the head is the reader's; an error nobody reads for must not end the process.
  request.on('error', () => {})
  return answer
}

/** The pin, looked at from the other side: who was connected to must be public as well. */
function distrustPeer(request: ClientRequest, isAllowed: TargetRules['isAllowed']): void {
  request.once('socket', (socket) => {
    socket.once('connect', () => {
      if (isAllowed(socket.remoteAddress ?? '')) return
      request.destroy(new OutgoingRefusal('not_public'))
    })
  })
}

/** Reads a body up to a size, and not a byte of one that says it is larger. */
export async function readBytes(answer: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(answer.headers['content-length'] ?? 0) > maxBytes)
    throw new OutgoingRefusal('too_large')
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw new OutgoingRefusal('too_large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
