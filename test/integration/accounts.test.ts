import { auditOf, movingClock, openPerson, type Tokens, wordsOf } from '../support/accounts.ts'
import { callApi, startTestApp, type TestApp } from '../support/app.ts'
import { recordLog } from '../support/log-lines.ts'
import { type Mailbox, openMailbox, registerByMail } from '../support/mailbox.ts'
import { asOwner } from '../support/servers.ts'

const password = 'correct horse 1'
const recorded = recordLog()
const clock = movingClock()
let app: TestApp
let mailbox: Mailbox
let people = 0

type Problem = { code: string; detail: string; errors: { pointer: string; detail: string }[] }

beforeAll(async () => {
  app = await startTestApp({ log: recorded.log, clock })
  mailbox = openMailbox(app)
})
afterAll(() => app?.close())
afterEach(() => {
  clock.offsetMs = 0
})

const post = (path: string, body?: unknown, token: string | null = null) =>
  callApi(app.url, token, 'POST', path, body)
const newEmail = () => `person-${++people}@accounts.example`
const login = (email: string, given = password) =>
  post('/api/auth/login', { email, password: given })

test('a whole life: register, verify, login, me, refresh, logout', async () => {
  const asked = await post('/api/auth/register', {
    email: ' Ada@Example.ORG ',
    password,
    displayName: 'Ada L.',
  })
  expect(asked.status).toBe(202)
  expect(asked.body).toEqual({ message: expect.stringContaining('mailbox') })
  expect((await login('ada@example.org')).status).toBe(401)

  const token = await mailbox.tokenTo('ada@example.org')
  expect((await login('ada@example.org')).status).toBe(401)
  expect((await post('/api/auth/verify-email', { token, password })).status).toBe(204)

  const signedIn = await login('ADA@example.org')
  expect(signedIn.status).toBe(200)
  expect(signedIn.body).toMatchObject({
    user: { email: 'ada@example.org', displayName: 'Ada L.', role: 'user', isVerified: true },
  })
  const { accessToken, refreshToken } = signedIn.body as Tokens
  const mine = await callApi(app.url, accessToken, 'GET', '/api/auth/me')
  expect(mine.body).toMatchObject({
    user: { email: 'ada@example.org' },
    workspace: { name: 'Ada L.', kind: 'personal', role: 'owner' },
  })
  const next = (await post('/api/auth/refresh', { refreshToken })).body as Tokens
  expect((await post('/api/auth/logout', undefined, next.accessToken)).status).toBe(204)
  expect((await callApi(app.url, next.accessToken, 'GET', '/api/auth/me')).status).toBe(401)
})

test('what happened to an account is written down where its owner sees it', async () => {
  const email = newEmail()
  await registerByMail(app, mailbox, { email, password })
  const rows = await auditOf(app, 'account.registered', 'account.verified')
  const [registered, verified] = rows.slice(-2)
  expect(registered).toMatchObject({ action: 'account.registered', personal: { email } })
  expect(registered?.workspace_id).toMatch(/^\d+$/)
  expect(verified).toMatchObject({
    action: 'account.verified',
    workspace_id: registered?.workspace_id,
    object_id: registered?.object_id,
    actor_id: registered?.object_id,
  })
  expect(JSON.stringify(rows.map(({ details }) => details))).not.toContain('@')
})

test('SEC-07: not verified, disabled, wrong and unknown are told in the same words', async () => {
  const unverified = newEmail()
  await post('/api/auth/register', { email: unverified, password })
  await mailbox.deliver()
  const known = await openPerson(app, newEmail())
  const disabled = await openPerson(app, newEmail())
  await asOwner(app.ownerUrl, (client) =>
    client.query('update users set is_active = false where id = $1', [disabled.userId]),
  )
  const answers = [
    await login(unverified),
    await disabled.login(),
    await login(known.email, 'wrong horse 1'),
    await login(newEmail()),
  ]
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401])
  expect(new Set(answers.map(wordsOf)).size).toBe(1)
})

test.each([
  [{ email: 'a@b.example', password, role: 'admin' }, '/role'],
  [{ email: 'a@b.example', password, isVerified: true }, '/isVerified'],
  [{ email: 'a@b.example', password, verified: true }, '/verified'],
  [{ email: 'not an address', password }, '/email'],
  [{ email: `${'a'.repeat(250)}@b.example`, password }, '/email'],
  [{ password }, '/email'],
  [{ email: 'a@b.example', password, displayName: '' }, '/displayName'],
  [{ email: 'a@b.example', password, displayName: 'x'.repeat(81) }, '/displayName'],
  [{ email: 'a@b.example', password, displayName: 'a\u202eb' }, '/displayName'],
])('what does not belong into an account is pointed at: %j', async (body, pointer) => {
  const answer = await post('/api/auth/register', body)
  expect(answer.status).toBe(400)
  expect((answer.body as Problem).errors.map((error) => error.pointer)).toContain(pointer)
})

test('nothing that opens a door is in the database or in the log', async () => {
  const email = newEmail()
  await registerByMail(app, mailbox, { email, password })
  const { accessToken, refreshToken } = (await login(email)).body as Tokens
  await login(email, 'a-wrong-Passw0rd-canary')
  await post(`/api/auth/refresh?refreshToken=${refreshToken}`, { refreshToken })
  const stored = await asOwner(app.ownerUrl, async (client) => {
    const sessions = await client.query('select * from sessions')
    const users = await client.query('select * from users where email = $1', [email])
    return JSON.stringify([sessions.rows, users.rows])
  })
  expect(stored).toContain('bcrypt-sha384$$2b$04$')
  const [family = '', secret = ''] = refreshToken.split('.')
  for (const key of [family, secret, password, accessToken]) expect(stored).not.toContain(key)

  const logged = recorded.text()
  expect(logged).toContain('/api/auth/refresh')
  const links = await mailbox.tokensTo(email)
  const keys = [family, secret, password, accessToken, 'Passw0rd-canary', ...links]
  for (const key of [...keys, app.parts.secrets.jwtSecret]) expect(logged).not.toContain(key)
})

test('SEC-10: a flood of logins is answered with 503 and a time to come back', async () => {
  const slow = await startTestApp({ variables: { PASSWORD_HASH_COST: '10' } })
  try {
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, index) =>
        callApi(slow.url, null, 'POST', '/api/auth/login', {
          email: `nobody-${index}@accounts.example`,
          password: 'wrong horse 1',
        }),
      ),
    )
    const full = answers.filter(({ status }) => status === 503)
    expect(full.length).toBeGreaterThan(0)
    expect(full.length + answers.filter(({ status }) => status === 401).length).toBe(120)
    expect(full[0]?.headers.get('retry-after')).toBe('5')
  } finally {
    await slow.close()
  }
})
