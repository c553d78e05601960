import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type pg from 'pg'
import { recordDeletion } from '../../src/audit/forget.ts'
import { freshMasterKey } from '../../src/secrets/fresh-secrets.ts'
import { type AuditStage, auditClock, auditOrigin, openAuditStage } from '../support/audit-stage.ts'
import { seedSource } from '../support/seed.ts'

let stage: AuditStage
let chain: string
const rowCount = 9
const sealedAt = 6
let columns: { name: string; type: string }[]

const tables = ['audit_log', 'audit_heads', 'audit_seals']

beforeAll(async () => {
  stage = await openAuditStage()
  chain = (await seedSource(stage.database.ownerUrl)).workspaceId
  for (let seq = 1; seq <= rowCount; seq += 1) {
    await stage.record({
      action: 'secret.opened',
      workspaceId: chain,
      object: { kind: 'profile', id: String(seq) },
      details: { reason: 'collect', note: 'naïve ☃' },
      email: 'ada@example.org',
    })
    if (seq === sealedAt) await stage.seal()
  }
  await stage.record({ action: 'login.failed', workspaceId: null, outcome: 'failure' })
  await stage.attack(async (client) => {
    for (const table of tables) await client.query(`create table saved_${table} as table ${table}`)
    for (const name of ['outcome_check', 'actor_kind_check', 'chain', 'place_unique']) {
      await client.query(`alter table audit_log drop constraint audit_log_${name}`)
    }
    await client.query('alter table audit_heads drop constraint audit_heads_chain')
    await client.query('alter table audit_log drop constraint audit_log_workspace_id_fkey')
  })
  columns = await stage.ask(
    `select column_name as name, data_type as type from information_schema.columns
      where table_schema = 'public' and table_name = 'audit_log' order by ordinal_position`,
  )
})
afterAll(() => stage.database.close())

afterEach(() =>
  stage.attack(async (client) => {
    for (const table of tables) {
      await client.query(`delete from ${table}`)
      await client.query(`insert into ${table} select * from saved_${table}`)
    }
  }),
)

/** What is said of the workspace's chain after somebody did this to the database. */
async function toldAfter(work: (client: pg.Client) => Promise<unknown>): Promise<string[]> {
  await stage.attack(work)
  const report = await stage.verify()
  const faults = report.chains.find((one) => one.chain === chain)?.faults ?? []
  expect(report.ok).toBe(false)
  return [...faults.map(({ seq, problem }) => `row ${seq} ${problem}`), ...report.faults]
}

test('SEC-30: an untouched log holds, and says where each chain ends', async () => {
  const report = await stage.verify()
  expect(report).toMatchObject({ ok: true, rows: rowCount + 1, faults: [], erasedRows: 0 })
  expect(report.chains.map(({ chain, head }) => [chain, head.seq])).toEqual([
    [chain, String(rowCount)],
    ['0', '1'],
  ])
  expect(report.chains[0]?.seals).toEqual({ checked: 1, unknownKey: 0 })
})

/** The least that can be changed in a value of each type. */
const flips: Record<string, (name: string) => string> = {
  bigint: (name) => `coalesce(${name}, 0) + 1000`,
  text: (name) =>
    `case when coalesce(${name}, '') = '' then 'x'
       else overlay(${name} placing chr(ascii(${name}) # 1) from 1 for 1) end`,
  'timestamp with time zone': (name) => `${name} + interval '1 microsecond'`,
  jsonb: (name) => `${name} || '{"note": "naive ☃"}'`,
  bytea: (name) => `set_byte(${name}, 0, get_byte(${name}, 0) # 1)`,
}

test('SEC-30: one flipped byte in any column of any row is found, and its row named', async () => {
  expect(columns.length).toBeGreaterThan(15)
  for (const { name, type } of columns) {
    for (const seq of [1, 5, rowCount]) {
      const told = await toldAfter((client) =>
        client.query(
          `update audit_log set ${name} = ${flips[type]?.(name)} where chain = $1 and seq = $2`,
          [chain, seq],
        ),
      )
      // A row that went to another chain, or to another place, is missing in its own.
      expect({ name, seq, told }).toEqual({ name, seq, told: expect.anything() })
      expect(told.join()).toMatch(new RegExp(`row ${seq} `))
      await stage.attack(async (client) => {
        await client.query('delete from audit_log')
        await client.query('insert into audit_log select * from saved_audit_log')
      })
    }
  }
}, 120_000)

const at = (seq: number) => `chain = ${chain} and seq = ${seq}`

const copyRow = (client: pg.Client, from: number, to: number) =>
  client.query(
    `insert into audit_log (chain, workspace_id, seq, at, action, outcome, actor_kind, personal, salt,
       personal_digest, previous_hash, hash)
     select chain, workspace_id, ${to}, at, action, outcome, actor_kind, personal, salt,
       personal_digest, previous_hash, hash from audit_log where ${at(from)}`,
  )

/** The whole chain anew from this row on, consistent in itself, as one who knows the recipe writes it. */
const rewrite = async (client: pg.Client, from: number) => {
  await client.query(
    'create temp table kept as select * from audit_log where chain = $1 and seq >= $2',
    [chain, from],
  )
  await client.query('delete from audit_log where chain = $1 and seq >= $2', [chain, from])
  await client.query('delete from audit_heads where chain = $1', [chain])
  await client.query(
    `insert into audit_heads select chain, workspace_id, seq, hash from audit_log
      where chain = $1 and seq = $2 - 1`,
    [chain, from],
  )
  await client.query('grant select on kept to earshot_system')
  await client.query('set role earshot_system')
  await client.query(
    `select append_audit(chain, at, 'profile.updated', outcome, actor_kind, actor_id, object_kind,
       object_id, request_id, details, personal, salt) from kept order by seq`,
  )
}

describe('SEC-30: an attacker who owns the database is found out who', () => {
  test.each<[deed: string, told: RegExp, work: (client: pg.Client) => Promise<unknown>]>([
    [
      'takes a row out of the middle',
      /^row 5 is missing$/m,
      (client) => client.query(`delete from audit_log where ${at(5)}`),
    ],
    [
      'takes the first row',
      /^row 1 is missing$/m,
      (client) => client.query(`delete from audit_log where ${at(1)}`),
    ],
    [
      'takes the last row',
      /^row 9 is missing: the head says that the chain goes on to 9$/m,
      (client) => client.query(`delete from audit_log where ${at(9)}`),
    ],
    [
      'takes the last rows and mends the head',
      /row 6 is gone, and the seal of .* says/,
      async (client) => {
        await client.query(`delete from audit_log where chain = ${chain} and seq > 5`)
        await client.query(`update audit_heads h set seq = 5, hash = l.hash from audit_log l
        where l.chain = ${chain} and l.seq = 5 and h.chain = ${chain}`)
      },
    ],
    [
      'swaps two rows',
      /^row 3 was changed/m,
      async (client) => {
        await client.query(`update audit_log set seq = -1 where ${at(3)}`)
        await client.query(`update audit_log set seq = 3 where ${at(4)}`)
        await client.query(`update audit_log set seq = 4 where ${at(-1)}`)
      },
    ],
    [
      'puts a row in a place that is taken',
      /^row 10 comes a second time \(row 9\)$/m,
      (client) => copyRow(client, 9, 9),
    ],
    [
      'appends a row of their own and mends the head',
      /^row 10 was changed/m,
      async (client) => {
        await copyRow(client, 9, 10)
        await client.query(
          `update audit_log set action = 'login.succeeded', hash = sha256('guess'), previous_hash =
             (select hash from audit_log where ${at(9)}) where ${at(10)}`,
        )
        await client.query(
          `update audit_heads set seq = 10, hash = sha256('guess') where chain = ${chain}`,
        )
      },
    ],
    [
      'rewrites the whole chain with its head',
      /^row 6 is not the one under the seal of/m,
      (client) => rewrite(client, 1),
    ],
    [
      'rewrites from the middle on',
      /^row 6 is not the one under the seal of/m,
      (client) => rewrite(client, 4),
    ],
    [
      'takes the head',
      /^row 9 is the last, and the head that should say so is gone$/m,
      (client) => client.query(`delete from audit_heads where chain = ${chain}`),
    ],
    [
      'takes the whole chain with its head',
      /is gone, and no deletion of that workspace is written/,
      async (client) => {
        await client.query(`delete from audit_log where chain = ${chain}`)
        await client.query(`delete from audit_heads where chain = ${chain}`)
      },
    ],
    [
      'makes a seal',
      /^row 6 has a seal that no master key of ours made$/m,
      (client) => client.query(`update audit_seals set mac = sha256('guess')`),
    ],
    [
      'moves a seal to another row',
      /has a seal that no master key of ours made$/m,
      (client) =>
        client.query(
          `update audit_seals s set seq = 4, hash = l.hash from audit_log l where l.chain = s.chain and l.seq = 4`,
        ),
    ],
    [
      'forgets who it was, though nobody was deleted',
      /^Chain \d+, row 5 lost whose it was, and no account 7 was deleted$/m,
      (client) => client.query(`update audit_log set personal = null, salt = null where ${at(5)}`),
    ],
    [
      'puts a zeroth row in front',
      /row 1 comes a second time \(row 0\)/,
      (client) => copyRow(client, 9, 0),
    ],
  ])('%s', async (_deed, told, work) => {
    expect((await toldAfter(work)).join('\n')).toMatch(told)
  })
})

test('SEC-30: heads that were noted elsewhere show what no seal saw', async () => {
  const noted = await stage.verify()
  await stage.attack(async (client) => {
    await rewrite(client, 8)
  })
  expect((await stage.verify()).ok).toBe(true)
  const { chains } = await stage.verify({ noted })
  expect(chains[0]?.faults).toEqual([
    { seq: '9', problem: 'is not the one under the head that was noted' },
  ])
})

test('SEC-30: what does not hold is not sealed', async () => {
  await stage.attack((client) => client.query(`update audit_log set action = 'x' where ${at(8)}`))
  const { broken } = await stage.seal()
  expect(broken).toEqual([
    { chain, fault: { seq: '8', problem: 'was changed: its hash is not that of what it says' } },
  ])
})

test('SEC-30: a seal of a master key that is gone is said, and the next one stands under the new key', async () => {
  const [old = ''] = stage.keys
  stage.keys.splice(0, 1, freshMasterKey(new Date('2027-01-01T00:00:00Z')))
  try {
    expect(await stage.verify()).toMatchObject({ ok: true, sealsUnknownKey: 1 })
    expect(await stage.seal()).toMatchObject({ sealed: 2, broken: [] })
    expect(await stage.seal()).toMatchObject({ sealed: 0, unchanged: 2 })
    expect((await stage.verify()).chains[0]?.seals).toEqual({ checked: 1, unknownKey: 1 })
  } finally {
    stage.keys.splice(0, 1, old)
  }
})

test('SEC-30: a person is forgotten and the log still holds; more than that is found', async () => {
  await stage.record(
    { action: 'login.failed', workspaceId: null, email: 'bob@example.org' },
    { origin: { kind: 'anonymous', userId: null } },
  )
  const em = stage.fork()
  await em.transactional((tx) =>
    recordDeletion(
      { em: tx as never, clock: auditClock, origin: auditOrigin },
      { userId: '7', email: 'bob@example.org' },
    ),
  )
  const report = await stage.verify()
  expect(report).toMatchObject({ ok: true, faults: [], erasedRows: rowCount + 2 })
  const [deletion] = await stage.ask(`select * from audit_log where action = 'account.deleted'`)
  expect(deletion).toMatchObject({ details: { forgotten: rowCount + 2 }, personal: { ip: null } })
  await stage.attack((client) =>
    client.query(
      `update audit_log set personal = null, salt = null where action = 'account.deleted'`,
    ),
  )
  expect((await stage.verify()).faults).toEqual([
    '1 more rows were forgotten than the deletions of accounts say',
  ])
})

test('SEC-30: a workspace that was deleted is known by the word that the system kept', async () => {
  await stage.attack(async (client) => {
    await client.query(`delete from audit_log where chain = ${chain}`)
    await client.query(`delete from audit_heads where chain = ${chain}`)
  })
  await stage.record({
    action: 'workspace.deleted',
    workspaceId: null,
    details: { workspaceId: chain, auditSeq: String(rowCount), auditHash: null },
  })
  expect(await stage.verify()).toMatchObject({ ok: true, deletedWorkspaces: 1 })
})
