import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type AuditStage, openAuditStage } from '../support/audit-stage.ts'
import { seedSource } from '../support/seed.ts'
import { asOwner } from '../support/servers.ts'

const program = resolve('src/cli/main.ts')
let stage: AuditStage
let folder: string
let chain: string

async function run(...args: string[]) {
  const child = spawn(process.execPath, [program, 'audit', ...args], {
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'test',
      DATABASE_URL: stage.database.ownerUrl,
      DATA_DIR: folder,
      ENCRYPTION_KEYS: stage.keys.join(','),
    },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (data) => {
    out += data
  })
  child.stderr.on('data', (data) => {
    err += data
  })
  const [code] = await once(child, 'close')
  return { code, out, err }
}

beforeAll(async () => {
  stage = await openAuditStage()
  folder = await mkdtemp(join(tmpdir(), 'earshot-audit-'))
  chain = (await seedSource(stage.database.ownerUrl)).workspaceId
  // A seeded profile stands under a key that nobody has.
  await stage.attack((client) => client.query('truncate credential_profiles, master_keys cascade'))
  for (let seq = 1; seq <= 5; seq += 1) {
    await stage.record({
      action: 'secret.opened',
      workspaceId: chain,
      details: { note: '\u001b[2J' },
    })
  }
})
afterAll(async () => {
  await stage.database.close()
  await rm(folder, { recursive: true, force: true })
})

test('SEC-30: audit verify says that the log holds, seals it and is written down itself', async () => {
  const { code, out, err } = await run('verify')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(
    new RegExp(
      `^workspace ${chain}: holds, 5 rows, no seal\\n {2}ends at row 5, [0-9a-f]{64}$`,
      'm',
    ),
  )
  expect(out).toContain('The audit log holds.')
  const seals = await asOwner(stage.database.ownerUrl, (client) =>
    client.query('select seq from audit_seals where chain = $1', [chain]),
  )
  expect(seals.rows).toEqual([{ seq: '5' }])
  const [row] = await stage.ask(`select * from audit_log where action = 'audit.verified'`)
  expect(row).toMatchObject({
    outcome: 'success',
    actor_kind: 'cli',
    details: { rows: 5, broken: 0 },
  })
})

test('audit show prints a table that moves no cursor, and JSON', async () => {
  const { code, out } = await run(
    'show',
    '--workspace',
    chain,
    '--action',
    'secret',
    '--limit',
    '3',
  )
  expect(code).toBe(0)
  expect(out.trim().split('\n')).toHaveLength(4)
  expect(out).toContain('secret.opened')
  expect(out).not.toContain('\u001b')
  const json = await run('show', '--action', 'secret.opened', '--since', '2026-01-01', '--json')
  expect(
    json.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).action),
  ).toEqual(Array.from({ length: 5 }, () => 'secret.opened'))
  const refused = await run('show', '--action', 'nonsense')
  expect(refused.code).toBe(1)
  expect(refused.err).not.toMatch(/\n\s+at /)
})

test('SEC-30: audit verify names the first broken row of each chain, and ends with 1', async () => {
  const noted = await run('verify', '--json')
  expect(noted.code).toBe(0)
  await writeFile(join(folder, 'heads.json'), noted.out)
  expect((await run('verify', '--noted', 'heads.json', '--chain', chain)).code).toBe(0)
  await stage.attack((client) =>
    client.query(`update audit_log set details = '{}' where chain = $1 and seq in (3, 4)`, [chain]),
  )
  const { code, out } = await run('verify')
  expect(code).toBe(1)
  expect(out).toContain(
    `workspace ${chain}: DOES NOT HOLD, 5 rows, 1 seal\n  first: row 3 was changed: its hash is not that of what it says\n  and 1 more fault: --json tells them\n`,
  )
  expect(out).toContain('the system: holds')
  const json = JSON.parse((await run('verify', '--json', '--chain', chain)).out)
  expect(json).toMatchObject({ ok: false, chains: [{ chain, faultCount: 2 }] })
}, 60_000)

test('audit verify refuses what it cannot use in words', async () => {
  await writeFile(join(folder, 'nonsense.json'), '{"chains": 1}')
  for (const args of [
    ['--chain', 'x'],
    ['--noted', 'nonsense.json'],
    ['--noted', 'absent.json'],
  ]) {
    const { code, err } = await run('verify', ...args)
    expect(code).toBe(1)
    expect(err).toMatch(/^(--chain wants|.*\.json is not what)/)
    expect(err).not.toMatch(/\n\s+at /)
  }
})
