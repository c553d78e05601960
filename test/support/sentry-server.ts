import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

export type SentryServer = {
  dsn: string
  /** Everything that was sent here, unpacked. */
  received: string[]
  close: () => Promise<void>
}

/** A Sentry of the test's own, that takes whatever it is sent. */
export async function startSentryServer(): Promise<SentryServer> {
  const received: string[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const zipped = request.headers['content-encoding'] === 'gzip'
      received.push((zipped ? gunzipSync(body) : body).toString('utf8'))
      response.end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    dsn: `http://publickey@127.0.0.1:${port}/1`,
    received,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
