import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { startTestApp, type TestApp } from '../support/app.ts'
import { mailRows, postOffice } from '../support/mails.ts'
import { asOwner } from '../support/servers.ts'
import { headersOf, startSmtp, type TestSmtp } from '../support/smtp.ts'
import { until } from '../support/until.ts'
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.ts'

const people = Array.from({ length: 30 }, (_, n) => `person-${n}@example.org`)

let app: TestApp
let smtp: TestSmtp
let folder: string
/** How many mails the server has in its hands, and what it waits for before it says that it took one. */
const arrived = { count: 0, hold: async () => {} }
const workers: WorkerProcess[] = []

beforeAll(async () => {
  smtp = await startSmtp({
    data: async () => {
      arrived.count += 1
      await arrived.hold()
    },
  })
  app = await startTestApp()
  folder = await mkdtemp(join(tmpdir(), 'earshot-mail-'))
})
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.kill()
})
afterAll(async () => {
  await app.close()
  await smtp.close()
  await rm(folder, { recursive: true, force: true })
})

async function startWorker(): Promise<WorkerProcess> {
  const own = { DATABASE_URL: app.ownerUrl, DATA_DIR: folder, SMTP_URL: smtp.url }
  // The keys of the application that this one works for: with others it would not start.
  const { encryptionKeys: ENCRYPTION_KEYS, jwtSecret: JWT_SECRET } = app.parts.secrets
  const worker = startWorkerProcess(
    { ...own, ENCRYPTION_KEYS, JWT_SECRET, TASK_LOCK_MS: '1000' },
    folder,
  )
  workers.push(worker)
  await worker.ready()
  return worker
}

const takenBy = (to: string) => smtp.received.filter((mail) => mail.to[0] === to)

/** What somebody was sending when they were killed is due again a minute later: now. */
const letAMinutePass = () =>
  asOwner(app.ownerUrl, (client) =>
    client.query(`update mails set next_try_at = next_try_at - interval '1 minute'
      where sent_at is null`),
  )

test('workers that are killed while they send: every mail arrives, at least once', async () => {
  const clock = { now: () => new Date() }
  const office = postOffice(app, clock)
  const data = { name: null, reason: null }
  for (const to of people) await office.queue(to, 'account_disabled', data)
  for (const stopAt of [3, 11, 19]) {
    const first = await startWorker()
    arrived.hold = () =>
      arrived.count >= stopAt ? new Promise((go) => setTimeout(go, 2_000)) : Promise.resolve()
    await until(`${stopAt} mails are there`, () => arrived.count >= stopAt)
    await first.kill('SIGKILL')
    await letAMinutePass()
  }
  arrived.hold = async () => {}
  await startWorker()
  await until('all mails are sent', async () => {
    const rows = await mailRows(app.ownerUrl)
    return rows.every(({ sent_at }) => sent_at !== null)
  })
  expect(people.filter((to) => takenBy(to).length === 0)).toEqual([])
  // The few that came twice can be told by their Message-ID.
  for (const to of people) {
    const ids = takenBy(to).map(({ raw }) => headersOf(raw, 'Message-ID')[0])
    expect(new Set(ids).size).toBe(1)
  }
  expect(smtp.received.length).toBeGreaterThan(people.length - 1)
  expect(smtp.received.length).toBeLessThan(people.length + 10)
}, 180_000)
