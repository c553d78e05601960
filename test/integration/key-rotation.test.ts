import { randomUUID } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import {
  openSecret,
  profilePlace,
  sealSecret,
  secondFactorPlace,
} from '../../src/secrets/sealed-secret.ts'
import { type KeysStage, openKeysStage } from '../support/keys-stage.ts'
import { asOwner } from '../support/servers.ts'
import { until } from '../support/until.ts'

const seed = 'JBSWY3DPEHPK3PXP'
let stage: KeysStage
let profiles: string[]
let userId: string
let oldKey: string
let newKey: string

beforeAll(async () => {
  stage = await openKeysStage()
  const other = await stage.app.signIn()
  profiles = [
    await stage.addTwitch('one'),
    await stage.addTwitch('two'),
    await stage.addTwitch('three', other),
  ]
  userId = await stage.addSecondFactor(seed)
  oldKey = stage.app.parts.keyring.currentId
})
afterAll(() => stage?.close())

const keysOf = async () => [...new Set((await stage.rows()).map(({ keyId }) => keyId))]
const audited = (action: string) =>
  stage.ask('select * from audit_log where action = $1 order by id', [action])
const rotation = (out: string) => JSON.parse(out) as { target: string; moved: number; left: number }

/** A process that lives, as far as anybody can see. */
async function addProcess(keyIds: string[], secondsAgo = 0): Promise<string> {
  const id = randomUUID()
  await stage.ask(
    `insert into processes values ($1, 'worker', 'elsewhere', 4242, $2, now(),
       now() - make_interval(secs => $3))`,
    [id, keyIds, secondsAgo],
  )
  return id
}
const removeProcess = (id: string) => stage.ask('delete from processes where id = $1', [id])

test('SEC-17: a new key is made and all is moved to it, in both tables, while the API runs', async () => {
  const before = await stage.rows()
  const { code, out, err } = await stage.keys('rotate', '--new', '--json')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const { target, moved, left } = rotation(out)
  expect({ moved, left }).toEqual({ moved: 4, left: 0 })
  newKey = target
  expect(newKey).not.toBe(oldKey)
  expect(await keysOf()).toEqual([newKey])
  // Only the wrapping is another one: what is sealed, and when a row was changed, are as they were.
  const without = (rows: typeof before) => rows.map(({ keyId, ...row }) => row)
  expect(without(await stage.rows())).toEqual(without(before))

  expect(stage.app.parts.keyring.currentId).toBe(newKey)
  const [one = '', two = ''] = profiles
  expect(await stage.verify(one)).toBe(true)
  expect(await stage.verify(two)).toBe(true)
  const [factor] = await stage.ask('select * from second_factors where user_id = $1', [userId])
  const sealed = {
    keyId: factor?.key_id,
    wrappedKey: factor?.wrapped_key,
    sealedFields: factor?.sealed_fields,
  }
  expect(openSecret(stage.app.parts.keyring, secondFactorPlace(userId), sealed)).toEqual({ seed })

  const path = join(stage.app.parts.config.dataFolder, 'secrets.json')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  const { encryptionKeys } = JSON.parse(await readFile(path, 'utf8'))
  expect(encryptionKeys).toMatch(new RegExp(`^${newKey}:[^,]+,${oldKey}:[^,]+$`))
  expect(out).not.toContain(encryptionKeys.split(',')[0].split(':')[1])
})

test('SEC-17: a rotation is written down in the system’s chain, with what it moved', async () => {
  const [started] = await audited('key.rotation_started')
  expect(started).toMatchObject({
    chain: '0',
    actor_kind: 'cli',
    object_kind: 'key',
    object_id: newKey,
    details: { by: 'keys rotate', from: [oldKey], rows: 4 },
  })
  const [finished] = await audited('key.rotation_finished')
  expect(finished).toMatchObject({ outcome: 'success', details: { moved: 4, left: 0 } })
})

test('SEC-17: the older key is not retired while it is needed, and a rotation is turned round', async () => {
  const inUse = await stage.keys('retire', newKey)
  expect(inUse.code).toBe(1)
  expect(inUse.err).toContain(`The key '${newKey}' seals what is new: rotate to another one first.`)

  const back = await stage.keys('rotate', '--to', oldKey)
  expect({ code: back.code, err: back.err }).toEqual({ code: 0, err: '' })
  expect(back.out).toContain(`4 moved to the key '${oldKey}'; 0 left on any other.`)
  expect(await keysOf()).toEqual([oldKey])
  expect(await stage.verify(profiles[0] ?? '')).toBe(true)
})

test('SEC-17: while a living process lacks the key nothing moves, and the refusal names it', async () => {
  const lacking = await addProcess([oldKey])
  const refused = await stage.keys('rotate', '--to', newKey)
  expect(refused.code).toBe(1)
  expect(refused.err).toContain(`Not every process that runs has the key '${newKey}'.`)
  expect(refused.err).toContain('the worker on host elsewhere (pid 4242)')
  expect(refused.err).not.toMatch(/^\s+at /m)
  expect(await keysOf()).toEqual([oldKey])
  const made = await stage.addTwitch('four')
  expect((await stage.rows()).find(({ id }) => id === made)?.keyId).toBe(oldKey)

  const forced = await stage.keys('rotate', '--to', newKey, '--force')
  expect(forced.code).toBe(0)
  expect(await keysOf()).toEqual([newKey])
  await removeProcess(lacking)

  // Not seen for a minute is dead.
  const dead = await addProcess([newKey], 61)
  expect((await stage.keys('rotate', '--to', oldKey)).code).toBe(0)
  await removeProcess(dead)
}, 60_000)

test('SEC-17: credentials that somebody changes at the same moment are not lost', async () => {
  const [one = '', two = ''] = profiles
  const [{ workspace_id: workspaceId } = { workspace_id: '' }] = await stage.ask(
    'select workspace_id from credential_profiles where id = $1',
    [one],
  )
  const { keyring } = stage.app.parts
  const place = profilePlace({ workspaceId, profileId: one })
  const fields = { clientId: 'sandbox-one', clientSecret: 'sandbox-secret-of-the-other-one' }
  const fresh = sealSecret(keyring, place, fields)
  await asOwner(stage.app.ownerUrl, async (client) => {
    await client.query('set role earshot_app')
    await client.query(`select set_config('app.workspace_id', $1, false)`, [workspaceId])
    await client.query('begin')
    await client.query(
      `update credential_profiles set key_id = $2, wrapped_key = $3, sealed_fields = $4
       where id = $1`,
      [one, fresh.keyId, fresh.wrappedKey, JSON.stringify(fresh.sealedFields)],
    )
    const rotating = stage.keys('rotate', '--to', newKey)
    const keyOf = async (id: string) => (await stage.peek(id, workspaceId))?.key_id
    await until('the rotation goes past it', async () => (await keyOf(two)) === newKey)
    await client.query('commit')
    expect((await rotating).out).toContain('0 left on any other.')
  })
  const row = await stage.peek(one, workspaceId)
  expect(row?.key_id).toBe(newKey)
  const sealed = { keyId: newKey, wrappedKey: row?.wrapped_key, sealedFields: row?.sealed_fields }
  expect(openSecret(keyring, place, sealed)).toEqual(fields)
  expect((await stage.keys('rotate', '--to', oldKey)).code).toBe(0)
}, 60_000)

test('SEC-17: a row that does not open stays where it is, is named, and stops nobody else', async () => {
  const [one = '', two = ''] = profiles
  await stage.ask(
    `update credential_profiles p set wrapped_key = o.wrapped_key from credential_profiles o
     where p.id = $1 and o.id = $2`,
    [one, two],
  )
  const { code, out } = await stage.keys('rotate', '--to', newKey)
  expect(code).toBe(1)
  expect(out).toContain(`4 moved to the key '${newKey}'; 1 left on any other.`)
  expect(out).toMatch(
    new RegExp(`The profile ${one} of workspace \\d+ does not open with its key: it stays there.`),
  )
  const used = await stage.keys('retire', oldKey)
  expect(used.err).toContain(`The key '${oldKey}' still seals 1 credential profile: rotate first.`)

  const deep = await stage.keys('check', '--deep')
  expect(deep.code).toBe(1)
  expect(deep.out).toContain(`${newKey}: right, seals what is new, seals 3 credential profiles`)
  expect(deep.out).toContain('4 credential profiles and 1 second factor opened, 1 of them did not')
  expect(deep.out).toContain(`profile ${one}: `)
  expect(deep.out).not.toContain('sandbox-secret')
  const opened = await audited('secret.opened')
  const checked = opened.filter(({ details }) => details.for === 'check')
  expect(checked.map(({ object_kind, outcome }) => `${object_kind} ${outcome}`).toSorted()).toEqual(
    [
      'profile failure',
      'profile success',
      'profile success',
      'profile success',
      'second_factor success',
    ],
  )
  await stage.person.call('DELETE', `/api/profiles/${one}`)
}, 60_000)

test('SEC-17: a key that seals nothing is retired, and may be taken out', async () => {
  const retired = await stage.keys('retire', oldKey)
  expect({ code: retired.code, err: retired.err }).toEqual({ code: 0, err: '' })
  expect(retired.out).toContain(`The key '${oldKey}' seals nothing any more.`)
  const known = await stage.ask('select key_id from master_keys')
  expect(known).toEqual([{ key_id: newKey }])
  expect((await stage.keys('retire', 'nobody')).err).toContain("knows no key 'nobody'")
  expect((await stage.keys('rotate', '--to', 'nobody')).err).toContain(
    "ENCRYPTION_KEYS holds no key 'nobody': it holds",
  )
})
