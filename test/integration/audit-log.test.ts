import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { EntityManager } from '@mikro-orm/postgresql'
import type pg from 'pg'
import { type AuditEvent, recordAudit } from '../../src/audit/audit.ts'
import { fixedClock } from '../../src/core/clock.ts'
import type { Origin } from '../../src/core/origin.ts'
import type { Database } from '../../src/database/database.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { seedSource } from '../support/seed.ts'
import { asOwner } from '../support/servers.ts'

let database: TestDatabase
let app: Database
let workspaceId: string

beforeAll(async () => {
  database = await createTestDatabase()
  app = await database.open()
  workspaceId = (await seedSource(database.ownerUrl)).workspaceId
})
afterAll(() => database.close())

const clock = fixedClock(new Date('2026-11-21T09:00:00.123Z'))
const origin: Origin = {
  kind: 'user',
  userId: '7',
  name: null,
  requestId: 'request-1',
  ip: '192.0.2.7',
  userAgent: 'Browser/1',
}
const fork = () => app.orm.em.fork() as EntityManager
const record = (event: AuditEvent, em = fork()) => recordAudit({ em, clock, origin }, event)
const ask = <Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []) =>
  asOwner(database.ownerUrl, async (client) => {
    await client.query('set role earshot_system')
    return (await client.query<Row>(sql, values)).rows
  })

test('SEC-30: a row says who did what to what, from where, in which request, and how it went', async () => {
  await record({
    action: 'login.failed',
    workspaceId: null,
    outcome: 'failure',
    object: { kind: 'user', id: '9' },
    details: { reason: 'password' },
    email: 'ada@example.org',
  })
  const [row] = await ask('select * from audit_log where chain = 0')
  expect(row).toMatchObject({
    seq: '1',
    workspace_id: null,
    at: clock.now(),
    action: 'login.failed',
    outcome: 'failure',
    actor_kind: 'user',
    actor_id: '7',
    object_kind: 'user',
    object_id: '9',
    request_id: 'request-1',
    details: { reason: 'password' },
    personal: { ip: '192.0.2.7', userAgent: 'Browser/1', email: 'ada@example.org' },
  })
})

test('SEC-30: a row of work that was rolled back is none', async () => {
  const before = await ask('select seq from audit_heads where chain = 0')
  const failing = fork().transactional(async (em) => {
    await record({ action: 'account.updated', workspaceId: null }, em as EntityManager)
    throw new Error('rolled back')
  })
  await expect(failing).rejects.toThrow('rolled back')
  expect(await ask('select seq from audit_heads where chain = 0')).toEqual(before)
})

test('SEC-30: fifty at once on one chain stand in one gapless line', async () => {
  await Promise.all(
    Array.from({ length: 50 }, () => record({ action: 'secret.opened', workspaceId })),
  )
  const rows = await ask<{ seq: string; linked: boolean; rising: boolean }>(
    `select seq, previous_hash = lag(hash) over w as linked, id > lag(id) over w as rising
     from audit_log where chain = $1 window w as (order by seq)`,
    [workspaceId],
  )
  expect(rows.map(({ seq }) => Number(seq))).toEqual(rows.map((_, index) => index + 1))
  expect(rows).toHaveLength(50)
  expect(rows.slice(1).every(({ linked, rising }) => linked && rising)).toBe(true)
})

test.each([
  `update audit_log set action = 'login.succeeded'`,
  `update audit_log set personal = '{}'`,
  'update audit_log set personal = null, salt = null, seq = seq + 100',
  'delete from audit_log',
  'truncate audit_log',
  'truncate workspaces cascade',
])('SEC-30: not even the owner may, by mistake, %s', async (statement) => {
  const attempt = asOwner(database.ownerUrl, async (client) => {
    await client.query('begin')
    // An owner that is no superuser sees no row to change: it is let see them all.
    await client.query('alter table audit_log no force row level security')
    await client.query(statement)
  })
  await expect(attempt).rejects.toThrow('audit_log is append-only')
})

test('what is forgotten is gone, and nothing else', async () => {
  await record({ action: 'login.failed', workspaceId: null, email: 'eve@example.org' })
  const [before] = await ask(
    `select * from audit_log where personal ->> 'email' = 'eve@example.org'`,
  )
  await ask(`select forget_in_audit(-1, 'eve@example.org')`)
  const [after] = await ask('select * from audit_log where id = $1', [before?.id])
  expect(after).toEqual({ ...before, personal: null, salt: null })
})

test("a workspace takes its rows with it, and leaves the others'", async () => {
  const other = (await seedSource(database.ownerUrl)).workspaceId
  await record({ action: 'workspace.created', workspaceId: other })
  await asOwner(database.ownerUrl, (client) =>
    client.query('delete from workspaces where id = $1', [other]),
  )
  expect(await ask('select from audit_log where chain = $1', [other])).toEqual([])
  expect(await ask('select from audit_heads where chain = $1', [other])).toEqual([])
  expect(await ask('select from audit_log where chain = $1', [workspaceId])).toHaveLength(50)
})
