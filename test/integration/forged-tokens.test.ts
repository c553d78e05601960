import { request } from 'node:http'
import jwt from 'jsonwebtoken'
import { auditOf, movingClock, openPerson, type Tokens, wordsOf } from '../support/accounts.ts'
import { callApi, startTestApp, type TestApp } from '../support/app.ts'
import { type Claims, forgedTokens, madeToken } from '../support/forged-tokens.ts'
import { callWith } from '../support/team.ts'

const clock = movingClock()
let app: TestApp
let tokens: Tokens
let good: Claims
let forged: Record<string, string>

const path = '/api/auth/me'
const ask = (authorization: string, more: Record<string, string> = {}) =>
  callWith(app.url, { authorization, ...more }, ['GET', path])
const withToken = (token: string) => ask(`Bearer ${token}`)
/** Headers of a name twice, which fetch would join. */
const askRaw = (headers: string[], asked = path) =>
  new Promise<{ status: number; body: unknown }>((resolve, reject) => {
    const sent = request(`${app.url}${asked}`, { headers: headers as never }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        const body = JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown
        resolve({ status: response.statusCode ?? 0, body })
      })
    })
    sent.on('error', reject).end()
  })

beforeAll(async () => {
  app = await startTestApp({ clock })
  tokens = await (await openPerson(app, 'ada@forged.example')).signIn()
  const other = await openPerson(app, 'eve@forged.example')
  good = jwt.decode(tokens.accessToken) as Claims
  forged = forgedTokens(tokens.accessToken, {
    secret: app.parts.secrets.jwtSecret,
    good,
    otherUserId: other.userId,
    otherSessionId: String((jwt.decode((await other.signIn()).accessToken) as Claims).sid),
  })
  forged['the refresh token'] = tokens.refreshToken
})
afterAll(() => app?.close())
afterEach(() => {
  clock.offsetMs = 0
})

test('SEC-04: a token made like ours is let in, so what follows is refused for what is wrong', async () => {
  expect((await withToken(tokens.accessToken)).status).toBe(200)
  expect((await withToken(madeToken(app.parts.secrets.jwtSecret, good))).status).toBe(200)
})

test('SEC-04: every forged token is answered with 401 and the same words', async () => {
  expect(Object.keys(forged).length).toBeGreaterThanOrEqual(80)
  const nobody = await callApi(app.url, null, 'GET', path)
  const words = new Set([wordsOf(nobody)])
  for (const [name, token] of Object.entries(forged)) {
    const answer = await withToken(token)
    expect([name, answer.status]).toEqual([name, 401])
    expect([name, answer.headers.get('www-authenticate')]).toEqual([name, 'Bearer'])
    words.add(wordsOf(answer))
  }
  expect(words.size).toBe(1)
})

test('SEC-04: a good token is read from one Authorization header and from nowhere else', async () => {
  const { accessToken: token } = tokens
  const schemes = [
    `Basic ${Buffer.from(`ada:${token}`).toString('base64')}`,
    `JWT ${token}`,
    `Basic Bearer ${token}`,
    token,
    `Bearer ${token}, Bearer ${token}`,
    `Bearer ${token} ${token}`,
    `Bearer  `,
    `Bearer\t${token}`,
  ]
  const words = new Set<string>()
  for (const scheme of schemes) {
    const answer = await ask(scheme)
    expect([scheme, answer.status]).toEqual([scheme, 401])
    words.add(wordsOf(answer))
  }
  const host = ['host', '127.0.0.1']
  const authorization = ['authorization', `Bearer ${token}`]
  const elsewhere = [
    await askRaw([...host, ...authorization, 'authorization', 'Bearer x']),
    await askRaw([...host, ...authorization, ...authorization]),
    await askRaw(host, `${path}?access_token=${token}&token=${token}&auth_token=${token}`),
    await askRaw([...host, 'cookie', `token=${token}; access_token=${token}`]),
    await askRaw([...host, 'x-access-token', token, 'proxy-authorization', `Bearer ${token}`]),
  ]
  expect(elsewhere.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401])
  for (const answer of elsewhere) words.add(wordsOf(answer))
  expect(words.size).toBe(1)
  expect((await ask(`bearer ${token}`)).status).toBe(200)
})

test('SEC-04: a token dies when its time is over, and its session goes on', async () => {
  clock.offsetMs = (86_400 - 5) * 1_000
  expect((await withToken(tokens.accessToken)).status).toBe(200)
  clock.offsetMs = 86_400 * 1_000
  expect((await withToken(tokens.accessToken)).status).toBe(401)
})

test('SEC-04: a clock that is set back by more than a few seconds refuses what is not yet', async () => {
  clock.offsetMs = -3_000
  expect((await withToken(tokens.accessToken)).status).toBe(200)
  clock.offsetMs = -120_000
  expect((await withToken(tokens.accessToken)).status).toBe(401)
})

test('SEC-01: a life that is made shorter counts for tokens that were issued before', async () => {
  const short = await startTestApp({ variables: { ACCESS_TOKEN_MINUTES: '5' }, clock })
  try {
    const { accessToken } = await (await openPerson(short, 'ada@short.example')).signIn()
    const claims = jwt.decode(accessToken) as Claims
    expect(Number(claims.exp) - Number(claims.iat)).toBe(300)
    const long = { ...claims, exp: Number(claims.iat) + 86_400 }
    const token = madeToken(short.parts.secrets.jwtSecret, long)
    expect((await callApi(short.url, token, 'GET', path)).status).toBe(200)
    clock.offsetMs = 301_000
    expect((await callApi(short.url, token, 'GET', path)).status).toBe(401)
  } finally {
    await short.close()
  }
})

test('SEC-11: a workspace of others and one that is not there are not found alike', async () => {
  const mine = (await withToken(tokens.accessToken)).body as { workspace: { id: string } }
  const foreign = await (await openPerson(app, 'mallory@forged.example')).signIn()
  const theirs = (await withToken(foreign.accessToken)).body as { workspace: { id: string } }
  const named = (id: string) => ask(`Bearer ${tokens.accessToken}`, { 'x-workspace': id })
  expect((await named(mine.workspace.id)).status).toBe(200)
  const ids = [theirs.workspace.id, '999999999', '0', '-1', 'x', '', `${mine.workspace.id}, 1`]
  const answers = await Promise.all(ids.map(named))
  expect(answers.map(({ status }) => status)).toEqual(ids.map(() => 404))
  expect(new Set(answers.map(wordsOf)).size).toBe(1)
  // A token that is no good says 401, whatever workspace it names.
  const bad = await ask('Bearer x', { 'x-workspace': theirs.workspace.id })
  expect(bad.status).toBe(401)
})

test('A05: the payload carries the address, and no more than it needs', async () => {
  expect(Object.keys(good).toSorted()).toEqual(
    ['aud', 'email', 'exp', 'iat', 'iss', 'jti', 'nbf', 'sid', 'sub'].toSorted(),
  )
  expect(good.email).toBe('ada@forged.example')
  expect(jwt.decode(tokens.accessToken, { complete: true })?.header).toEqual({
    alg: 'HS256',
    typ: 'at+jwt',
  })
  expect(await auditOf(app, 'session.refreshed_twice')).toEqual([])
})
