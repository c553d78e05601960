import { TOTP } from 'otpauth'
import { auditOf, movingClock, openPerson, wordsOf } from '../support/accounts.ts'
import { callApi, password, startTestApp, type TestApp } from '../support/app.ts'
import { findCanaries } from '../support/canaries.ts'
import { dumpDatabase, dumpRedis } from '../support/dumps.ts'
import { type Mailbox, openMailbox } from '../support/mailbox.ts'
import { mailRows } from '../support/mails.ts'
import { openTestRedis, queueStores } from '../support/redis.ts'
import { asOwner } from '../support/servers.ts'

const fresh = 'quite another horse 7'
const minuteMs = 60_000
const clock = movingClock()
let app: TestApp
let mailbox: Mailbox
let people = 0

beforeAll(async () => {
  app = await startTestApp({ clock })
  mailbox = openMailbox(app)
})
afterAll(() => app?.close())
afterEach(() => {
  clock.offsetMs = 0
})

const newEmail = () => `person-${++people}@links.example`
const post = (path: string, body?: unknown, token: string | null = null) =>
  callApi(app.url, token, 'POST', path, body)
const login = async (email: string, given = password) =>
  (await post('/api/auth/login', { email, password: given })).status
const me = async (token: string) => (await callApi(app.url, token, 'GET', '/api/auth/me')).status
const reset = (token: string, more: object = {}) =>
  post('/api/auth/reset-password', { token, password: fresh, ...more })

async function resetLink(email: string): Promise<string> {
  await post('/api/auth/forgot-password', { email })
  return mailbox.tokenTo(email)
}

async function unverified(): Promise<{ email: string; token: string }> {
  const email = newEmail()
  await post('/api/auth/register', { email, password })
  return { email, token: await mailbox.tokenTo(email) }
}

/** A link of each kind, and where it is shown. */
const kinds = {
  verify: async () => {
    const { token } = await unverified()
    return { token, show: () => post('/api/auth/verify-email', { token, password }) }
  },
  reset: async () => {
    const { email } = await openPerson(app, newEmail())
    const token = await resetLink(email)
    return { token, show: () => reset(token) }
  },
  'change of address': async () => {
    const { signIn } = await openPerson(app, newEmail())
    const { accessToken } = await signIn()
    const email = newEmail()
    await post('/api/users/me/email', { currentPassword: password, email }, accessToken)
    const token = await mailbox.tokenTo(email)
    return { token, show: () => post('/api/auth/confirm-email', { token }) }
  },
}

describe.each(Object.entries(kinds))('SEC-08: a link of a mail: %s', (_kind, make) => {
  test('has 256 bits and is good once', async () => {
    const { token, show } = await make()
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    expect((await show()).status).toBe(204)
    expect((await show()).status).toBe(400)
  })

  test('is good once, also for many who show it at once', async () => {
    const { show } = await make()
    const answers = await Promise.all(Array.from({ length: 8 }, show))
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
    // Nobody has a whole line of hashing for themselves: some are asked to come back.
    expect(answers.filter(({ status }) => status === 400 || status === 503)).toHaveLength(7)
  })

  test('ends within an hour', async () => {
    const { show } = await make()
    clock.offsetMs = 60 * minuteMs + 1_000
    expect((await show()).status).toBe(400)
  })

  test('is good to the end of its time', async () => {
    const { show } = await make()
    clock.offsetMs = 29 * minuteMs
    expect((await show()).status).toBe(204)
  })
})

test('SEC-08: used, expired, made-up and wrong links are refused in the same words', async () => {
  const used = await kinds.reset()
  await used.show()
  const expired = await kinds.reset()
  clock.offsetMs = 61 * minuteMs
  const late = await expired.show()
  clock.offsetMs = 0
  const ofAnotherKind = await kinds.verify()
  const answers = [
    await used.show(),
    late,
    await reset('A'.repeat(43)),
    await reset('x'),
    await reset(ofAnotherKind.token),
    await post('/api/auth/verify-email', { token: 'A'.repeat(43), password }),
    await post('/api/auth/confirm-email', { token: ofAnotherKind.token }),
  ]
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]))
  expect(new Set(answers.map(wordsOf)).size).toBe(1)
  expect((await ofAnotherKind.show()).status).toBe(204)
})

test('SEC-08: using one link makes the others of its kind worthless', async () => {
  const { email } = await openPerson(app, newEmail())
  const first = await resetLink(email)
  clock.offsetMs = minuteMs
  const second = await resetLink(email)
  expect(second).not.toBe(first)
  expect((await reset(second)).status).toBe(204)
  expect((await reset(first, { password: 'and one more horse 8' })).status).toBe(400)
  expect(await login(email, fresh)).toBe(200)
})

describe.each(queueStores())('SEC-08: after a reset was mailed, queues on %s', (store) => {
  test('no table and no queue holds what opens the account', async () => {
    const redis = store === 'redis' ? await openTestRedis() : null
    const own = await startTestApp({ clock, variables: redis ? { REDIS_URL: redis.url } : {} })
    try {
      const box = openMailbox(own)
      const { email } = await openPerson(own, newEmail())
      await callApi(own.url, null, 'POST', '/api/auth/forgot-password', { email })
      const token = await box.tokenTo(email)
      const places = [
        ...(await dumpDatabase(own.ownerUrl)),
        ...(redis ? await dumpRedis(redis.client) : []),
      ]
      expect(places.map(({ text }) => text).join()).toContain('answer-account-requests')
      expect(findCanaries(places, [{ name: 'the token', value: token }])).toEqual([])
      expect(findCanaries(places, [{ name: 'the password', value: password }])).toEqual([])
      // Whatever the tables do hold is no link: each word of them is tried as one.
      const rows = places.find(({ where }) => where === 'public.account_tokens')?.text ?? ''
      const words = rows.match(/[\w-]{20,}/g) ?? []
      expect(words.length).toBeGreaterThan(0)
      for (const word of words) {
        const body = { token: word, password: fresh }
        const tried = await callApi(own.url, null, 'POST', '/api/auth/reset-password', body)
        expect(tried.status).toBe(400)
      }
    } finally {
      await own.close()
      await redis?.close()
    }
  })
})

test('a reset ends every session and every API token, tells the owner and is written down', async () => {
  const { email, userId, signIn } = await openPerson(app, newEmail())
  const [first, second] = [await signIn(), await signIn()]
  const made = await post(
    '/api/users/me/tokens',
    { name: 'a script', scopes: ['read'], expiresInDays: null, currentPassword: password },
    first.accessToken,
  )
  const { token: apiToken } = made.body as { token: string }
  expect(await me(apiToken)).toBe(200)
  expect((await reset(await resetLink(email))).status).toBe(204)
  for (const token of [first.accessToken, second.accessToken, apiToken]) {
    expect(await me(token)).toBe(401)
  }
  const { refreshToken } = second
  expect((await post('/api/auth/refresh', { refreshToken })).status).toBe(401)
  expect([await login(email), await login(email, fresh)]).toEqual([401, 200])
  await mailbox.deliver()
  expect((await mailbox.mailsTo(email)).map(({ subject }) => subject).join()).toMatch(/changed/i)
  const [row] = (await auditOf(app, 'password.reset')).slice(-1)
  expect(row).toMatchObject({ object_id: userId, details: { sessions: 2, apiTokens: 1 } })
})

test('a reset proves an address that was not verified yet', async () => {
  const { email } = await unverified()
  expect((await reset(await resetLink(email))).status).toBe(204)
  expect(await login(email, fresh)).toBe(200)
})

test('a refused password does not use the link up', async () => {
  const { email } = await openPerson(app, newEmail())
  const token = await resetLink(email)
  const refused = await reset(token, { password: 'Password123' })
  expect(refused.status).toBe(400)
  expect((refused.body as { errors: { pointer: string }[] }).errors[0]?.pointer).toBe('/password')
  expect((await reset(token)).status).toBe(204)
})

test('a disabled account follows no link, and none is mailed to it', async () => {
  const { email, userId } = await openPerson(app, newEmail())
  const token = await resetLink(email)
  await asOwner(app.ownerUrl, (client) =>
    client.query('update users set is_active = false where id = $1', [userId]),
  )
  expect((await reset(token)).status).toBe(400)
  await post('/api/auth/forgot-password', { email })
  await mailbox.deliver()
  const mails = (await mailRows(app.ownerUrl)).filter(({ recipient }) => recipient === email)
  expect(mails).toHaveLength(1)
})

test('SEC-08: a mailbox alone opens no account that has a second factor', async () => {
  const { email, signIn } = await openPerson(app, newEmail())
  const { accessToken } = await signIn()
  const codes = await turnOn(accessToken)
  const token = await resetLink(email)
  const without = await reset(token)
  expect(without.status).toBe(400)
  expect((without.body as { errors: { pointer: string }[] }).errors[0]?.pointer).toBe('/code')
  expect((await reset(token, { code: '000000' })).status).toBe(400)
  expect((await reset(token, { code: codes.recovery })).status).toBe(204)
  // The factor is still on: the new password alone is half of signing in.
  const half = await post('/api/auth/login', { email, password: fresh })
  expect(half.body).not.toHaveProperty('accessToken')
})

test('SEC-08: a link is worth nothing after five wrong codes', async () => {
  const { email, signIn } = await openPerson(app, newEmail())
  const { accessToken } = await signIn()
  const codes = await turnOn(accessToken)
  const token = await resetLink(email)
  for (let round = 0; round < 5; round += 1) await reset(token, { code: '000000' })
  expect((await reset(token, { code: codes.recovery })).status).toBe(400)
  const next = await resetLink(email)
  expect((await reset(next, { code: codes.recovery })).status).toBe(204)
})

async function turnOn(accessToken: string): Promise<{ recovery: string }> {
  const started = await post(
    '/api/users/me/second-factor',
    { currentPassword: password },
    accessToken,
  )
  const { secret } = started.body as { secret: string }
  const code = new TOTP({ secret }).generate({ timestamp: clock.now().getTime() })
  const confirmed = await callApi(app.url, accessToken, 'PUT', '/api/users/me/second-factor', {
    code,
  })
  const { recoveryCodes } = confirmed.body as { recoveryCodes: string[] }
  return { recovery: recoveryCodes[0] ?? '' }
}
