import { auditOf, movingClock, openPerson, type Tokens, wordsOf } from '../support/accounts.ts'
import { type Answer, callApi, password, startTestApp, type TestApp } from '../support/app.ts'
import { factorStage } from '../support/second-factor.ts'
import { asOwner } from '../support/servers.ts'
import { addMember, callWith, newPerson, openTeam, type Person } from '../support/team.ts'

const clock = movingClock()
const path = '/api/users/me/tokens'
const dayMs = 86_400_000
let app: TestApp

beforeAll(async () => {
  app = await startTestApp({ clock })
})
afterAll(() => app?.close())
afterEach(() => {
  clock.offsetMs = 0
})

type Made = { id: string; token: string; expiresAt: string | null }
type Listed = { id: string; name: string; lastUsedAt: string | null; lastUsedIp: string | null }

const wanted = (more: object = {}) => ({
  name: 'Dashboard',
  scopes: ['read'],
  expiresInDays: 30,
  currentPassword: password,
  ...more,
})
async function make(person: Person, more: object = {}, workspaceId = person.homeId): Promise<Made> {
  const answer = await person.callIn(workspaceId, 'POST', path, wanted(more))
  expect(answer.status).toBe(201)
  return answer.body
}
const list = async (person: Person) =>
  ((await person.call('GET', path)).body as { items: Listed[] }).items
const ask = (token: string, asked = '/api/auth/me', method = 'GET', body?: unknown) =>
  callApi(app.url, token, method, asked, body)
const statusOf = async (token: string) => (await ask(token)).status

test('a token is shown once, known by its last four, and asks as its person', async () => {
  const person = await newPerson(app)
  const { id, token, expiresAt } = await make(person, { scopes: ['read', 'export'] })
  expect(token).toMatch(/^esk_[\w-]{43}$/)
  expect(Date.parse(expiresAt ?? '')).toBeGreaterThan(Date.now() + 29 * dayMs)
  const me = await ask(token)
  expect(me.body).toMatchObject({
    user: { id: person.userId },
    workspace: { id: person.homeId, role: 'owner' },
    session: null,
  })
  expect(await list(person)).toEqual([
    {
      id,
      name: 'Dashboard',
      scopes: ['read', 'export'],
      hint: token.slice(-4),
      workspaceId: person.homeId,
      createdAt: expect.any(String),
      lastUsedAt: expect.any(String),
      lastUsedIp: '127.0.0.1',
      expiresAt,
    },
  ])
  const stored = await asOwner(app.ownerUrl, async (client) => {
    const { rows } = await client.query('select * from api_tokens where id = $1', [id])
    return JSON.stringify(rows)
  })
  expect(stored).not.toContain(token.slice(4))
  const rows = (await auditOf(app, 'api_token.created')).filter(({ object_id }) => object_id === id)
  expect(rows).toMatchObject([
    {
      actor_id: person.userId,
      workspace_id: person.homeId,
      details: { scopes: ['read', 'export'] },
    },
  ])
})

test('SEC-11: its scopes are the most that it may, and no token makes tokens', async () => {
  const person = await newPerson(app)
  const read = await make(person)
  const write = await make(person, { scopes: ['write'] })
  const all = await make(person, { scopes: ['read', 'write', 'export'] })
  const source = { inputs: [] }
  const refusals = [
    await ask(read.token, '/api/sources', 'POST', source),
    await ask(read.token, '/api/export/posts.csv'),
    await ask(write.token, '/api/jobs'),
    await ask(all.token, path),
    await ask(all.token, path, 'POST', wanted()),
    await ask(all.token, `${path}/${read.id}`, 'DELETE'),
    await ask(all.token, '/api/auth/sessions'),
    await ask(all.token, '/api/auth/logout', 'POST'),
    await ask(all.token, '/api/auth/logout-everywhere', 'POST', {}),
    await ask(all.token, '/api/users/me/second-factor'),
  ]
  expect(refusals.map(({ status }) => status)).toEqual(refusals.map(() => 403))
  expect((await ask(read.token, '/api/jobs')).status).toBe(200)
  expect((await ask(write.token, '/api/sources', 'POST', source)).status).toBe(400)
})

test('SEC-11: it works in its own workspace, and its person must be what the route asks', async () => {
  const [owner, viewer] = [await newPerson(app), await newPerson(app)]
  const team = await openTeam(owner)
  await addMember(app, team, viewer.userId, 'viewer')
  const { token } = await make(viewer, { scopes: ['read', 'write'] }, team)
  expect((await ask(token)).body).toMatchObject({ workspace: { id: team, role: 'viewer' } })
  // The scope says write, the role says no.
  const written = await ask(token, '/api/sources', 'POST', { inputs: [] })
  expect([written.status, wordsOf(written)]).toEqual([403, expect.stringContaining('role')])
  const named = (id: string) =>
    callWith(app.url, { authorization: `Bearer ${token}`, 'x-workspace': id }, ['GET', '/api/jobs'])
  expect((await named(team)).status).toBe(200)
  const elsewhere = await Promise.all([viewer.homeId, owner.homeId, '999999', 'x'].map(named))
  expect(elsewhere.map(({ status }) => status)).toEqual([403, 403, 403, 403])
  expect(new Set(elsewhere.map(wordsOf)).size).toBe(1)
  // Whoever is no member any more has lost the token's workspace with it.
  await asOwner(app.ownerUrl, (client) =>
    client.query('delete from memberships where user_id = $1 and workspace_id = $2', [
      viewer.userId,
      team,
    ]),
  )
  expect((await ask(token, '/api/jobs')).status).toBe(404)
  const made = await viewer.callIn(team, 'POST', path, wanted())
  expect(made.status).toBe(404)
})

test('SEC-04: a revoked, an expired and a disabled one are refused at once, in the same words', async () => {
  const person = await newPerson(app)
  const [revoked, expiring, endless] = [
    await make(person),
    await make(person, { expiresInDays: 1 }),
    await make(person, { expiresInDays: null }),
  ]
  expect(endless.expiresAt).toBeNull()
  expect((await person.call('DELETE', `${path}/${revoked.id}`)).status).toBe(204)
  const answers: Answer[] = [await ask(revoked.token)]
  clock.offsetMs = dayMs - 5_000
  expect(await statusOf(expiring.token)).toBe(200)
  clock.offsetMs = dayMs
  answers.push(await ask(expiring.token))
  clock.offsetMs = 400 * dayMs
  expect(await statusOf(endless.token)).toBe(200)
  await asOwner(app.ownerUrl, (client) =>
    client.query('update users set is_active = false where id = $1', [person.userId]),
  )
  answers.push(await ask(endless.token), await ask(`esk_${'A'.repeat(43)}`), await ask('x'))
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401))
  expect(new Set(answers.map(wordsOf)).size).toBe(1)
  const rows = await auditOf(app, 'api_token.revoked')
  expect(rows.filter(({ object_id }) => object_id === revoked.id)).toHaveLength(1)
})

test("another's, an absent and a revoked token are not found alike", async () => {
  const [ada, eve] = [await newPerson(app), await newPerson(app)]
  const made = await make(ada)
  const end = (person: Person, id: string) => person.call('DELETE', `${path}/${id}`)
  const foreign = await end(eve, made.id)
  expect(await statusOf(made.token)).toBe(200)
  expect((await end(ada, made.id)).status).toBe(204)
  const answers = [foreign, await end(ada, made.id), await end(ada, '999999999')]
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404])
  expect(new Set(answers.map(wordsOf)).size).toBe(1)
  expect(await list(eve)).toEqual([])
})

test('SEC-06: making one takes the password, and a session is no place to guess it from', async () => {
  const person = await newPerson(app)
  const guess = () => person.call('POST', path, wanted({ currentPassword: 'wrong one 1' }))
  const answers: Answer[] = []
  for (let round = 0; round < 6; round += 1) answers.push(await guess())
  expect(answers.map(({ status }) => status)).toEqual([...Array(5).fill(400), 429])
  expect(answers[0]?.body).toMatchObject({ errors: [{ pointer: '/currentPassword' }] })
  expect((await person.call('POST', path, wanted())).status).toBe(429)
  const rows = await auditOf(app, 'login.failed', 'login.locked_out')
  const own = rows.filter(({ actor_id }) => actor_id === person.userId)
  expect(own.map(({ action }) => action)).toEqual([
    ...Array(5).fill('login.failed'),
    'login.locked_out',
  ])
})

test('making one takes the second factor where one is on', async () => {
  const stage = factorStage(app, clock)
  const person = await stage.newPersonWithFactor()
  const ask = (more: object) => person.call('POST', path, wanted(more))
  const without = await ask({})
  expect(without.body).toMatchObject({ status: 400, errors: [{ pointer: '/code' }] })
  expect((await ask({ code: stage.wrongCode(person.secret) })).status).toBe(400)
  expect((await ask({ code: stage.codeOf(person.secret) })).status).toBe(201)
})

test.each([
  [{ scopes: [] }, '/scopes'],
  [{ scopes: ['admin'] }, '/scopes/0'],
  [{ scopes: ['read', 'read'] }, '/scopes'],
  [{ scopes: undefined }, '/scopes'],
  [{ name: ' ' }, '/name'],
  [{ name: 'x'.repeat(81) }, '/name'],
  [{ expiresInDays: 0 }, '/expiresInDays'],
  [{ expiresInDays: 366 }, '/expiresInDays'],
  [{ expiresInDays: 1.5 }, '/expiresInDays'],
  [{ expiresInDays: '30' }, '/expiresInDays'],
  [{ currentPassword: undefined }, '/currentPassword'],
  [{ workspaceId: '1' }, '/workspaceId'],
  [{ userId: '1' }, '/userId'],
])('what cannot be in one is pointed at: %j', async (more, pointer) => {
  const { accessToken } = await (await openPerson(app, `${Math.random()}@tokens.example`)).signIn()
  const answer = await callApi(app.url, accessToken, 'POST', path, wanted(more))
  expect(answer.status).toBe(400)
  const { errors } = answer.body as { errors: { pointer: string }[] }
  expect(errors.map((error) => error.pointer)).toContain(pointer)
})

test('nobody has more than fifty, however many come at once', async () => {
  const person = await newPerson(app)
  await asOwner(app.ownerUrl, (client) =>
    client.query(
      `insert into api_tokens (user_id, workspace_id, name, scopes, token_hash, hint, created_at)
       select $1, $2, 'n', '{read}', $3 || n, 'last', now()
       from generate_series(1, 47) n`,
      [person.userId, person.homeId, `hash-${person.userId}-`],
    ),
  )
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => person.call('POST', path, wanted())),
  )
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter((status) => status === 201)).toHaveLength(3)
  expect(statuses.filter((status) => status === 409)).toHaveLength(5)
  expect(await list(person)).toHaveLength(50)
})

test('its use is noted at most once a minute', async () => {
  const person = await newPerson(app)
  const { token } = await make(person)
  expect((await list(person))[0]?.lastUsedAt).toBeNull()
  await ask(token)
  const first = (await list(person))[0]?.lastUsedAt
  clock.offsetMs = 30_000
  await ask(token)
  expect((await list(person))[0]?.lastUsedAt).toBe(first)
  clock.offsetMs = 61_000
  await ask(token)
  expect((await list(person))[0]?.lastUsedAt).not.toBe(first)
})

test('logging out everywhere leaves it alone', async () => {
  const person = await newPerson(app)
  const { token } = await make(person)
  expect((await person.call('POST', '/api/auth/logout-everywhere', {})).status).toBe(200)
  expect(await statusOf(token)).toBe(200)
  expect(((await ask(token)).body as { user: Tokens }).user).toBeDefined()
})
