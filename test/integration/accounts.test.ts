import { createHmac, generateKeyPairSync } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { callApi, startTestApp, type TestApp } from '../support/app.ts'
import { recordLog } from '../support/log-lines.ts'
import { asOwner } from '../support/servers.ts'

const password = 'correct horse 1'
const recorded = recordLog()
const clock = { offsetMs: 0, now: () => new Date(Date.now() + clock.offsetMs) }
let app: TestApp
let people = 0

type Tokens = { accessToken: string; refreshToken: string; user: { id: string; email: string } }
type Problem = { code: string; detail: string; errors: { pointer: string; detail: string }[] }

beforeAll(async () => {
  app = await startTestApp({ log: recorded.log, clock })
})
afterAll(() => app.close())
afterEach(() => {
  clock.offsetMs = 0
})

const post = (path: string, body?: unknown, token: string | null = null) =>
  callApi(app.url, token, 'POST', path, body)
const me = (token: string | null) => callApi(app.url, token, 'GET', '/api/auth/me')
const newEmail = () => `person-${++people}@accounts.example`

async function register(email = newEmail()): Promise<Tokens> {
  const answer = await post('/api/auth/register', { email, password })
  expect(answer.status).toBe(201)
  return answer.body as Tokens
}

test('a whole life: register, me, login, refresh, logout', async () => {
  const registered = await post('/api/auth/register', { email: ' Ada@Example.ORG ', password })
  expect(registered.status).toBe(201)
  expect(registered.body).toEqual({
    tokenType: 'Bearer',
    accessToken: expect.any(String),
    expiresIn: 86_400,
    refreshToken: expect.any(String),
    user: {
      id: expect.stringMatching(/^\d+$/),
      email: 'ada@example.org',
      role: 'user',
      isVerified: false,
      createdAt: expect.any(String),
    },
  })

  const login = await post('/api/auth/login', { email: 'ADA@example.org', password })
  expect(login.status).toBe(200)
  const { accessToken, refreshToken } = login.body as Tokens
  const mine = await me(accessToken)
  expect(mine.status).toBe(200)
  expect(mine.body).toMatchObject({
    user: { email: 'ada@example.org' },
    workspace: { name: 'ada', kind: 'personal', role: 'owner' },
  })

  const refreshed = await post('/api/auth/refresh', { refreshToken })
  expect(refreshed.status).toBe(200)
  const next = refreshed.body as Tokens
  expect(next.refreshToken).not.toBe(refreshToken)
  expect((await me(next.accessToken)).status).toBe(200)

  expect((await post('/api/auth/logout', undefined, next.accessToken)).status).toBe(204)
  for (const token of [accessToken, next.accessToken]) expect((await me(token)).status).toBe(401)
  const late = await post('/api/auth/refresh', { refreshToken: next.refreshToken })
  expect(late.status).toBe(401)
})

test('logging out ends one session, not the others', async () => {
  const email = newEmail()
  const first = await register(email)
  const second = (await post('/api/auth/login', { email, password })).body as Tokens
  await post('/api/auth/logout', undefined, first.accessToken)
  expect((await me(first.accessToken)).status).toBe(401)
  expect((await me(second.accessToken)).status).toBe(200)
})

test('a refresh token that is shown again ends its session', async () => {
  const first = await register()
  const { refreshToken } = first
  const second = (await post('/api/auth/refresh', { refreshToken })).body as Tokens
  const third = (await post('/api/auth/refresh', { refreshToken: second.refreshToken }))
    .body as Tokens
  expect((await me(third.accessToken)).status).toBe(200)

  // Not only the one before the last: any that was ever good.
  expect((await post('/api/auth/refresh', { refreshToken })).status).toBe(401)
  expect((await me(third.accessToken)).status).toBe(401)
  const dead = await post('/api/auth/refresh', { refreshToken: third.refreshToken })
  expect(dead.status).toBe(401)
})

test('of many refreshes at once with one token at most one is served', async () => {
  const { refreshToken } = await register()
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => post('/api/auth/refresh', { refreshToken })),
  )
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(7)
})

test('made-up refresh tokens end nothing', async () => {
  const { accessToken, refreshToken } = await register()
  const [family] = refreshToken.split('.')
  const strange = [
    'x',
    `${'A'.repeat(22)}.${'A'.repeat(43)}`,
    `${family}.short`,
    `1.${'A'.repeat(43)}`,
  ]
  for (const made of strange) {
    expect((await post('/api/auth/refresh', { refreshToken: made })).status).toBe(401)
  }
  expect((await me(accessToken)).status).toBe(200)
})

test('tokens, sessions and people come to an end', async () => {
  const { accessToken, refreshToken, user } = await register()
  clock.offsetMs = 86_400_000 - 60_000
  expect((await me(accessToken)).status).toBe(200)
  clock.offsetMs = 86_400_000 + 60_000
  expect((await me(accessToken)).status).toBe(401)
  const fresh = (await post('/api/auth/refresh', { refreshToken })).body as Tokens
  expect((await me(fresh.accessToken)).status).toBe(200)

  const setActive = (active: boolean) =>
    asOwner(app.ownerUrl, (client) =>
      client.query('update users set is_active = $1 where id = $2', [active, user.id]),
    )
  await setActive(false)
  expect((await me(fresh.accessToken)).status).toBe(401)
  expect((await post('/api/auth/login', { email: user.email, password })).status).toBe(401)
  const refused = await post('/api/auth/refresh', { refreshToken: fresh.refreshToken })
  expect(refused.status).toBe(401)
  await setActive(true)
  expect((await me(fresh.accessToken)).status).toBe(200)

  clock.offsetMs += 31 * 86_400_000
  const late = await post('/api/auth/refresh', { refreshToken: fresh.refreshToken })
  expect(late.status).toBe(401)
})

describe('forged tokens', () => {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const signedBy = (key: string, content: string) =>
    `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`

  test('are all refused, with the same words', async () => {
    const { accessToken } = await register()
    const secret = app.parts.secrets.jwtSecret
    const good = jwt.verify(accessToken, secret) as jwt.JwtPayload
    const sign = (claims: object, options: jwt.SignOptions = {}, key = secret) =>
      jwt.sign(claims, key, { algorithm: 'HS256', ...options })
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    })
    const confused = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(good)}`
    const other = (await register()).user.id

    const forged: Record<string, string | null> = {
      none: `${encode({ alg: 'none', typ: 'JWT' })}.${encode(good)}.`,
      'None with a signature': `${encode({ alg: 'None' })}.${encode(good)}.${accessToken.split('.')[2]}`,
      RS256: jwt.sign(good, privateKey, { algorithm: 'RS256' }),
      'HMAC under a public key': signedBy(publicKey, confused),
      HS384: sign(good, { algorithm: 'HS384' }),
      HS512: sign(good, { algorithm: 'HS512' }),
      'another secret': sign(good, {}, 'x'.repeat(40)),
      'a kid that points at an empty file': signedBy(
        '',
        `${encode({ alg: 'HS256', kid: '/dev/null' })}.${encode(good)}`,
      ),
      expired: sign({ ...good, iat: 1, exp: 2 }),
      'not yet': sign({ ...good, nbf: Math.floor(Date.now() / 1000) + 600 }),
      'another audience': sign({ ...good, aud: 'elsewhere' }),
      'no audience': sign({ sub: good.sub, sid: good.sid, iss: good.iss, exp: good.exp }),
      'another issuer': sign({ ...good, iss: 'elsewhere' }),
      "another person's session": sign({ ...good, sub: other }),
      'no session': sign({ ...good, sid: undefined }),
      'a session that is not': sign({ ...good, sid: '999999' }),
      'a session that is SQL': sign({ ...good, sid: "1' or '1'='1" }),
      'a session that is a list': sign({ ...good, sid: [good.sid] }),
      'a session beyond bigint': sign({ ...good, sid: '9'.repeat(30) }),
      'a changed payload': accessToken.replace(/\.[^.]+\./, `.${encode({ ...good, sub: '1' })}.`),
      'no signature': accessToken.replace(/\.[^.]+$/, '.'),
      nonsense: 'x',
      nothing: null,
    }
    const answers = new Set<string>()
    for (const [name, token] of Object.entries(forged)) {
      const answer = await me(token)
      expect([name, answer.status]).toEqual([name, 401])
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
      const { requestId: _requestId, ...words } = answer.body as Record<string, unknown>
      answers.add(JSON.stringify(words))
    }
    expect(answers.size).toBe(1)
    expect((await me(accessToken)).status).toBe(200)
  })
})

test('an unknown address and a wrong password are told in the same words', async () => {
  const { user } = await register()
  const wrong = await post('/api/auth/login', { email: user.email, password: 'wrong horse 1' })
  const unknown = await post('/api/auth/login', { email: newEmail(), password: 'wrong horse 1' })
  const words = ({ body }: typeof wrong) => ({ ...(body as object), requestId: '' })
  expect(wrong.status).toBe(401)
  expect(unknown.status).toBe(401)
  expect(words(unknown)).toEqual(words(wrong))
})

test('one address, one account, also for two who come at once', async () => {
  const email = newEmail()
  const answers = await Promise.all(
    [email, email.toUpperCase()].map((given) =>
      post('/api/auth/register', { email: given, password }),
    ),
  )
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409])
  const orphans = await asOwner(app.ownerUrl, (client) =>
    client.query(`select from workspaces w where not exists
      (select from memberships m where m.workspace_id = w.id)`),
  )
  expect(orphans.rowCount).toBe(0)
})

test.each([
  ['short1!', 'must have at least 8 characters'],
  ['x1'.repeat(65), 'may have at most 128 characters'],
  ['1234567890', 'must contain a letter'],
  ['onlyletters', 'must contain a digit or a symbol'],
  ['aaaaaaaa1', 'must not repeat a few characters'],
  ['rules@accounts.example', 'must not be the e-mail address'],
])('the password %s: %s', async (given, sentence) => {
  const body = { email: 'rules@accounts.example', password: given }
  const answer = await post('/api/auth/register', body)
  expect(answer.status).toBe(400)
  expect((answer.body as Problem).errors).toContainEqual({
    in: 'body',
    pointer: '/password',
    detail: sentence,
  })
})

test.each([
  [{ email: 'a@b.example', password, role: 'admin' }, '/role'],
  [{ email: 'a@b.example', password, isVerified: true }, '/isVerified'],
  [{ email: 'not an address', password }, '/email'],
  [{ email: `${'a'.repeat(250)}@b.example`, password }, '/email'],
  [{ password }, '/email'],
])('what does not belong into an account is pointed at: %j', async (body, pointer) => {
  const answer = await post('/api/auth/register', body)
  expect(answer.status).toBe(400)
  expect((answer.body as Problem).errors.map((error) => error.pointer)).toContain(pointer)
})

test('a session is seen at most once a minute', async () => {
  const { accessToken, user } = await register()
  const seenAt = async () => {
    const { rows } = await asOwner(app.ownerUrl, (client) =>
      client.query('select last_seen_at from sessions where user_id = $1', [user.id]),
    )
    return (rows[0].last_seen_at as Date).getTime()
  }
  const opened = await seenAt()
  await me(accessToken)
  expect(await seenAt()).toBe(opened)
  clock.offsetMs = 61_000
  await me(accessToken)
  expect(await seenAt()).toBeGreaterThan(opened + 60_000)
})

test('nothing that opens a door is in the database or in the log', async () => {
  const { accessToken, refreshToken, user } = await register()
  await post('/api/auth/login', { email: user.email, password: 'a-wrong-Passw0rd-canary' })
  await post(`/api/auth/refresh?refreshToken=${refreshToken}`, { refreshToken })
  const stored = await asOwner(app.ownerUrl, async (client) => {
    const sessions = await client.query('select * from sessions where user_id = $1', [user.id])
    const users = await client.query('select * from users where id = $1', [user.id])
    return JSON.stringify([sessions.rows, users.rows])
  })
  expect(stored).toContain('bcrypt-sha384$$2b$04$')
  const [family = '', secret = ''] = refreshToken.split('.')
  for (const key of [family, secret, password, accessToken]) expect(stored).not.toContain(key)

  const logged = recorded.text()
  expect(logged).toContain('/api/auth/refresh')
  const keys = [family, secret, password, accessToken, 'Passw0rd-canary']
  for (const key of [...keys, app.parts.secrets.jwtSecret]) expect(logged).not.toContain(key)
})

test('a flood of logins is answered with 503 and a time to come back', async () => {
  const slow = await startTestApp({ variables: { PASSWORD_HASH_COST: '10' } })
  try {
    const body = { email: 'nobody@accounts.example', password: 'wrong horse 1' }
    const answers = await Promise.all(
      Array.from({ length: 120 }, () => callApi(slow.url, null, 'POST', '/api/auth/login', body)),
    )
    const full = answers.filter(({ status }) => status === 503)
    expect(full.length).toBeGreaterThan(0)
    expect(full.length + answers.filter(({ status }) => status === 401).length).toBe(120)
    expect(full[0]?.headers.get('retry-after')).toBe('5')
  } finally {
    await slow.close()
  }
})
