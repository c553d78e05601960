import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type pg from 'pg'
import {
  type Answer,
  callApi,
  openTestAccount,
  password,
  type SignedIn,
  startTestApp,
  type TestApp,
} from '../support/app.ts'
import { faultsOf } from '../support/problems.ts'
import { asOwner } from '../support/servers.ts'

let app: TestApp
let ada: SignedIn
let adaId: string
let root: { id: string; call: (method: string, path: string, body?: unknown) => Promise<Answer> }

const ask = <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
  asOwner(app.ownerUrl, async (client) => (await client.query<Row>(text, values)).rows)
const written = (action: string, userId: string) =>
  asOwner(app.ownerUrl, async (client) => {
    await client.query('set role earshot_system')
    const { rows } = await client.query(
      `select * from audit_log where action = $1 and object_id = $2 order by id`,
      [action, userId],
    )
    return rows
  })

async function logIn(email: string): Promise<Answer> {
  return callApi(app.url, null, 'POST', '/api/auth/login', { email, password })
}

async function makeAdmin(email: string) {
  const id = await openTestAccount(app.parts, { email, role: 'admin' })
  const { accessToken } = (await logIn(email)).body as { accessToken: string }
  const call = (method: string, path: string, body?: unknown) =>
    callApi(app.url, accessToken, method, path, body)
  return { id, call }
}

beforeAll(async () => {
  app = await startTestApp()
  ada = await app.signIn()
  adaId = (await ask('select id::text from users where email = $1', [ada.email]))[0]?.id
  root = await makeAdmin('root@example.org')
})
afterAll(() => app.close())

const routes: [method: string, path: string, body: unknown][] = [
  ['GET', '/api/admin/users', undefined],
  ['GET', '/api/admin/users/1', undefined],
  ['POST', '/api/admin/users/1/disable', { reason: 'x' }],
  ['POST', '/api/admin/users/1/enable', undefined],
  ['PUT', '/api/admin/users/1/role', { role: 'admin', currentPassword: password }],
  ['GET', '/api/admin/overview', undefined],
]

test.each(routes)('%s %s is for administrators alone', async (method, path, body) => {
  expect((await ada.call(method, path, body)).status).toBe(403)
  expect((await callApi(app.url, null, method, path, body)).status).toBe(401)
})

test('people are found by how their address, username or name begins, page by page', async () => {
  for (let i = 0; i < 5; i += 1) {
    await openTestAccount(app.parts, { email: `crowd%_${i}@example.org`, verified: i > 0 })
  }
  const list = async (query: string) => {
    const { body, status } = await root.call('GET', `/api/admin/users?${query}`)
    expect(status).toBe(200)
    return body as { items: { email: string; id: string }[]; nextCursor: string | null }
  }
  const first = await list('search=CROWD%25_&limit=3')
  expect(first.items.map(({ email }) => email)).toEqual(
    [4, 3, 2].map((i) => `crowd%_${i}@example.org`),
  )
  const second = await list(`search=crowd&limit=3&cursor=${first.nextCursor}`)
  expect(second).toMatchObject({ nextCursor: null })
  expect(second.items).toHaveLength(2)
  expect((await list('search=crowd&verified=false')).items).toHaveLength(1)
  expect((await list('search=%25')).items).toEqual([])
  expect((await list('role=admin')).items.map(({ id }) => id)).toEqual([root.id])
  expect((await list('active=false')).items).toEqual([])
  await ask(`update users set display_name = 'Lovelace' where id = $1`, [adaId])
  expect((await list('search=love')).items.map(({ id }) => id)).toEqual([adaId])
})

test('SEC-20: one person is shown with what they hold, and no secret of theirs', async () => {
  const { status, body } = await root.call('GET', `/api/admin/users/${adaId}`)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    id: adaId,
    email: ada.email,
    isActive: true,
    sessions: 1,
    apiTokens: 0,
    workspaces: [{ kind: 'personal', role: 'owner' }],
  })
  expect(JSON.stringify(body)).not.toMatch(/hash|secret|bcrypt|\$2b\$/i)
  expect(faultsOf(await root.call('GET', '/api/admin/users/999999'), [404])).toEqual([])
})

describe('disabling somebody', () => {
  test('SEC-03: ends their sessions at once, refuses a login, tells them, and is written down', async () => {
    const path = `/api/admin/users/${adaId}/disable`
    expect((await ada.call('GET', '/api/auth/me')).status).toBe(200)
    const { status, body } = await root.call('POST', path, { reason: 'Spam.' })
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { isActive: false, disabledReason: 'Spam.', sessions: 0 },
    })
    expect((await ada.call('GET', '/api/auth/me')).status).toBe(401)
    expect((await logIn(ada.email)).status).toBe(401)
    expect((await root.call('POST', path, { reason: 'Again.' })).status).toBe(200)
    const mails = await ask(`select recipient, data from mails where template = 'account_disabled'`)
    expect(mails).toMatchObject([{ recipient: ada.email, data: { reason: 'Spam.' } }])
    const [row, ...more] = await written('account.disabled', adaId)
    expect(more).toEqual([])
    expect(row).toMatchObject({ actor_kind: 'user', actor_id: root.id })
    expect(JSON.stringify(row.details)).not.toContain('Spam')
  })

  test('SEC-03: enabling lets them sign in again, and brings no session back', async () => {
    const { body } = await root.call('POST', `/api/admin/users/${adaId}/enable`)
    expect(body).toMatchObject({ isActive: true, disabledAt: null, disabledReason: null })
    expect((await ada.call('GET', '/api/auth/me')).status).toBe(401)
    expect((await logIn(ada.email)).status).toBe(200)
    expect(await written('account.enabled', adaId)).toHaveLength(1)
  })

  test('is not for oneself, nor without a reason', async () => {
    // Not the last one: that is refused anyway.
    const other = await makeAdmin('second@example.org')
    const own = `/api/admin/users/${other.id}/disable`
    expect(faultsOf(await other.call('POST', own, { reason: 'x' }), [409])).toEqual([])
    await ask(`update users set role = 'user' where id = $1`, [other.id])
    const path = `/api/admin/users/${adaId}/disable`
    const bare = await root.call('POST', path, { reason: '  ' })
    expect(faultsOf(bare, [400], 'body/reason')).toEqual([])
  })

  test('an administrator stays nameless in the log of whom they disabled', async () => {
    const { accessToken } = (await logIn(ada.email)).body as { accessToken: string }
    const { body } = await callApi(
      app.url,
      accessToken,
      'GET',
      '/api/audit?action=account.disabled',
    )
    const { items } = body as { items: { actor: object; personal: unknown }[] }
    expect(items).toMatchObject([{ actor: { id: root.id, email: null }, personal: null }])
  })
})

describe('the role of an administrator', () => {
  const change = (id: string, role: string, typed = password) =>
    root.call('PUT', `/api/admin/users/${id}/role`, { role, currentPassword: typed })

  test('is given only by who shows their password again', async () => {
    const wrong = await change(adaId, 'admin', 'not-my-password')
    expect(faultsOf(wrong, [400], 'body/currentPassword')).toEqual([])
    expect(await change(adaId, 'admin')).toMatchObject({ status: 200, body: { role: 'admin' } })
    const [row] = await written('account.role_changed', adaId)
    expect(row).toMatchObject({ details: { from: 'user', to: 'admin' } })
    expect(await change(adaId, 'user')).toMatchObject({ status: 200, body: { role: 'user' } })
  })

  test('is not taken from the last one', async () => {
    expect(faultsOf(await change(root.id, 'user'), [409])).toEqual([])
  })

  test('two who take it from each other at once leave one', async () => {
    for (let round = 0; round < 5; round += 1) {
      const other = await makeAdmin(`other-${round}@example.org`)
      const both = await Promise.all([
        change(other.id, 'user'),
        other.call('PUT', `/api/admin/users/${root.id}/role`, {
          role: 'user',
          currentPassword: password,
        }),
      ])
      const left = await ask(`select id::text from users where role = 'admin' and is_active`)
      expect(left).toHaveLength(1)
      expect(both.map(({ status }) => status).toSorted()).not.toEqual([200, 200])
      await ask(`update users set role = case when id = $1 then 'admin' else 'user' end`, [root.id])
    }
  })
})

test('the overview counts', async () => {
  const { status, body } = await root.call('GET', '/api/admin/overview')
  const [{ count }] = (await ask('select count(*)::int from users')) as [{ count: number }]
  expect({ status, body }).toMatchObject({
    status: 200,
    body: {
      users: { all: count, admins: 1, disabled: 0, unverified: 1 },
      mails: { waiting: 1, givenUp: 0 },
      security: { suspicious: 0 },
    },
  })
  const { security } = body as { security: { denied: number; failedLogins: number } }
  expect(security.denied).toBe(routes.length)
  expect(security.failedLogins).toBeGreaterThan(0)
})
