import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createLogger } from '../../src/core/logger.ts'
import { openDatabase } from '../../src/database/database.ts'
import { migrate } from '../../src/database/migrate.ts'
import { entities } from '../../src/entities.ts'

const log = createLogger({ level: 'silent', name: 'test' })
/** What a client that wants TLS says first, before any name or password. */
const sslRequest = '0000000804d2162f'

/** A server that has no TLS and notes what it is told. */
async function openPlainServer() {
  const heard: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      heard.push(bytes.toString('hex'))
      socket.write('N')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { heard, port, close: () => void server.close() }
}

async function askDatabase(url: string): Promise<void> {
  const options = { url, role: null, entities, poolMax: 2, slowQueryMs: 1_000, log }
  const database = await openDatabase(options)
  try {
    await database.pool.query('select 1')
  } finally {
    await database.close()
  }
}

const entryways: [string, (url: string) => Promise<unknown>][] = [
  ['the pool’s connections', askDatabase],
  ['the migrations', (url) => migrate({ ownerUrl: url, entities, migrations: [], log })],
]

test.each(entryways)(
  'U08: %s tell neither name nor password to a database that has no TLS',
  async (_name, ask) => {
    const server = await openPlainServer()
    const url = `postgres://ada:canary@127.0.0.1:${server.port}/earshot?sslmode=verify-full`
    const message = await ask(url).then(
      () => 'answered',
      (error: Error) => error.message,
    )
    server.close()
    expect(message).toMatch(/SSL/)
    expect(new Set(server.heard)).toEqual(new Set([sslRequest]))
  },
)
