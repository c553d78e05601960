import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { auditOf } from '../support/accounts.ts'
import { callApi, startTestApp, type TestApp } from '../support/app.ts'
import { mailRows } from '../support/mails.ts'

let app: TestApp
let folder: string

beforeAll(async () => {
  app = await startTestApp()
  // Not the checkout: its .env stays out of it.
  folder = await mkdtemp(join(tmpdir(), 'earshot-users-'))
})
afterAll(async () => {
  await app?.close()
  await rm(folder, { recursive: true, force: true })
})

const { PATH = '' } = process.env
type Ran = { code: number | null; out: string; err: string }

/** `npm run earshot -- users ...`, in a process of its own. */
async function users(args: string[], input?: string): Promise<Ran> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', resolve('src/cli/main.ts'), 'users', ...args],
    {
      cwd: folder,
      env: {
        PATH,
        NODE_ENV: 'test',
        DATABASE_URL: app.ownerUrl,
        DATA_DIR: app.parts.config.dataFolder,
        PASSWORD_HASH_COST: '4',
      },
    },
  )
  child.stdin.end(input ?? '')
  const closed = new Promise<number | null>((done) => child.once('close', done))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await closed, out: out.trim(), err: err.trim() }
}

const login = (email: string, password: string) =>
  callApi(app.url, null, 'POST', '/api/auth/login', { email, password })

test('somebody is made an account, and signs in with the password that is shown once', async () => {
  const made = await users(['create', '--email', ' Ada@Terminal.example ', '--admin'])
  expect(made).toMatchObject({ code: 0, err: '' })
  const password = /Password \(shown this once\): (\S+)$/.exec(made.out)?.[1] ?? ''
  expect(password).toHaveLength(20)
  const signedIn = await login('ada@terminal.example', password)
  expect(signedIn.status).toBe(200)
  expect(signedIn.body).toMatchObject({ user: { role: 'admin', isVerified: true } })
  const [row] = await auditOf(app, 'account.registered')
  expect(row).toMatchObject({
    actor_id: null,
    details: { by: 'users create', role: 'admin', verified: true },
  })
  expect(JSON.stringify(row)).not.toContain(password)
})

test('a password comes by standard input, under the same rules, and is not shown', async () => {
  const args = ['create', '--email', 'grace@terminal.example', '--password-stdin']
  const refused = await users(args, 'Password123\n')
  expect(refused).toMatchObject({ code: 1, out: '' })
  expect(refused.err).toMatch(/^The password is one of the most common/)
  const made = await users([...args, '--display-name', 'Grace H.'], 'correct horse 1\n')
  expect(made).toEqual({ code: 0, out: 'grace@terminal.example can sign in.', err: '' })
  const signedIn = await login('grace@terminal.example', 'correct horse 1')
  expect(signedIn.body).toMatchObject({ user: { displayName: 'Grace H.', role: 'user' } })
})

test('what cannot be is said in a sentence, and the command fails', async () => {
  const taken = await users(['create', '--email', 'ADA@terminal.example'])
  expect(taken).toEqual({
    code: 1,
    out: '',
    err: 'There is an account for ada@terminal.example.',
  })
  const none = await users(['create', '--email', 'ada'])
  expect(none).toEqual({ code: 1, out: '', err: "'ada' is no e-mail address." })
  const nobody = await users(['disable', 'nobody@terminal.example'])
  expect(nobody).toMatchObject({ code: 1, err: 'Nobody has the address nobody@terminal.example.' })
  const last = await users(['demote', 'ada@terminal.example'])
  expect(last).toMatchObject({ code: 1 })
  expect(last.err).toContain('the last admin')
})

test('promoted, demoted, disabled, enabled: each is felt at once and written down', async () => {
  const email = 'grace@terminal.example'
  const signedIn = await login(email, 'correct horse 1')
  const { accessToken } = signedIn.body as { accessToken: string }
  const me = async () => {
    const { status, body } = await callApi(app.url, accessToken, 'GET', '/api/users/me')
    return status === 200 ? (body as { role: string }).role : status
  }
  const run = async (...args: string[]) => {
    const { code, out } = await users([...args, email, '--json'])
    expect(code).toBe(0)
    return JSON.parse(out) as object
  }
  expect(await run('promote')).toMatchObject({ email, role: 'admin', isActive: true })
  expect(await me()).toBe('admin')
  expect(await run('demote')).toMatchObject({ role: 'user' })
  expect(await me()).toBe('user')
  expect(await run('disable', '--reason', 'left the team')).toMatchObject({ isActive: false })
  expect(await me()).toBe(401)
  expect((await login(email, 'correct horse 1')).status).toBe(401)
  expect(await run('enable')).toMatchObject({ isActive: true })
  // What was ended stays ended: a new session it is.
  expect(await me()).toBe(401)
  expect((await login(email, 'correct horse 1')).status).toBe(200)
  const mails = await mailRows(app.ownerUrl)
  expect(mails.map(({ template, data }) => [template, data.reason])).toEqual([
    ['account_disabled', 'left the team'],
  ])
  const rows = await auditOf(app, 'account.role_changed', 'account.disabled', 'account.enabled')
  expect(rows.map(({ action, details }) => [action, details.by])).toEqual([
    ['account.role_changed', 'users promote'],
    ['account.role_changed', 'users demote'],
    ['account.disabled', 'users disable'],
    ['account.enabled', 'users enable'],
  ])
})

test('everybody is listed, for people and for programs', async () => {
  const shown = await users(['list'])
  expect(shown.code).toBe(0)
  expect(shown.out).toMatch(/ada@terminal\.example +since \d{4}-\d\d-\d\d .*administrator/)
  const { out } = await users(['list', '--json'])
  const { users: listed } = JSON.parse(out) as { users: Record<string, unknown>[] }
  expect(listed.map(({ email, role, isActive }) => [email, role, isActive])).toEqual([
    ['ada@terminal.example', 'admin', true],
    ['grace@terminal.example', 'user', true],
  ])
  expect(out).not.toContain('bcrypt')
})
