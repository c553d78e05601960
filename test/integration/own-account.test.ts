import { auditOf, movingClock, openPerson, type Tokens, wordsOf } from '../support/accounts.ts'
import { callApi, password, startTestApp, type TestApp } from '../support/app.ts'
import { type Mailbox, openMailbox } from '../support/mailbox.ts'
import { mailRows } from '../support/mails.ts'

const fresh = 'quite another horse 7'
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

const newEmail = () => `person-${++people}@own.example`
const call = (token: string | null, method: string, path: string, body?: unknown) =>
  callApi(app.url, token, method, path, body)
const login = (email: string, given = password) =>
  call(null, 'POST', '/api/auth/login', { email, password: given })
const me = async (token: string) => (await call(token, 'GET', '/api/auth/me')).status
const pointers = ({ body }: { body: unknown }) =>
  ((body as { errors?: { pointer: string }[] }).errors ?? []).map(({ pointer }) => pointer)

async function signedIn() {
  const person = await openPerson(app, newEmail())
  const { accessToken, refreshToken } = await person.signIn()
  return { ...person, token: accessToken, refreshToken }
}

describe('what people say of themselves', () => {
  test('is empty at first, changes field by field, and null takes it away', async () => {
    const { token, userId, email } = await signedIn()
    const first = await call(token, 'GET', '/api/users/me')
    expect(first.body).toEqual({
      id: userId,
      email,
      username: null,
      displayName: null,
      bio: null,
      avatarUrl: null,
      role: 'user',
      isVerified: true,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    })
    clock.offsetMs = 60_000
    const said = {
      username: 'Ada_L',
      displayName: 'Ada 😀',
      bio: 'Counts.\nWrites.',
      avatarUrl: 'https://example.org/ada.png',
    }
    const changed = await call(token, 'PATCH', '/api/users/me', said)
    expect(changed.status).toBe(200)
    expect(changed.body).toMatchObject({ ...said, username: 'ada_l' })
    const { updatedAt } = changed.body as { updatedAt: string }
    expect(updatedAt > (first.body as { updatedAt: string }).updatedAt).toBe(true)
    await call(token, 'PATCH', '/api/users/me', { bio: null })
    const last = await call(token, 'GET', '/api/users/me')
    expect(last.body).toMatchObject({ ...said, username: 'ada_l', bio: null })
    const rows = (await auditOf(app, 'account.updated')).filter((row) => row.object_id === userId)
    expect(rows.map(({ details }) => details.fields)).toEqual([
      ['username', 'displayName', 'bio', 'avatarUrl'],
      ['bio'],
    ])
  })

  test('a username is one person’s, also for two who come at once', async () => {
    const [one, other] = [await signedIn(), await signedIn()]
    const answers = await Promise.all(
      [one, other].map(({ token }, at) =>
        call(token, 'PATCH', '/api/users/me', { username: at ? 'TAKEN_1' : 'taken_1' }),
      ),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    const late = answers.find(({ status }) => status === 409)
    expect(late && pointers(late)).toEqual(['/username'])
  })

  test.each([
    [{ username: 'ab' }, '/username'],
    [{ username: 'a'.repeat(31) }, '/username'],
    [{ username: 'ada-l' }, '/username'],
    [{ username: 'аda_l' }, '/username'],
    [{ username: null }, '/username'],
    [{ displayName: 'two\nlines' }, '/displayName'],
    [{ bio: 'x'.repeat(501) }, '/bio'],
    [{ bio: 'a\u0007b' }, '/bio'],
    [{ avatarUrl: 'http://example.org/a.png' }, '/avatarUrl'],
    [{ avatarUrl: 'javascript:alert(1)' }, '/avatarUrl'],
    [{ avatarUrl: 'https://user:secret@example.org/' }, '/avatarUrl'],
    [{ avatarUrl: `https://example.org/${'a'.repeat(500)}` }, '/avatarUrl'],
    [{ email: 'other@example.org' }, '/email'],
    [{ role: 'admin' }, '/role'],
    [{ isVerified: false }, '/isVerified'],
    [{ isActive: true }, '/isActive'],
    [{ id: '1' }, '/id'],
    [{ passwordHash: 'x' }, '/passwordHash'],
  ])('SEC-13: %j is refused', async (body, pointer) => {
    const { token } = await signedIn()
    const answer = await call(token, 'PATCH', '/api/users/me', body)
    expect([answer.status, pointers(answer)]).toEqual([400, [pointer]])
  })
})

describe('a change of password', () => {
  const change = (token: string, body: object) => call(token, 'PUT', '/api/users/me/password', body)
  const right = { currentPassword: password, newPassword: fresh }

  test('SEC-03: ends the other sessions, tells the owner and is written down', async () => {
    const { token, email, userId, signIn } = await signedIn()
    const other = await signIn()
    expect((await change(token, right)).status).toBe(204)
    expect([await me(token), await me(other.accessToken)]).toEqual([200, 401])
    expect((await login(email)).status).toBe(401)
    expect((await login(email, fresh)).status).toBe(200)
    const mails = (await mailRows(app.ownerUrl)).filter(({ recipient }) => recipient === email)
    expect(mails.map(({ template }) => template)).toEqual(['password_changed'])
    const [row] = (await auditOf(app, 'password.changed')).slice(-1)
    expect(row).toMatchObject({ object_id: userId, details: { sessionsEnded: 1 } })
  })

  test('makes links worthless that were asked for before it', async () => {
    const { token, email } = await signedIn()
    await call(null, 'POST', '/api/auth/forgot-password', { email })
    const link = await mailbox.tokenTo(email)
    await call(null, 'POST', '/api/auth/forgot-password', { email })
    await mailbox.answer()
    clock.offsetMs = 1_000
    expect((await change(token, right)).status).toBe(204)
    const reset = { token: link, password: 'one more horse 9' }
    expect((await call(null, 'POST', '/api/auth/reset-password', reset)).status).toBe(400)
    // Nor is the one that still waited to be mailed ever made.
    await mailbox.deliver()
    expect(await mailbox.tokensTo(email)).toEqual([link])
  })

  test.each([
    [{ ...right, currentPassword: 'wrong horse 1' }, '/currentPassword'],
    [{ ...right, newPassword: 'Password123' }, '/newPassword'],
    [{ ...right, newPassword: password }, '/newPassword'],
    [{ ...right, newPassword: 'own.example1' }, '/newPassword'],
    [{ newPassword: fresh }, '/currentPassword'],
  ])('is refused: %j', async (body, pointer) => {
    const { token, email } = await signedIn()
    const answer = await change(token, body)
    expect([answer.status, pointers(answer)]).toEqual([400, [pointer]])
    expect((await login(email)).status).toBe(200)
  })

  test('SEC-06: a stolen session is no place to guess the password from', async () => {
    const { token } = await signedIn()
    const statuses = []
    for (let round = 0; round < 8; round += 1) {
      const body = { ...right, currentPassword: `wrong horse ${round}` }
      statuses.push((await change(token, body)).status)
    }
    expect(statuses.slice(0, 4)).toEqual([400, 400, 400, 400])
    expect(statuses.at(-1)).toBe(429)
  })

  test('of two at once from the same password one counts', async () => {
    const { token, email } = await signedIn()
    const answers = await Promise.all(
      [1, 2].map((at) => change(token, { ...right, newPassword: `${fresh} ${at}` })),
    )
    // The other was confirmed with the old password before the change, or asked just after it.
    const [counted, other] = answers.map(({ status }) => status).toSorted()
    expect(counted).toBe(204)
    expect([400, 409]).toContain(other)
    const winner = answers.findIndex(({ status }) => status === 204) + 1
    expect((await login(email, `${fresh} ${winner}`)).status).toBe(200)
  })
})

describe('a change of address', () => {
  const ask = (token: string, email: string, currentPassword = password) =>
    call(token, 'POST', '/api/users/me/email', { currentPassword, email })

  test('SEC-03: happens when the link in the mail to the new one is followed: sessions end, the old one is told', async () => {
    const { token, email, userId } = await signedIn()
    const next = newEmail()
    expect((await ask(token, next)).status).toBe(202)
    expect((await login(next)).status).toBe(401)
    const link = await mailbox.tokenTo(next)
    expect((await call(null, 'POST', '/api/auth/confirm-email', { token: link })).status).toBe(204)
    expect((await login(email)).status).toBe(401)
    expect((await call(token, 'GET', '/api/users/me')).status).toBe(401)
    const { accessToken } = (await login(next)).body as Tokens
    expect((await call(accessToken, 'GET', '/api/users/me')).body).toMatchObject({ email: next })
    await mailbox.deliver()
    const [told] = await mailbox.mailsTo(email)
    expect(told?.text).toContain(next)
    const [row] = (await auditOf(app, 'email.changed')).slice(-1)
    const details = { sessionsEnded: 1 }
    expect(row).toMatchObject({ object_id: userId, actor_id: userId, details })
  })

  test('SEC-07: whether somebody has the new address is told to that address alone', async () => {
    const [{ token }, owner] = [await signedIn(), await openPerson(app, newEmail())]
    const answers = [await ask(token, owner.email), await ask(token, newEmail())]
    expect(answers.map(({ status }) => status)).toEqual([202, 202])
    expect(new Set(answers.map(wordsOf)).size).toBe(1)
    await mailbox.deliver()
    expect(await mailbox.tokensTo(owner.email)).toEqual([])
    expect(await mailbox.mailsTo(owner.email)).toHaveLength(1)
    expect((await owner.login()).status).toBe(200)
  })

  test('is refused when somebody took the address meanwhile', async () => {
    const { token, email } = await signedIn()
    const next = newEmail()
    await ask(token, next)
    const link = await mailbox.tokenTo(next)
    const faster = await openPerson(app, next)
    const late = await call(null, 'POST', '/api/auth/confirm-email', { token: link })
    expect([late.status, pointers(late)]).toEqual([400, ['/token']])
    expect((await login(email)).status).toBe(200)
    expect((await faster.login()).status).toBe(200)
  })

  test('a link that went to the old address opens nothing after it', async () => {
    const { token, email } = await signedIn()
    await call(null, 'POST', '/api/auth/forgot-password', { email })
    const reset = await mailbox.tokenTo(email)
    const next = newEmail()
    await ask(token, next)
    const link = await mailbox.tokenTo(next)
    await call(null, 'POST', '/api/auth/confirm-email', { token: link })
    const late = { token: reset, password: fresh }
    expect((await call(null, 'POST', '/api/auth/reset-password', late)).status).toBe(400)
  })

  test('needs the password, and another address than now', async () => {
    const { token, email } = await signedIn()
    const wrong = await ask(token, newEmail(), 'wrong horse 1')
    expect([wrong.status, pointers(wrong)]).toEqual([400, ['/currentPassword']])
    const same = await ask(token, email.toUpperCase())
    expect([same.status, pointers(same)]).toEqual([400, ['/email']])
  })
})
