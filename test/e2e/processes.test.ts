import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openStage, type Stage } from '../support/stage.ts'
import { until } from '../support/until.ts'
import { startWorkerProcess } from '../support/worker-process.ts'

let stage: Stage
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-e2e-'))
  stage = await openStage({
    store: 'postgres',
    start: new Date('2026-11-20T12:00:00Z'),
    sourcesPerPlatform: 6,
  })
})
afterAll(async () => {
  await stage.close()
  await rm(folder, { recursive: true, force: true })
})

const { PATH = '' } = process.env
const variables = () => ({
  DATABASE_URL: stage.app.ownerUrl,
  DATA_DIR: stage.app.parts.config.dataFolder,
  PLATFORM_URL: stage.sandbox.url,
})

test('workers that are told to stop end what they began, and the next ones do the rest', async () => {
  stage.sandbox.control.faults.add({ kind: 'slow', delayMs: 150, retryAfterS: 1 })
  const before = stage.calls()
  const first = stage.startWorker()
  await first.ready()
  await until('the collection is on its way', () => stage.calls() > before + 3)
  await first.kill('SIGTERM')
  expect(first.log()).toContain('stopping')
  expect(first.log()).not.toContain('did not stop cleanly')

  const half = await stage.client.query(
    `select (select count(*)::int from job_executions) as ran,
       (select count(*)::int from job_executions where status <> 'success') as failed,
       (select count(*)::int from monitoring_jobs where last_success_at is null) as left`,
  )
  const jobs = (await stage.client.query('select count(*)::int as n from monitoring_jobs')).rows[0]
    .n
  expect(half.rows[0].failed).toBe(0)
  // A job has run, with all that it brought, or it has not run at all.
  expect(half.rows[0].ran + half.rows[0].left).toBe(jobs)

  stage.sandbox.control.faults.remove()
  stage.startWorker()
  await stage.drain()
  const { rows } = await stage.client.query(
    `select count(*)::int as n, count(distinct job_id)::int as jobs from job_executions
     where status = 'success'`,
  )
  expect(rows[0]).toEqual({ n: jobs, jobs })
})

test('the API answers what it has begun before it stops', async () => {
  const child = spawn(process.execPath, [resolve('src/main.ts')], {
    cwd: folder,
    env: { PATH, NODE_ENV: 'test', PORT: '0', LOG_LEVEL: 'info', ...variables() },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = once(child, 'exit')
  let written = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text
  })
  const address = () => /listens on (http:\/\/[^\s"]+)/.exec(written)?.[1]
  await until('the API listens', () => address() !== undefined)
  // Hashing at the full cost takes a fifth of a second: the signal arrives in the middle of it.
  const answer = fetch(`${address()}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'nobody@example.org', password: 'not-their-password-1' }),
  })
  const inFlight = fetch(`${address()}/health/live`)
  await inFlight
  child.kill('SIGTERM')
  expect((await answer).status).toBe(401)
  expect(await gone).toEqual([0, null])
  await expect(fetch(`${address()}/health/live`)).rejects.toThrow()
})

test('without the master key that sealed what is stored, nothing starts, and one sentence says so', async () => {
  const other = startWorkerProcess({ ...variables(), DATA_DIR: folder }, folder)
  await until('it has ended', () => other.hasEnded())
  expect(other.log()).toMatch(/ENCRYPTION_KEYS lacks the master key '[^']+'/)
  expect(other.log()).not.toMatch(/^\s+at /m)
})

test('a wrong value stops the start with a sentence that names it', async () => {
  const other = startWorkerProcess({ ...variables(), DB_POOL_MAX: 'many' }, folder)
  await until('it has ended', () => other.hasEnded())
  expect(other.log()).toContain("DB_POOL_MAX is 'many'")
  expect(other.log()).not.toMatch(/^\s+at /m)
})
