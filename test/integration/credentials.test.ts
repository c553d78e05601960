import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startSandbox } from '../../sandbox/index.ts'
import { createLogger } from '../../src/core/logger.ts'
import type { ProfileView } from '../../src/features/credentials/credentials.schemas.ts'
import { type Answer, type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { asOwner } from '../support/servers.ts'

type Problem = { code: string; detail: string; errors?: { pointer: string; detail: string }[] }

const canary = 'canary-5f1c9d2b7a'
const good = { clientId: 'sandbox-client', clientSecret: `sandbox-secret-${canary}-tail` }
const bad = { clientId: 'nobody', clientSecret: `wrong-${canary}-ends` }

let sandbox: Awaited<ReturnType<typeof startSandbox>>
let app: TestApp
let person: SignedIn
/** Everything that left the process: log lines and bodies of answers. */
const told: string[] = []

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
  const log = createLogger({
    level: 'trace',
    name: 'test',
    destination: { write: (line) => void told.push(line) },
  })
  app = await startTestApp({ variables: { PLATFORM_URL: sandbox.url }, log })
  person = await app.signIn()
})
afterAll(async () => {
  await app?.close()
  await sandbox?.close()
})

async function call<Body>(method: string, path: string, body?: unknown, who = person) {
  const answer: Answer = await who.call(method, path, body)
  told.push(JSON.stringify(answer.body))
  return { status: answer.status, body: answer.body as Body }
}

let names = 0
async function createTwitch(credentials: object = good): Promise<ProfileView> {
  const input = { platform: 'twitch', name: `profile ${++names}`, credentials }
  const { status, body } = await call<ProfileView>('POST', '/api/profiles', input)
  expect(status).toBe(201)
  return body
}

/** One statement as the application, in the person's workspace: what a broken query could do. */
const inDatabase = async (id: string, statement: string) =>
  asOwner(app.ownerUrl, async (client) => {
    // Row-level security binds the owner too: only the application's role, in a workspace, sees rows.
    await client.query('set role earshot_app')
    for (const { id: workspace } of (await client.query('select id from workspaces')).rows) {
      await client.query(`select set_config('app.workspace_id', $1, false)`, [workspace])
      const found = await client.query('select from credential_profiles where id = $1', [id])
      if (found.rowCount) return (await client.query(statement)).rows
    }
    throw new Error(`no workspace has profile ${id}`)
  })

const pointersOf = (body: unknown) => (body as Problem).errors?.map(({ pointer }) => pointer)

describe('a profile', () => {
  test('SEC-20: is kept sealed and shows the last 4 characters of a secret at most', async () => {
    const made = await createTwitch()
    expect(made.fields).toEqual([
      { name: 'clientId', secret: false, shown: 'sandbox-client' },
      { name: 'clientSecret', secret: true, shown: '…tail' },
    ])
    expect(made).toMatchObject({ state: 'active', verifiedAt: null, pausedUntil: null, limits: {} })
    const one = await call<ProfileView>('GET', `/api/profiles/${made.id}`)
    expect(one.body).toEqual(made)
    const row = await inDatabase(made.id, `select * from credential_profiles where id = ${made.id}`)
    expect(JSON.stringify(row)).not.toContain(canary)
  })

  test('SEC-20: shows nothing of a short secret', async () => {
    const { fields } = await createTwitch({ clientId: 'sandbox-2', clientSecret: 'elevenchars' })
    expect(fields[1]?.shown).toBe('…')
  })

  test('names every field that is missing, unknown or on the wrong platform', async () => {
    const create = (body: object) => call<Problem>('POST', '/api/profiles', body)
    const missing = await create({
      platform: 'twitch',
      name: 'x',
      credentials: { clientId: 'a', clientSecret: ' ', apiKey: canary },
    })
    expect(missing.status).toBe(400)
    expect(pointersOf(missing.body)).toEqual(['/credentials/clientSecret', '/credentials/apiKey'])
    expect(missing.body.detail).toContain('clientSecret is missing (Client secret)')

    const platform = await create({ platform: 'myspace', name: 'x', credentials: {} })
    expect(pointersOf(platform.body)).toEqual(['/platform'])
    expect(platform.body.detail).toContain('twitch, twitter, youtube, reddit')

    const limits = await create({
      platform: 'twitch',
      name: 'x',
      credentials: good,
      limits: { units: 5 },
    })
    expect(pointersOf(limits.body)).toEqual(['/limits/units'])

    const assigned = await create({
      platform: 'twitch',
      name: 'x',
      credentials: good,
      workspaceId: '1',
      state: 'active',
    })
    expect(pointersOf(assigned.body)).toEqual(['/workspaceId', '/state'])
  })

  test('has a name of its own on its platform', async () => {
    const { name } = await createTwitch()
    const input = { platform: 'twitch', name, credentials: good }
    const again = await call<Problem>('POST', '/api/profiles', input)
    expect(again.status).toBe(409)
    expect(pointersOf(again.body)).toEqual(['/name'])
    const key = { platform: 'youtube', name, credentials: { apiKey: `sandbox-key-${canary}` } }
    expect((await call('POST', '/api/profiles', key)).status).toBe(201)
    const other = await createTwitch()
    const renamed = await call<Problem>('PATCH', `/api/profiles/${other.id}`, { name })
    expect(renamed.status).toBe(409)
  })

  test('SEC-20: is not overwritten by an empty or an absent value', async () => {
    const { id } = await createTwitch()
    const sealed = `select sealed_fields, wrapped_key from credential_profiles where id = ${id}`
    const before = await inDatabase(id, sealed)
    const changes = { name: 'renamed', credentials: { clientSecret: '', clientId: '  ' } }
    const { status, body } = await call<ProfileView>('PATCH', `/api/profiles/${id}`, changes)
    expect(status).toBe(200)
    expect(body).toMatchObject({ name: 'renamed' })
    expect(body.fields[1]?.shown).toBe('…tail')
    expect(await inDatabase(id, sealed)).toEqual(before)

    await call('PATCH', `/api/profiles/${id}`, { credentials: { clientId: 'sandbox-other' } })
    const verified = await call<{ ok: boolean }>('POST', `/api/profiles/${id}/verify`)
    expect(verified.body.ok).toBe(true)
  })

  test('is seen by its own workspace alone', async () => {
    const { id } = await createTwitch()
    const stranger = await app.signIn()
    const paths = [
      ['GET', ''],
      ['PATCH', '', { name: 'mine' }],
      ['DELETE', ''],
      ['POST', '/verify'],
      ['POST', '/enable'],
      ['GET', '/budget'],
    ] as const
    for (const [method, path, body] of paths) {
      const answer = await call(method, `/api/profiles/${id}${path}`, body, stranger)
      expect([method, path, answer.status]).toEqual([method, path, 404])
    }
    const list = await call<{ items: unknown[] }>('GET', '/api/profiles', undefined, stranger)
    expect(list.body.items).toEqual([])
  })

  test('is listed newest first, page by page', async () => {
    const mine = await app.signIn()
    for (const name of ['a', 'b', 'c']) {
      await call('POST', '/api/profiles', { platform: 'twitch', name, credentials: good }, mine)
    }
    type Page = { items: ProfileView[]; nextCursor: string | null }
    const get = (query: string) => call<Page>('GET', `/api/profiles?${query}`, undefined, mine)
    const first = await get('limit=2')
    expect(first.body.items.map(({ name }) => name)).toEqual(['c', 'b'])
    const second = await get(`limit=2&cursor=${first.body.nextCursor}`)
    expect(second.body.items.map(({ name }) => name)).toEqual(['a'])
    expect(second.body.nextCursor).toBeNull()
    expect((await get('platform=reddit')).body.items).toEqual([])
    expect((await get('cursor=abc')).status).toBe(400)
  })

  test('goes, with its sources only when that is said', async () => {
    const { id } = await createTwitch()
    await inDatabase(
      id,
      `insert into sources (workspace_id, profile_id, platform, handle, external_id, url, created_at)
       select workspace_id, id, platform, 'x', 'ext-of-' || id, 'https://example.org', now()
       from credential_profiles where id = ${id}`,
    )
    const refused = await call<Problem>('DELETE', `/api/profiles/${id}`)
    expect(refused.status).toBe(409)
    expect(refused.body.detail).toContain('1 sources')
    expect((await call('DELETE', `/api/profiles/${id}?withSources=true`)).status).toBe(204)
    expect((await call('GET', `/api/profiles/${id}`)).status).toBe(404)
  })
})

describe('verifying', () => {
  type Verified = { ok: boolean; detail: string; kind: string | null; profile: ProfileView }
  const verify = (id: string) => call<Verified>('POST', `/api/profiles/${id}/verify`)

  test('says in words that a credential works, on every platform', async () => {
    const { id } = await createTwitch()
    const { body } = await verify(id)
    expect(body).toMatchObject({ ok: true, kind: null })
    expect(body.detail).toContain('Twitch accepts')
    expect(body.profile.verifiedAt).not.toBeNull()
    const others = [
      ['twitter', { bearerToken: `sandbox-bearer-${canary}` }],
      ['youtube', { apiKey: `sandbox-key-2-${canary}` }],
      ['reddit', { ...good, userAgent: 'web:earshot-test:1.0 (by /u/nobody)' }],
    ] as const
    for (const [platform, credentials] of others) {
      const input = { platform, name: 'to verify', credentials }
      const made = await call<ProfileView>('POST', '/api/profiles', input)
      expect([platform, (await verify(made.body.id)).body.ok]).toEqual([platform, true])
    }
  })

  test('says what is wrong; the second refusal in a row disables, new credentials revive', async () => {
    const { id } = await createTwitch(bad)
    const once = await verify(id)
    expect(once.status).toBe(200)
    expect(once.body).toMatchObject({ ok: false, kind: 'unauthorized' })
    expect(once.body.detail).toContain('Twitch does not')
    expect(once.body.profile.state).toBe('active')
    const twice = await verify(id)
    expect(twice.body.profile).toMatchObject({ state: 'disabled', stateReason: once.body.detail })

    const enabled = await call<ProfileView>('POST', `/api/profiles/${id}/enable`)
    expect(enabled.body).toMatchObject({ state: 'active', stateReason: null })
    await verify(id)
    await verify(id)
    // The same credentials again are the same refusal again.
    const same = await call<ProfileView>('PATCH', `/api/profiles/${id}`, { credentials: bad })
    expect(same.body.state).toBe('disabled')
    const changed = await call<ProfileView>('PATCH', `/api/profiles/${id}`, { credentials: good })
    expect(changed.body).toMatchObject({ state: 'active', stateReason: null, verifiedAt: null })
    expect((await verify(id)).body.ok).toBe(true)
  })

  test('makes no call while the profile is paused', async () => {
    const { id } = await createTwitch()
    await inDatabase(
      id,
      `update credential_profiles set paused_until = now() + interval '1 hour',
         pause_reason = 'Twitch: too many calls' where id = ${id}`,
    )
    const { body } = await verify(id)
    expect(body).toMatchObject({ ok: false, kind: 'rate_limited' })
    expect(body.detail).toContain('No call to Twitch is made before')
    expect(body.detail).toContain('too many calls')
  })

  test('SEC-16: fails when sealed values were moved to another profile or field', async () => {
    const [one, two] = [await createTwitch(), await createTwitch(bad)]
    await inDatabase(
      one.id,
      `update credential_profiles t set sealed_fields = s.sealed_fields, key_id = s.key_id,
         wrapped_key = s.wrapped_key
       from credential_profiles s where s.id = ${two.id} and t.id = ${one.id}`,
    )
    expect((await verify(one.id)).status).toBe(500)
    await inDatabase(
      two.id,
      `update credential_profiles set sealed_fields = jsonb_build_object(
         'clientId', sealed_fields -> 'clientSecret', 'clientSecret', sealed_fields -> 'clientId')
       where id = ${two.id}`,
    )
    expect((await verify(two.id)).status).toBe(500)
  })
})

test('a budget is told, and bent by the profile’s own limits', async () => {
  const { id } = await createTwitch()
  await call('PATCH', `/api/profiles/${id}`, { limits: { points: 500 } })
  const { status, body } = await call<{ buckets: unknown[] }>('GET', `/api/profiles/${id}/budget`)
  expect(status).toBe(200)
  expect(body.buckets).toEqual([
    expect.objectContaining({ bucket: 'points', limit: 500, remaining: 500, fits: true }),
  ])
})

test('each platform says what it needs', async () => {
  const { body } = await call<{ items: { id: string; setup: { steps: string[] } }[] }>(
    'GET',
    '/api/platforms',
  )
  expect(body.items.map(({ id }) => id)).toEqual(['twitch', 'twitter', 'youtube', 'reddit'])
  expect(body.items.every(({ setup }) => setup.steps.length > 0)).toBe(true)
  const one = await call('GET', '/api/platforms/youtube')
  expect(one.body).toMatchObject({
    id: 'youtube',
    credentialFields: [{ name: 'apiKey', label: 'API key', secret: true }],
    limits: [{ bucket: 'units', window: { kind: 'day', timeZone: 'America/Los_Angeles' } }, {}],
  })
  expect((await call('GET', '/api/platforms/myspace')).status).toBe(400)
})

// Last, so that all of the above has been said.
test('SEC-20: no secret was ever answered or logged', () => {
  // Whatever of this file ran before: all of it, or what has this promise's name.
  expect(told.length).toBeGreaterThan(5)
  expect(told.some((line) => line.includes('/api/profiles'))).toBe(true)
  expect(told.filter((line) => line.includes(canary))).toEqual([])
})
