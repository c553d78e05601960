import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { until } from './until.ts'

export type StoreName = 'postgres' | 'redis'

export type TestRedis = {
  url: string
  /** FLUSHALL, or FLUSHDB where the server is not ours alone. */
  flush: () => Promise<void>
  /** Runs commands on it. */
  client: Redis
  /** kill -9 and a start without its data; null where the server is not ours. */
  crash: (() => Promise<void>) | null
  close: () => Promise<void>
}

const { REDIS_URL } = process.env
const hasBinary = spawnSync('redis-server', ['--version']).status === 0

/** Both queue stores, or PostgreSQL alone where there is no Redis to be had; said in a line then. */
export function queueStores(): StoreName[] {
  if (hasBinary || REDIS_URL) return ['postgres', 'redis']
  process.stdout.write('No redis-server and no REDIS_URL: the suites of Redis are skipped.\n')
  return ['postgres']
}

/** A Redis for one suite: a private server where the binary is there, else a free database of REDIS_URL. */
export const openTestRedis = (): Promise<TestRedis> =>
  hasBinary ? startPrivate() : borrowDatabase(REDIS_URL ?? '')

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

const quietClient = (url: string) => {
  const client = new Redis(url, { maxRetriesPerRequest: null })
  client.on('error', () => {})
  return client
}

async function startPrivate(): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-redis-'))
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  const options = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    appendonly: 'no',
    'maxmemory-policy': 'noeviction',
  }
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
  const client = quietClient(url)
  const start = async () => {
    const server = spawn('redis-server', args, { stdio: 'ignore' })
    await until('redis-server answers', async () => (await client.ping()) === 'PONG')
    return server
  }
  let server = await start()
  return {
    url,
    client,
    flush: async () => void (await client.flushall()),
    crash: async () => {
      await killed(server)
      server = await start()
    },
    close: async () => {
      client.disconnect()
      await killed(server)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function killed(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const gone = once(server, 'exit')
  server.kill('SIGKILL')
  await gone
}

/** Somebody else's server: only a database that holds nothing is taken, and emptied afterwards. */
async function borrowDatabase(address: string): Promise<TestRedis> {
  for (let number = 15; number > 0; number -= 1) {
    const url = new URL(address)
    url.pathname = `/${number}`
    const client = quietClient(url.href)
    if ((await client.dbsize().catch(() => 1)) > 0) {
      client.disconnect()
      continue
    }
    const flush = async () => void (await client.flushdb())
    const close = async () => {
      await flush()
      client.disconnect()
    }
    return { url: url.href, client, flush, crash: null, close }
  }
  throw new Error('REDIS_URL has no empty database from 1 to 15 that the tests could use')
}
