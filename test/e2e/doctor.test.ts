import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { Finding } from '../../src/cli/doctor/finding.ts'
import { readInfo } from '../../src/cli/doctor/queue.ts'
import { checkJwtSecret } from '../../src/cli/doctor/secrets.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { seedSource } from '../support/seed.ts'
import { asOwner, onDatabase } from '../support/servers.ts'

const program = resolve('src/cli/main.ts')
const { PATH = '' } = process.env
const nobody = 'http://127.0.0.1:1'

// Each test starts processes, up to six of them: on a busy machine that takes its time.
jest.setTimeout(120_000)

let folder: string
let database: TestDatabase
let taken: Server
let takenPort: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-doctor-'))
  database = await createTestDatabase()
  taken = createServer((socket) => socket.end('I am somebody else')).listen(0, '127.0.0.1')
  await once(taken, 'listening')
  takenPort = String((taken.address() as { port: number }).port)
})
afterAll(async () => {
  taken.close()
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

type Ran = { code: number; stdout: string; stderr: string }

/** The command in a folder of its own: the checkout's .env stays out of it. */
async function earshot(args: string[], variables: Record<string, string> = {}): Promise<Ran> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: { PATH, PORT: '0', WORKER_PORT: '0', DATA_DIR: join(folder, 'data'), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (text) => {
    stdout += text
  })
  child.stderr.on('data', (text) => {
    stderr += text
  })
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}

async function doctor(variables: Record<string, string> = {}) {
  const { code, stdout, stderr } = await earshot(['doctor', '--json'], variables)
  expect(stderr).toBe('')
  const { healthy, findings } = JSON.parse(stdout) as { healthy: boolean; findings: Finding[] }
  expect(healthy).toBe(code === 0)
  const about = (what: string) => findings.find((finding) => finding.what === what)
  return { code, findings, about, stdout }
}

test('a bare machine is well, and is left as it was', async () => {
  const { code, findings } = await doctor()
  expect(findings.filter(({ level }) => level !== 'ok')).toEqual([])
  expect(code).toBe(0)
  expect(await readdir(folder)).toEqual([])
})

test('a migrated database is well', async () => {
  const { code, about } = await doctor({ DATABASE_URL: database.ownerUrl })
  expect(code).toBe(0)
  expect(about('database')?.found).toMatch(/^PostgreSQL \d+/)
  expect(about('schema')).toMatchObject({ level: 'ok', found: 'up to date' })
  expect(about('clock')?.level).toBe('ok')
  expect(about('application role')?.found).toContain('earshot_app')
  expect(about('tenants apart')?.found).toMatch(/forced on \d+ tables/)
  expect(about('queue store')?.found).toContain('earshot_queue')
})

test('a wrong configuration is told in its own sentence, before anything else', async () => {
  const { code, findings } = await doctor({ PORT: 'eighty', DATABASE_URL: 'mysql://o:hunter2@x/y' })
  expect(code).toBe(1)
  expect(findings.map(({ what }) => what)).toEqual(['Node', 'configuration'])
  expect(findings[1]?.found).toContain("PORT is 'eighty'")
  expect(JSON.stringify(findings)).not.toContain('hunter2')
})

test('what is away, taken or missing: each is found, with what to do', async () => {
  const { code, about, stdout } = await doctor({
    DATABASE_URL: 'postgres://earshot:hunter2@127.0.0.1:1/earshot',
    REDIS_URL: 'redis://:hunter2@127.0.0.1:1',
    PLATFORM_URL: nobody,
    SENTIMENT_MODEL: 'nobody/fetched-this',
    PORT: takenPort,
  })
  expect(code).toBe(1)
  for (const what of ['database', 'queue store', 'platforms', 'sentiment model', 'API port']) {
    expect(about(what)).toMatchObject({ what, level: 'fail', advice: expect.any(String) })
  }
  expect(about('database')?.found).toContain('nothing answers there')
  expect(about('API port')?.found).toContain('taken by another program')
  expect(stdout).not.toContain('hunter2')
})

test('credentials that no key opens', async () => {
  const own = await createTestDatabase()
  try {
    await seedSource(own.ownerUrl)
    const keys = `k1:${Buffer.alloc(32, 1).toString('base64')}`
    const { code, about } = await doctor({
      DATABASE_URL: own.ownerUrl,
      JWT_SECRET: 'a-secret-that-a-person-made-up-once',
      ENCRYPTION_KEYS: keys,
    })
    expect(code).toBe(1)
    expect(about('stored credentials')?.found).toContain("lacks the master key 'seed'")
    expect(about('JWT secret')?.level).toBe('warn')
    const proofs = await asOwner(own.ownerUrl, (client) =>
      client.query(`select from master_keys where key_id = 'k1'`),
    )
    expect(proofs.rowCount).toBe(0)
  } finally {
    await own.close()
  }
})

test('a database that would let tenants see each other', async () => {
  const own = await createTestDatabase()
  try {
    await asOwner(own.ownerUrl, (client) =>
      client.query('alter table posts no force row level security'),
    )
    const { code, about } = await doctor({
      DATABASE_URL: own.ownerUrl,
      DATABASE_APP_URL: own.ownerUrl,
    })
    expect(code).toBe(1)
    expect(about('application role')).toMatchObject({ level: 'fail' })
    expect(about('tenants apart')?.found).toBe('not enforced on posts')
  } finally {
    await own.close()
  }
})

test('a database that was never migrated, and `migrate`', async () => {
  const name = `earshot_doctor_${process.pid}`
  const url = onDatabase(database.ownerUrl, name)
  await asOwner(database.ownerUrl, (client) => client.query(`create database ${name}`))
  try {
    const { code, about } = await doctor({ DATABASE_URL: url })
    expect(about('schema')).toMatchObject({ level: 'warn' })
    expect(code).toBe(0)
    const first = await earshot(['migrate'], { DATABASE_URL: url })
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toContain('migrated: migration-20261120-core')
    const second = await earshot(['migrate'], { DATABASE_URL: url })
    expect(second).toMatchObject({ code: 0, stdout: 'The database is up to date.\n' })
  } finally {
    await asOwner(database.ownerUrl, (client) =>
      client.query(`drop database if exists ${name} with (force)`),
    )
  }
})

test('the table says what to do, and counts; .env is read, and is private', async () => {
  const env = join(folder, '.env')
  await writeFile(env, `PLATFORM_URL=${nobody}\n`, { mode: 0o644 })
  try {
    const { code, stdout } = await earshot(['doctor'])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^fail {2}platforms +nothing answers at http:\/\/127\.0\.0\.1:1$/m)
    expect(stdout).toMatch(/^ +-> Start it with `npm run sandbox`/m)
    expect(stdout).toMatch(/^warn {2}privacy .*\n +-> chmod 600 \.env$/m)
    expect(stdout.trimEnd()).toMatch(/1 to mend, 1 to think about\.$/)
  } finally {
    await rm(env)
  }
})

test('the other commands: help, version, and a sentence for what is wrong', async () => {
  expect((await earshot(['--help'])).stdout).toContain('doctor')
  expect((await earshot(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  const unknown = await earshot(['listen'])
  expect(unknown.code).toBe(1)
  expect(unknown.stderr).toContain("unknown command 'listen'")
  const wrong = await earshot(['migrate'], { PORT: 'eighty' })
  expect(wrong.code).toBe(1)
  expect(wrong.stderr).toContain("PORT is 'eighty'")
  expect(wrong.stderr).not.toContain('    at ')
  expect((await earshot(['model', 'show'])).stdout).toContain('sentiment-mini@')
  const missing = await earshot(['model', 'show'], { SENTIMENT_MODEL: 'nobody/fetched-this' })
  expect(missing.code).toBe(1)
  expect(missing.stderr).toContain('is not on this machine')
})

test.each([
  [['redis_version:7.0.15', 'maxmemory_policy:noeviction', 'aof_enabled:1'], 'ok,ok,ok'],
  [['redis_version:7.0.15', 'maxmemory_policy:allkeys-lru', 'aof_enabled:0'], 'ok,fail,warn'],
  [['redis_version:5.0.14', 'maxmemory_policy:noeviction', 'aof_enabled:1'], 'fail,ok,ok'],
  [['nothing'], 'fail,fail,warn'],
])('Redis that says %j: %s', (lines, levels) => {
  const findings = readInfo(lines.join('\r\n'))
  expect(findings.map(({ level }) => level).join()).toBe(levels)
})

test.each([
  ['x'.repeat(40), 'warn'],
  ['my-very-long-SECRET-for-earshot-42-and-more', 'warn'],
  ['F2zQ9bVn0kLxT5rYw8eHsD3mUcJ6pAoGiK1vXtNf', 'ok'],
])('a JWT secret like %s: %s', (secret, level) => {
  expect(checkJwtSecret(secret).level).toBe(level)
})
