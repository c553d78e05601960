import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type AuditEvent, recordAudit } from '../../src/audit/audit.ts'
import { type Origin, taskOrigin } from '../../src/core/origin.ts'
import { sealAudit, watchAudit } from '../../src/features/audit/index.ts'
import { type AuditStage, openAuditStage } from '../support/audit-stage.ts'
import { asOwner } from '../support/servers.ts'

const start = Date.UTC(2026, 10, 21, 9)
let nowMs: number
let stage: AuditStage

const clock = { now: () => new Date(nowMs) }
const after = (seconds: number) => {
  nowMs += seconds * 1_000
}
const anonymous: Origin = {
  kind: 'anonymous',
  userId: null,
  name: null,
  requestId: null,
  ip: null,
  userAgent: null,
}
const record = (event: Omit<AuditEvent, 'workspaceId'>, origin: Partial<Origin> = {}) =>
  recordAudit(
    { em: stage.fork(), clock, origin: { ...anonymous, ...origin } },
    { workspaceId: null, ...event },
  )
const watch = () => watchAudit({ ...stage.needs(), clock, origin: taskOrigin('audit/watch-audit') })

const told = () =>
  stage.ask(`select * from audit_log where action = 'suspicious.pattern' order by id`)
const mails = () =>
  asOwner(stage.database.ownerUrl, async (client) => {
    const { rows } = await client.query('select recipient, template, data from mails order by id')
    return rows
  })

/** An attack that no single address gives away. */
const attack = async () => {
  for (let i = 0; i < 12; i += 1) {
    await record(
      { action: 'login.failed', outcome: 'denied', object: { kind: 'user', id: '7' } },
      { ip: `192.0.2.${i % 6}` },
    )
  }
}

beforeEach(async () => {
  nowMs = start
  stage = await openAuditStage()
  await asOwner(stage.database.ownerUrl, (client) =>
    client.query(`insert into users (email, password_hash, role, is_active, is_verified, created_at, updated_at)
      values ('root@example.org', 'x', 'admin', true, true, now(), now()),
        ('gone@example.org', 'x', 'admin', false, true, now(), now()),
        ('ada@example.org', 'x', 'user', true, true, now(), now())`),
  )
  await watch()
})
afterEach(() => stage.database.close())

test('SEC-30: a pattern is written down once, and every active administrator is told of it', async () => {
  await attack()
  after(60)
  expect(await watch()).toEqual({ incidents: 1, told: 0 })
  after(60)
  expect(await watch()).toEqual({ incidents: 0, told: 1 })
  after(60)
  expect(await watch()).toEqual({ incidents: 0, told: 0 })
  const [row, ...more] = await told()
  expect(more).toEqual([])
  expect(row).toMatchObject({
    chain: '0',
    actor_kind: 'task',
    object_kind: 'user',
    object_id: '7',
    details: { rule: 'many_addresses_one_account', failures: 12, addresses: 6 },
  })
  expect(await mails()).toEqual([
    {
      recipient: 'root@example.org',
      template: 'security_alert',
      data: expect.objectContaining({
        patterns: [
          'one account is tried from many addresses (account 7, 12 failures, 6 addresses)',
        ],
        more: 0,
      }),
    },
  ])
})

test('one that goes on is said again after an hour', async () => {
  for (let minute = 0; minute < 70; minute += 10) {
    await attack()
    after(600)
    await watch()
  }
  expect(await told()).toHaveLength(2)
})

test('several that look at once say it once', async () => {
  await attack()
  after(60)
  const looks = await Promise.all([watch(), watch(), watch()])
  expect(looks.reduce((sum, { incidents }) => sum + incidents, 0)).toBe(1)
  expect(await told()).toHaveLength(1)
})

test('what happened while no worker ran is found when one runs again', async () => {
  after(300)
  await attack()
  after(5 * 3_600)
  expect(await watch()).toMatchObject({ incidents: 1 })
})

test('what is no pattern is not said', async () => {
  await record({ action: 'login.failed', outcome: 'denied' }, { ip: '192.0.2.1' })
  after(60)
  expect(await watch()).toEqual({ incidents: 0, told: 0 })
})

test('administrators are told of what was noticed at the moment itself, too', async () => {
  await record({
    action: 'suspicious.pattern',
    details: { pattern: 'one address fails at many accounts', accounts: 20 },
  })
  after(60)
  expect(await watch()).toEqual({ incidents: 0, told: 1 })
  const [mail] = await mails()
  expect(mail.data.patterns).toEqual(['one address fails at many accounts (20 accounts)'])
})

test('SEC-30: the hourly seal finds a broken chain, says so, and does not seal it', async () => {
  await record({ action: 'account.updated' })
  const seal = () => sealAudit({ ...stage.needs(), clock, origin: taskOrigin('audit/seal-audit') })
  expect(await seal()).toEqual({ sealed: 1, unchanged: 0, broken: 0 })
  await record({ action: 'account.updated' })
  await stage.attack((client) => client.query(`update audit_log set action = 'x' where seq = 2`))
  expect(await seal()).toEqual({ sealed: 0, unchanged: 0, broken: 1 })
  after(60)
  await watch()
  const [mail] = await mails()
  expect(mail.data.patterns).toEqual(['the audit log of the system does not hold'])
})
