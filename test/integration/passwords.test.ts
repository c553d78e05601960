import { openPerson } from '../support/accounts.ts'
import { callApi, openTestAccount, password, startTestApp, type TestApp } from '../support/app.ts'
import { type Mailbox, openMailbox, registerByMail } from '../support/mailbox.ts'
import { asOwner } from '../support/servers.ts'

let app: TestApp
let mailbox: Mailbox
let people = 0

beforeAll(async () => {
  app = await startTestApp()
  mailbox = openMailbox(app)
})
afterAll(() => app?.close())

const newEmail = () => `person-${++people}@passwords.example`
const post = (path: string, body?: unknown, to = app) => callApi(to.url, null, 'POST', path, body)
const login = async (email: string, given: string, to = app) =>
  (await post('/api/auth/login', { email, password: given }, to)).status
type Problem = { errors: { pointer: string; detail: string }[] }

/** 72 bytes is where bcrypt by itself stops reading. */
const bytes72 = `${'correct horse 1 '.repeat(4)}12345678`

describe('SEC-05: a password counts to its last character', () => {
  test.each([
    ['the 73rd byte', `${bytes72}a`, `${bytes72}b`],
    ['what is beyond the 72nd byte', `${bytes72} and more`, bytes72],
    ['the 72nd byte', bytes72, `${bytes72.slice(0, -1)}9`],
    ['the 128th character', `${bytes72.padEnd(127, 'wxyz')}a`, `${bytes72.padEnd(127, 'wxyz')}b`],
    [
      'the 128th of 4 bytes each',
      `${'😀🐎🔋📎'.repeat(31)}😀🐎🔋🍕`,
      `${'😀🐎🔋📎'.repeat(31)}😀🐎🔋🎈`,
    ],
    ['a space at the end', 'correct horse 1 ', 'correct horse 1'],
    ['capitals', 'Correct Horse 1', 'correct horse 1'],
  ])('%s', async (_what, right, wrong) => {
    const email = newEmail()
    await registerByMail(app, mailbox, { email, password: right })
    expect([await login(email, wrong), await login(email, right)]).toEqual([401, 200])
  })

  test('and is the same however a keyboard composes it', async () => {
    const email = newEmail()
    await registerByMail(app, mailbox, { email, password: 'crème brûlée 1'.normalize('NFD') })
    expect(await login(email, 'crème brûlée 1'.normalize('NFC'))).toBe(200)
  })
})

test.each([
  ['short1!', 'must have at least 8 characters'],
  ['x1y2'.repeat(33), 'may have at most 128 characters'],
  ['Password123', /most common/],
  ['rules.passwords1', /your own address/],
  ['Ada-Rules-99', /your own address/],
])('SEC-05: the password %s is refused in plain words at its field', async (given, words) => {
  const email = 'rules@passwords.example'
  const body = { email, password: given, displayName: 'Ada Rules' }
  const answer = await post('/api/auth/register', body)
  expect(answer.status).toBe(400)
  const { errors } = answer.body as Problem
  expect(errors.map(({ pointer }) => pointer)).toContain('/password')
  expect(errors.map(({ detail }) => detail).join()).toMatch(words)
  expect(JSON.stringify(answer.body)).not.toContain(given)
})

test('how strong a password is, is told in words to anybody who types one', async () => {
  const ask = (body: object) => post('/api/auth/password-strength', body)
  const strong = await ask({ password: 'correct horse battery staple' })
  expect(strong.status).toBe(200)
  expect(strong.body).toEqual({
    score: 4,
    words: 'Very strong',
    suggestions: [],
    acceptable: true,
    reasons: [],
  })
  const own = await ask({ password: 'ada.lovelace1', email: 'ada.lovelace@example.org' })
  expect(own.body).toMatchObject({ acceptable: false, reasons: [expect.stringMatching(/own/)] })
  expect((await ask({ password: '' })).body).toMatchObject({ score: 0, acceptable: false })
  expect((await ask({ password: 'x'.repeat(1_001) })).status).toBe(400)
  const typing = { password: 'correct horse 1', email: 'not yet an addr' }
  expect((await ask(typing)).status).toBe(400)
})

describe('SEC-05: when PASSWORD_HASH_COST is raised', () => {
  const storedOf = async (app: TestApp, email: string) => {
    const { rows } = await asOwner(app.ownerUrl, (client) =>
      client.query('select password_hash from users where email = $1', [email]),
    )
    return String(rows[0].password_hash)
  }

  test('the next right login hashes anew, a wrong one does not, and the password stays', async () => {
    const raised = await startTestApp({ variables: { PASSWORD_HASH_COST: '6' } })
    try {
      const email = newEmail()
      const { email: cheap } = await openPerson(app, newEmail())
      await openTestAccount(raised.parts, { email })
      const old = await storedOf(app, cheap)
      await asOwner(raised.ownerUrl, (client) =>
        client.query('update users set password_hash = $1 where email = $2', [old, email]),
      )
      expect(await login(email, 'wrong horse 1', raised)).toBe(401)
      expect(await storedOf(raised, email)).toBe(old)
      expect(await login(email, password, raised)).toBe(200)
      const anew = await storedOf(raised, email)
      expect([old.slice(0, 21), anew.slice(0, 21)]).toEqual([
        'bcrypt-sha384$$2b$04$',
        'bcrypt-sha384$$2b$06$',
      ])
      expect(await login(email, password, raised)).toBe(200)
      expect(await storedOf(raised, email)).toBe(anew)
    } finally {
      await raised.close()
    }
  })
})
