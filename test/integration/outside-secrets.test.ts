import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { contextOf } from '../../src/compose.ts'
import { taskOrigin } from '../../src/core/origin.ts'
import { removeDueSecrets } from '../../src/features/credentials/index.ts'
import { collectProfile } from '../../src/features/monitoring/index.ts'
import { password } from '../support/app.ts'
import { type KeysStage, openKeysStage } from '../support/keys-stage.ts'
import { type SecretsManagerFake, startSecretsManager } from '../support/secrets-manager-fake.ts'

let aws: SecretsManagerFake
let stage: KeysStage

beforeAll(async () => {
  aws = await startSecretsManager()
  stage = await openKeysStage({
    SECRET_STORE: 'aws',
    AWS_REGION: 'eu-central-1',
    AWS_SECRETS_URL: aws.url,
  })
})
afterEach(() => aws.fail(null))
afterAll(async () => {
  await stage?.close()
  await aws?.close()
})

const { env } = process
const keys = (...args: string[]) =>
  stage.keysWith(
    {
      AWS_ACCESS_KEY_ID: env.AWS_ACCESS_KEY_ID ?? '',
      AWS_SECRET_ACCESS_KEY: env.AWS_SECRET_ACCESS_KEY ?? '',
    },
    ...args,
  )
const rowOf = async (id: string) =>
  (await stage.ask('select * from credential_profiles where id = $1', [id]))[0]
const leftOver = () =>
  stage.ask('select store, ref, due_at > now() as later from secrets_to_remove')
const context = (task: string) =>
  contextOf(stage.app.parts, new AbortController().signal, taskOrigin(task))
const sweep = () => removeDueSecrets(context('upkeep/remove-secrets'))
const create = (name: string) =>
  stage.person.call('POST', '/api/profiles', {
    platform: 'twitch',
    name,
    credentials: { clientId: 'sandbox-x', clientSecret: 'sandbox-secret-of-the-tests' },
  })

describe('SEC-21: a profile whose secret lies in AWS', () => {
  test('works like any other, and its row holds nothing but where it lies', async () => {
    const id = await stage.addTwitch('outside')
    const row = await rowOf(id)
    expect(row).toMatchObject({ secret_store: 'aws', key_id: null, wrapped_key: null })
    expect(row?.sealed_fields).toEqual({})
    const [name] = [...aws.secrets.keys()]
    expect(name).toBe(`earshot/${row?.workspace_id}/${id}`)
    expect(row?.secret_ref).toMatch(new RegExp(`^${name}#[0-9a-f-]{36}$`))
    expect(await stage.verify(id)).toBe(true)
    const change = { credentials: { clientSecret: 'sandbox-secret-another-tail' } }
    const { status } = await stage.person.call('PATCH', `/api/profiles/${id}`, change)
    expect(status).toBe(200)
    expect(await stage.verify(id)).toBe(true)
    expect(await leftOver()).toEqual([])

    expect((await stage.person.call('DELETE', `/api/profiles/${id}`)).status).toBe(204)
    expect(aws.secrets.size).toBe(0)
    expect(await leftOver()).toEqual([])
  })

  test('a store that is away is told in words, and nothing is half done', async () => {
    const id = await stage.addTwitch('away')
    const before = await rowOf(id)
    aws.fail('denied')
    const made = await create('never')
    expect(made.status).toBe(503)
    expect((made.body as { detail: string }).detail).toContain("refuses Earshot's own access")
    const change = { name: 'renamed', credentials: { clientSecret: 'sandbox-secret-changed-xx' } }
    expect((await stage.person.call('PATCH', `/api/profiles/${id}`, change)).status).toBe(503)
    expect((await stage.person.call('POST', `/api/profiles/${id}/verify`)).status).toBe(503)
    expect(await rowOf(id)).toEqual(before)
    aws.fail(null)
    expect(await stage.verify(id)).toBe(true)
  })

  test('a run rests for a minute while the store is away, and asks it once', async () => {
    const id = await stage.addTwitch('resting')
    const { workspace_id: workspaceId } = (await rowOf(id)) ?? {}
    aws.fail('denied')
    const before = aws.calls.length
    const run = () => collectProfile(context('collect/collect-profile'), String(workspaceId), id)
    expect(await run()).toMatchObject({ outcome: 'idle' })
    expect(await run()).toMatchObject({ outcome: 'idle' })
    expect(aws.calls.length - before).toBe(1)
    const row = await rowOf(id)
    expect(row?.pause_reason).toContain("refuses Earshot's own access")
    expect(row?.paused_until.getTime() - Date.now()).toBeGreaterThan(50_000)
    expect(row?.state).toBe('active')
  })

  test('what no row needs is announced before it is there, and removed when its time has come', async () => {
    await stage.ask('delete from secrets_to_remove')
    const before = aws.secrets.size
    await create('taken')
    expect((await create('taken')).status).toBe(409)
    expect(aws.secrets.size).toBe(before + 2)
    expect(await leftOver()).toEqual([expect.objectContaining({ store: 'aws', later: true })])
    expect(await sweep()).toEqual({ removed: 0, kept: 0, postponed: 0 })
    await stage.ask("update secrets_to_remove set due_at = now() - interval '1 second'")
    aws.fail('broken')
    expect(await sweep()).toEqual({ removed: 0, kept: 0, postponed: 1 })
    aws.fail(null)
    await stage.ask("update secrets_to_remove set due_at = now() - interval '1 second'")
    expect(await sweep()).toEqual({ removed: 1, kept: 0, postponed: 0 })
    expect(aws.secrets.size).toBe(before + 1)
    expect(await leftOver()).toEqual([])
  })

  test('an announcement that a row has overtaken removes nothing', async () => {
    const id = await stage.addTwitch('needed')
    const row = await rowOf(id)
    const ref = String(row?.secret_ref).split('#')[0]
    await stage.ask("insert into secrets_to_remove values ('aws', $1, now())", [ref])
    expect(await sweep()).toEqual({ removed: 0, kept: 1, postponed: 0 })
    expect(await stage.verify(id)).toBe(true)
    expect(await leftOver()).toEqual([])
  })

  test('deleting an account lets go of all that its workspaces kept outside', async () => {
    const leaver = await stage.app.signIn()
    const ids = [await stage.addTwitch('one', leaver), await stage.addTwitch('two', leaver)]
    const theirs = () =>
      [...aws.secrets.keys()].filter((name) => ids.includes(name.split('/')[2] ?? ''))
    expect(theirs()).toHaveLength(2)
    const gone = await leaver.call('POST', '/api/users/me/deletion', { currentPassword: password })
    expect(gone.status).toBe(204)
    expect(await sweep()).toEqual({ removed: 2, kept: 0, postponed: 0 })
    expect(theirs()).toEqual([])
  })
})

test('SEC-21: everything moves to the database and back, one by one, and works in both places', async () => {
  const id = await stage.addTwitch('moving')
  const many = aws.secrets.size
  const home = await keys('move', '--to', 'database')
  expect({ code: home.code, err: home.err }).toEqual({ code: 0, err: '' })
  expect(home.out).toContain(`${many} moved to the store 'database', 0 were not.`)
  expect(aws.secrets.size).toBe(0)
  expect(await rowOf(id)).toMatchObject({ secret_store: 'database', secret_ref: null })
  expect(await stage.verify(id)).toBe(true)

  aws.fail('throttled', 3)
  const partly = await keys('move', '--to', 'aws')
  expect(partly.code).toBe(1)
  expect(partly.out).toContain(`${many - 1} moved to the store 'aws', 1 were not.`)
  expect(partly.out).toContain('is asked too often at the moment')
  const rest = await keys('move', '--to', 'aws')
  expect(rest.out).toContain(`1 moved to the store 'aws', 0 were not.`)
  expect(aws.secrets.size).toBe(many)
  expect(await stage.verify(id)).toBe(true)
  const moved = await stage.ask(`select details from audit_log where action = 'secret.moved'`)
  expect(moved).toHaveLength(2 * many)
  const check = await keys('check', '--deep')
  expect(check.out).toContain('opened, 0 of them did not')
}, 60_000)
