import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A client that writes what it likes, byte by byte. */
export type RawClient = {
  socket: Socket
  write: (text: string | Buffer) => void
  /** Everything that came until the server closed. */
  answer: () => Promise<string>
}

export async function openRawClient(url: string): Promise<RawClient> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => {})
  await once(socket, 'connect')
  const closed = once(socket, 'close')
  return {
    socket,
    write: (text) => void socket.write(text),
    answer: async () => {
      await closed
      return Buffer.concat(chunks).toString()
    },
  }
}

/** The problem document in a raw answer. */
export const problemIn = (answer: string): Record<string, unknown> =>
  JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4) || 'null')
