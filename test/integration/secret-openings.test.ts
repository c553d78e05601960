import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startWorkers } from '../../workers/start.ts'
import { type KeysStage, openKeysStage } from '../support/keys-stage.ts'
import { until } from '../support/until.ts'

let stage: KeysStage
let id: string
beforeAll(async () => {
  stage = await openKeysStage({ DISPATCH_EVERY_MS: '200', FIRST_RUN_POSTS: '5' })
  id = await stage.addTwitch('audited')
})
afterAll(() => stage?.close())

type Row = {
  id: string
  action: string
  outcome: string
  actor_kind: string
  object_id: string
  details: { for?: string; keyId?: string; by?: string } & Record<string, unknown>
}
const rowsSince = (after: string, noun: string) =>
  stage.ask<Row>(
    `select * from audit_log where id > $1 and action like $2 and object_kind = 'profile'
     order by id`,
    [after, `${noun}.%`],
  )
const last = async () =>
  String((await stage.ask(`select coalesce(max(id), 0) as id from audit_log`))[0]?.id)
const openedSince = async (after: string) =>
  (await rowsSince(after, 'secret')).map(({ details, outcome }) => `${details.for} ${outcome}`)

const ofRuns = async (after: string) =>
  (await rowsSince(after, 'secret')).filter(({ details }) => details.for === 'collect')

const patch = (body: object) => stage.person.call('PATCH', `/api/profiles/${id}`, body)

test('SEC-20: each opening leaves one row: who, which profile, for what, under which key', async () => {
  const before = await last()
  expect(await stage.verify(id)).toBe(true)
  const [row] = await rowsSince(before, 'secret')
  expect(row).toMatchObject({
    action: 'secret.opened',
    outcome: 'success',
    actor_kind: 'user',
    object_id: id,
    details: { platform: 'twitch', for: 'verify', keyId: stage.app.parts.keyring.currentId },
  })
  // What does not need the secret opens nothing.
  const quiet = await last()
  await patch({ name: 'renamed' })
  await patch({ credentials: { clientSecret: '' } })
  await stage.person.call('GET', `/api/profiles/${id}`)
  await stage.person.call('GET', `/api/profiles/${id}/budget`)
  await stage.person.call('POST', `/api/profiles/${id}/enable`)
  expect(await openedSince(quiet)).toEqual([])
  await patch({ credentials: { clientSecret: 'sandbox-secret-audited-again' } })
  expect(await openedSince(quiet)).toEqual(['update success'])
})

test('SEC-20: a worker’s run opens once, in its own name', async () => {
  const before = await last()
  const workers = await startWorkers(stage.app.parts)
  try {
    const [source] = await stage.sandbox.world.sources('twitch')
    const input = { profileId: id, handles: [source?.handle], watch: {} }
    const { status } = await stage.person.call('POST', '/api/sources', input)
    expect(status).toBe(200)
    expect(await openedSince(before)).toContain('resolve success')
    await until('it has collected', async () => (await ofRuns(before)).length > 0)
  } finally {
    await workers.stop(5_000)
  }
  const [row] = await ofRuns(before)
  expect(row).toMatchObject({
    actor_kind: 'task',
    outcome: 'success',
    details: { by: 'collect/collect-profile' },
  })
})

test('SEC-20: an opening that fails is written down, and a change that is refused too', async () => {
  const broken = await stage.addTwitch('broken')
  const before = await last()
  await stage.ask(`update credential_profiles set wrapped_key = '\\x00' where id = $1`, [broken])
  const { status } = await stage.person.call('POST', `/api/profiles/${broken}/verify`)
  expect(status).toBe(500)
  expect(await openedSince(before)).toEqual(['verify failure'])
  const refused = await patch({ credentials: { nonsense: 'x' } })
  expect(refused.status).toBe(400)
  expect(await openedSince(before)).toEqual(['verify failure', 'update success'])
})

test('SEC-20: what is done to a profile is written down with names of fields, never a value', async () => {
  const before = await last()
  const made = await stage.addTwitch('told')
  const taken = {
    platform: 'twitch',
    name: 'told',
    credentials: { clientId: 'a', clientSecret: 'b' },
  }
  expect((await stage.person.call('POST', '/api/profiles', taken)).status).toBe(409)
  const change = {
    limits: { points: 5 },
    credentials: { clientSecret: 'sandbox-secret-told-tail' },
  }
  await stage.person.call('PATCH', `/api/profiles/${made}`, change)
  await stage.person.call('POST', `/api/profiles/${made}/enable`)
  await stage.person.call('DELETE', `/api/profiles/${made}`)
  const rows = await rowsSince(before, 'profile')
  expect(rows.map(({ action, object_id }) => [action, object_id])).toEqual(
    ['created', 'updated', 'enabled', 'deleted'].map((verb) => [`profile.${verb}`, made]),
  )
  expect(rows[1]?.details).toMatchObject({ changed: ['limits'], credentials: ['clientSecret'] })
  const [{ all } = { all: '' }] = await stage.ask(
    `select coalesce(string_agg(l::text, ' '), '') as all from audit_log l`,
  )
  expect(all).toContain('clientSecret')
  expect(all).not.toContain('sandbox-secret')
})

test('SEC-20: two people who change different fields at once both get what they asked for', async () => {
  for (let round = 0; round < 10; round += 1) {
    const clientId = `sandbox-both-${round}`
    const clientSecret = `sandbox-secret-both-${round}-tail`
    const answers = await Promise.all([
      patch({ credentials: { clientId } }),
      patch({ credentials: { clientSecret } }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(await stage.credentials(id)).toEqual({ clientId, clientSecret })
  }
})
