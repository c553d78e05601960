import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Held = {
  /** Settles when a call stands at the gate. */
  reached: Promise<void>
  release: () => void
}

export type Gate = {
  url: string
  /** Where calls go to. */
  target: string
  /** The next call whose path and query fit is kept waiting until it is released. */
  hold: (path: RegExp) => Held
  close: () => Promise<void>
}

/** A door in front of the sandbox that can be shut: a run is stopped in its middle, however slow the machine. */
export async function openGate(): Promise<Gate> {
  const waiting: { path: RegExp; reach: () => void; released: Promise<void> }[] = []
  const server = createServer((incoming, outgoing) => {
    const forward = () => {
      const { method, headers, url = '' } = incoming
      const onward = request(`${gate.target}${url}`, { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      })
      onward.on('error', () => outgoing.destroy())
      incoming.pipe(onward)
    }
    const at = waiting.findIndex(({ path }) => path.test(incoming.url ?? ''))
    const [held] = at < 0 ? [] : waiting.splice(at, 1)
    held?.reach()
    if (held) held.released.then(forward, forward)
    else forward()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const gate: Gate = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target: '',
    hold: (path) => {
      const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
      const { promise: released, resolve: release } = Promise.withResolvers<void>()
      waiting.push({ path, reach, released })
      return { reached, release }
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
  return gate
}
