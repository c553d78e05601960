import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { EntityManager } from '@mikro-orm/postgresql'
import { type AuditEvent, recordAudit } from '../../src/audit/audit.ts'
import { fixedClock } from '../../src/core/clock.ts'
import type { Origin } from '../../src/core/origin.ts'
import {
  callApi,
  openTestAccount,
  password,
  type SignedIn,
  startTestApp,
  type TestApp,
} from '../support/app.ts'
import { faultsOf } from '../support/problems.ts'
import { asOwner } from '../support/servers.ts'

type Row = {
  id: string
  at: string
  action: string
  outcome: string
  by?: string
  workspaceId?: string | null
  actor: { id: string | null; email: string | null }
  personal: { ip: string | null; email: string | null } | null
  details: Record<string, unknown>
}
type Page = { items: Row[]; nextCursor: string | null }

let app: TestApp
let ada: SignedIn
let bob: SignedIn
let admin: string
let adaId: string
let adasWorkspace: string

const one = async (text: string, values: unknown[]) =>
  asOwner(app.ownerUrl, async (client) => String((await client.query(text, values)).rows[0].id))

const origin: Origin = {
  kind: 'anonymous',
  userId: null,
  name: null,
  requestId: 'request-1',
  ip: '192.0.2.7',
  userAgent: 'Browser/1',
}
const record = (event: AuditEvent, minute: number, changes: Partial<Origin> = {}) =>
  recordAudit(
    {
      em: app.parts.database.orm.em.fork() as EntityManager,
      clock: fixedClock(new Date(Date.UTC(2030, 0, 1, 0, minute))),
      origin: { ...origin, ...changes },
    },
    event,
  )

const read = async (who: { call: SignedIn['call'] }, path: string): Promise<Page> => {
  const answer = await who.call('GET', path)
  expect(answer.status).toBe(200)
  return answer.body
}
const asAdmin = {
  call: (method: string, path: string) => callApi(app.url, admin, method, path),
}

beforeAll(async () => {
  app = await startTestApp()
  ada = await app.signIn()
  bob = await app.signIn()
  adaId = await one('select id from users where email = $1', [ada.email])
  adasWorkspace = await one('select workspace_id as id from memberships where user_id = $1', [
    adaId,
  ])
  await openTestAccount(app.parts, { email: 'root@example.org', role: 'admin' })
  const login = await callApi(app.url, null, 'POST', '/api/auth/login', {
    email: 'root@example.org',
    password,
  })
  admin = (login.body as { accessToken: string }).accessToken
  for (let minute = 0; minute < 10; minute += 1) {
    await record({ action: 'secret.opened', workspaceId: adasWorkspace }, minute, {
      kind: 'user',
      userId: adaId,
    })
  }
  await record(
    {
      action: 'login.failed',
      workspaceId: null,
      outcome: 'denied',
      object: { kind: 'user', id: adaId },
      email: ada.email,
    },
    10,
  )
  await record(
    { action: 'account.role_changed', workspaceId: null, object: { kind: 'user', id: adaId } },
    11,
    { kind: 'user', userId: '999999', ip: '198.51.100.1' },
  )
})
afterAll(() => app.close())

describe("a workspace's own", () => {
  test('SEC-30: newest first, page by page, each row once', async () => {
    const seen: Row[] = []
    let cursor: string | null = null
    do {
      const more: string = cursor ? `&cursor=${cursor}` : ''
      const page: Page = await read(ada, `/api/audit?action=secret&limit=3${more}`)
      seen.push(...page.items)
      cursor = page.nextCursor
    } while (cursor)
    expect(seen.map(({ at }) => new Date(at).getUTCMinutes())).toEqual([
      9, 8, 7, 6, 5, 4, 3, 2, 1, 0,
    ])
    expect(new Set(seen.map(({ id }) => id)).size).toBe(10)
    expect(seen[0]?.actor).toMatchObject({ id: adaId, email: ada.email })
  })

  test('SEC-30: shows nobody else anything of it, nor of the system', async () => {
    const { items } = await read(bob, '/api/audit')
    expect(items.filter(({ action }) => action === 'secret.opened')).toEqual([])
    const mine = await read(ada, '/api/audit?limit=200')
    expect(mine.items.filter(({ action }) => action === 'account.role_changed')).toEqual([])
  })

  test('filters by outcome, person and time', async () => {
    const from = '2030-01-01T00:02:00Z'
    const to = '2030-01-01T00:04:00Z'
    const query = `action=secret.opened&outcome=success&actor=${adaId}&from=${from}&to=${to}`
    const { items } = await read(ada, `/api/audit?${query}`)
    expect(items.map(({ at }) => new Date(at).getUTCMinutes())).toEqual([4, 3, 2])
    expect(
      (await read(ada, `/api/audit?${query}&actor=999`.replace(`actor=${adaId}&`, ''))).items,
    ).toEqual([])
  })

  test('SEC-30: no API token is told from where it was done, not even the owner’s', async () => {
    const made = await ada.call('POST', '/api/users/me/tokens', {
      name: 'a script',
      scopes: ['read'],
      expiresInDays: null,
      currentPassword: password,
    })
    const { token } = made.body as { token: string }
    const script = {
      call: (method: string, path: string) => callApi(app.url, token, method, path),
    }
    const path = '/api/audit?action=secret.opened'
    const [seen, told] = [await read(ada, path), await read(script, path)]
    expect(seen.items.map(({ personal }) => personal?.ip)).toContain('192.0.2.7')
    expect(told.items.map(({ id }) => id)).toEqual(seen.items.map(({ id }) => id))
    expect(told.items.filter(({ personal }) => personal !== null)).toEqual([])
  })

  test('SEC-30: owners see from where it was done, other members do not', async () => {
    const path = '/api/audit?action=secret.opened&limit=1'
    expect((await read(ada, path)).items[0]?.personal).toMatchObject({ ip: '192.0.2.7' })
    const become = (role: string) =>
      asOwner(app.ownerUrl, (client) =>
        client.query('update memberships set role = $1 where user_id = $2', [role, adaId]),
      )
    await become('viewer')
    expect((await read(ada, path)).items[0]?.personal).toBeNull()
    await become('owner')
  })

  test.each([
    ['action=drop', 'query/action'],
    ['outcome=perhaps', 'query/outcome'],
    ['actor=ada', 'query/actor'],
    ['from=yesterday', 'query/from'],
    ['limit=1000', 'query/limit'],
    ['cursor=bm90aGluZw', 'query/cursor'],
    ['workspace=1', 'query/workspace'],
  ])('refuses %s in words', async (query, pointer) => {
    expect(faultsOf(await ada.call('GET', `/api/audit?${query}`), [400], pointer)).toEqual([])
  })
})

test('SEC-30: people see what was done with their account, and of others not where they were', async () => {
  const { items } = await read(ada, '/api/users/me/activity?limit=3')
  expect(items.map(({ action, by, personal }) => [action, by, personal?.ip ?? null])).toEqual([
    ['account.role_changed', 'somebody', null],
    ['login.failed', 'unknown', '192.0.2.7'],
    ['secret.opened', 'you', '192.0.2.7'],
  ])
  const all = await read(ada, '/api/users/me/activity?limit=200')
  expect(all.items.map(({ action }) => action)).toContain('login.succeeded')
  const his = await read(bob, '/api/users/me/activity?limit=200')
  expect(his.items.map(({ action }) => action)).not.toContain('secret.opened')
})

test('SEC-30: administrators see all, by workspace where they ask; others nothing', async () => {
  const { items } = await read(asAdmin, '/api/admin/audit?limit=200')
  expect(new Set(items.map(({ workspaceId }) => workspaceId)).size).toBeGreaterThan(2)
  const of = await read(asAdmin, `/api/admin/audit?workspace=${adasWorkspace}&action=secret`)
  expect(of.items).toHaveLength(10)
  const denied = await read(asAdmin, '/api/admin/audit?outcome=denied&action=login')
  expect(denied.items[0]?.personal).toMatchObject({ email: ada.email })
  expect((await ada.call('GET', '/api/admin/audit')).status).toBe(403)
  expect((await callApi(app.url, null, 'GET', '/api/admin/audit')).status).toBe(401)
})
