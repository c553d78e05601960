import { auditOf, movingClock, openPerson, wordsOf } from '../support/accounts.ts'
import { callApi, startTestApp, type TestApp } from '../support/app.ts'
import { countRows, dumpDatabase } from '../support/dumps.ts'
import { type Mailbox, openMailbox, registerByMail } from '../support/mailbox.ts'
import { mailRows } from '../support/mails.ts'
import { asOwner } from '../support/servers.ts'
import { until } from '../support/until.ts'

const password = 'correct horse 1'
const hourMs = 3_600_000
const clock = movingClock()
let app: TestApp
let mailbox: Mailbox
let people = 0

beforeAll(async () => {
  app = await startTestApp({ clock })
  mailbox = openMailbox(app)
})
afterAll(() => app?.close())
afterEach(async () => {
  await mailbox.deliver()
  clock.offsetMs = 0
})

const newEmail = () => `person-${++people}@registration.example`
const post = (path: string, body: unknown) => callApi(app.url, null, 'POST', path, body)
const register = (email: string, given = password) =>
  post('/api/auth/register', { email, password: given })
const resend = (email: string) => post('/api/auth/resend-verification', { email })
const forgot = (email: string) => post('/api/auth/forgot-password', { email })
const login = async (email: string, given = password) =>
  (await post('/api/auth/login', { email, password: given })).status
const verify = async (token: string, given = password) =>
  (await post('/api/auth/verify-email', { token, password: given })).status
const reset = async (token: string, given: string) =>
  (await post('/api/auth/reset-password', { token, password: given })).status
const templatesTo = async (email: string) =>
  (await mailRows(app.ownerUrl))
    .filter(({ recipient }) => recipient === email)
    .map(({ template }) => template)

describe('SEC-07: who has an account is told by nothing', () => {
  test('register, resend and forgot answer alike for every kind of address', async () => {
    const known = await openPerson(app, newEmail())
    const unverified = newEmail()
    await register(unverified)
    const disabled = await openPerson(app, newEmail())
    await asOwner(app.ownerUrl, (client) =>
      client.query('update users set is_active = false where id = $1', [disabled.userId]),
    )
    await mailbox.deliver()
    for (const ask of [register, resend, forgot]) {
      const addresses = [known.email, unverified, disabled.email, newEmail()]
      const answers = []
      for (const email of addresses) answers.push(await ask(email))
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202])
      expect(new Set(answers.map(wordsOf)).size).toBe(1)
      const headers = answers.map((answer) => [...answer.headers.keys()].join())
      expect(new Set(headers).size).toBe(1)
    }
  })

  test('the request writes the same for all of them: one row that a worker looks at', async () => {
    const known = await openPerson(app, newEmail())
    for (const ask of [register, resend, forgot]) {
      const written = []
      for (const email of [known.email, newEmail()]) {
        const before = await countRows(app.ownerUrl)
        await ask(email)
        const after = await countRows(app.ownerUrl)
        const tables = Object.keys(after).filter((table) => after[table] !== before[table])
        written.push(tables.filter((table) => !table.startsWith('earshot_queue')))
        await mailbox.deliver()
      }
      expect(written[0]).toContain('public.account_requests')
      expect(written[1]).toEqual(written[0])
    }
  })

  test('REGISTRATION=invited: an address without an invitation is told the same, and gets nothing', async () => {
    const closed = await startTestApp({ variables: { REGISTRATION: 'invited' } })
    try {
      const box = openMailbox(closed)
      const owner = await openPerson(closed, newEmail())
      const [invited, stranger] = [newEmail(), newEmail()]
      await asOwner(closed.ownerUrl, async (client) => {
        await client.query('alter table invitations no force row level security')
        await client.query(
          `insert into invitations (workspace_id, email, role, invited_by, created_at, expires_at)
           select workspace_id, $1, 'viewer', user_id, now(), now() + interval '7 days'
           from memberships where user_id = $2`,
          [invited, owner.userId],
        )
        await client.query('alter table invitations force row level security')
      })
      const ask = (email: string) =>
        callApi(closed.url, null, 'POST', '/api/auth/register', { email, password })
      const answers = [await ask(invited), await ask(stranger)]
      expect(answers.map(({ status }) => status)).toEqual([202, 202])
      expect(new Set(answers.map(wordsOf)).size).toBe(1)
      await box.deliver()
      expect((await mailRows(closed.ownerUrl)).map(({ recipient }) => recipient)).toEqual([invited])
      const users = await asOwner(closed.ownerUrl, (client) =>
        client.query('select from users where email = $1', [stranger]),
      )
      expect(users.rowCount).toBe(0)
    } finally {
      await closed.close()
    }
  })
})

describe('what was asked for is done', () => {
  test('a known address is told by mail, and nothing of it changes', async () => {
    const known = await openPerson(app, newEmail())
    await register(known.email, 'another horse 2')
    await mailbox.deliver()
    expect(await templatesTo(known.email)).toEqual(['already_registered'])
    expect(await login(known.email, 'another horse 2')).toBe(401)
    expect((await known.login()).status).toBe(200)
  })

  test('unverified, the newest password holds, and only the newest link', async () => {
    const email = newEmail()
    await register(email, 'first horse 1')
    const first = await mailbox.tokenTo(email)
    clock.offsetMs = 60_000
    await register(email, 'second horse 2')
    const second = await mailbox.tokenTo(email)
    expect(second).not.toBe(first)
    expect(await verify(first, 'first horse 1')).toBe(400)
    expect(await verify(first, 'second horse 2')).toBe(400)
    expect(await verify(second, 'second horse 2')).toBe(204)
    expect(await login(email, 'first horse 1')).toBe(401)
    expect(await login(email, 'second horse 2')).toBe(200)
  })

  test('a link is sent again to who waits for it, and to nobody else', async () => {
    const [email, unknown] = [newEmail(), newEmail()]
    await register(email)
    const first = await mailbox.tokenTo(email)
    clock.offsetMs = 60_000
    await Promise.all([resend(email), resend(unknown)])
    const second = await mailbox.tokenTo(email)
    expect(second).not.toBe(first)
    expect(await templatesTo(unknown)).toEqual([])
    expect(await verify(first)).toBe(204)
    await resend(email)
    await mailbox.deliver()
    expect(await templatesTo(email)).toEqual(['verify_email', 'verify_email'])
  })

  test('nothing that a stranger typed stands in the mail to an address', async () => {
    const email = newEmail()
    const displayName = 'Win at casino.example'
    await post('/api/auth/register', { email, password, displayName })
    await mailbox.deliver()
    const [mail] = await mailbox.mailsTo(email)
    expect(mail?.text).toContain('#token=')
    expect(JSON.stringify(mail)).not.toContain('casino')
  })

  test('a link that was asked for before the address was proven opens nothing later', async () => {
    const email = newEmail()
    await registerByMail(app, mailbox, { email, password })
    await asOwner(app.ownerUrl, (client) =>
      client.query(
        `insert into mails (user_id, recipient, template, data, created_at, next_try_at)
         select id, email, 'verify_email', '{"name":null}', now(), now() from users where email = $1`,
        [email],
      ),
    )
    await mailbox.deliver()
    expect(await mailbox.tokensTo(email)).toHaveLength(1)
  })

  test('at most five mails of a kind an hour reach one address', async () => {
    const email = newEmail()
    await register(email)
    for (let round = 0; round < 8; round += 1) await resend(email)
    for (let round = 0; round < 8; round += 1) await forgot(email)
    await mailbox.deliver()
    const count = async (template: string) =>
      (await templatesTo(email)).filter((one) => one === template).length
    expect([await count('verify_email'), await count('reset_password')]).toEqual([5, 5])
    // Beyond it a registration changes nothing either: no password without a mail that names it.
    await register(email, 'another horse 2')
    await mailbox.deliver()
    clock.offsetMs = hourMs + 60_000
    await resend(email)
    expect(await verify(await mailbox.tokenTo(email))).toBe(204)
    expect(await count('verify_email')).toBe(6)
    expect(await login(email, 'another horse 2')).toBe(401)
    expect(await login(email)).toBe(200)
  })

  test('a reset that was asked for is written down, for known and unknown addresses', async () => {
    const known = await openPerson(app, newEmail())
    const unknown = newEmail()
    for (const email of [known.email, unknown]) await forgot(email)
    await mailbox.deliver()
    const rows = (await auditOf(app, 'password.reset_requested')).slice(-2)
    expect(
      rows.map(({ outcome, personal, object_id }) => [outcome, personal?.email, object_id]),
    ).toEqual([
      ['success', known.email, known.userId],
      ['failure', unknown, null],
    ])
  })
})

describe('SEC-08: an account that a stranger opened with your address does not become yours by a click', () => {
  const theirs = 'a strangers horse 3'

  test('who followed the newest link without its password has proven nothing, and can take it over', async () => {
    const email = newEmail()
    await register(email)
    await mailbox.deliver()
    clock.offsetMs = 60_000
    await register(email, theirs)
    const newest = await mailbox.tokenTo(email)
    const refused = await post('/api/auth/verify-email', { token: newest, password })
    expect(refused.status).toBe(400)
    expect(refused.body).toMatchObject({ errors: [{ pointer: '/password' }] })
    expect([await login(email, theirs), await login(email)]).toEqual([401, 401])
    await forgot(email)
    clock.offsetMs = 120_000
    expect(await reset(await mailbox.tokenTo(email), 'my own horse 4')).toBe(204)
    expect([await login(email, theirs), await login(email, 'my own horse 4')]).toEqual([401, 200])
    expect(await verify(newest, theirs)).toBe(400)
  })

  test('a wrong password does not use the link up', async () => {
    const email = newEmail()
    await register(email)
    const token = await mailbox.tokenTo(email)
    for (let round = 0; round < 3; round += 1) expect(await verify(token, theirs)).toBe(400)
    expect(await verify(token)).toBe(204)
  })

  test('no password slips in while the link is followed', async () => {
    const email = newEmail()
    await register(email)
    const token = await mailbox.tokenTo(email)
    await register(email, theirs)
    const waiting = (most: number) =>
      until(`${most} wait for the account`, () =>
        asOwner(app.ownerUrl, async (client) => {
          const { rowCount } = await client.query(
            `select from pg_stat_activity
             where datname = current_database() and wait_event_type = 'Lock'`,
          )
          return rowCount === most
        }),
      )
    const [verified] = await asOwner(app.ownerUrl, async (client) => {
      await client.query('begin')
      await client.query('select from users where email = $1 for update', [email])
      const verifying = verify(token)
      await waiting(1)
      const answering = mailbox.answer()
      await waiting(2)
      await client.query('commit')
      return Promise.all([verifying, answering])
    })
    expect(verified).toBe(204)
    expect([await login(email, theirs), await login(email)]).toEqual([401, 200])
  })
})

describe('answered twice, answered once', () => {
  test('many workers at once make one account, one workspace and one mail an address', async () => {
    const addresses = Array.from({ length: 6 }, newEmail)
    for (const email of addresses) await register(email)
    const answered = await Promise.all(Array.from({ length: 5 }, () => mailbox.answer()))
    expect(answered.reduce((sum, one) => sum + one, 0)).toBe(6)
    expect(await mailbox.answer()).toBe(0)
    for (const email of addresses) expect(await templatesTo(email)).toEqual(['verify_email'])
    const { rows } = await asOwner(app.ownerUrl, (client) =>
      client.query(
        `select count(distinct u.id)::int as users, count(*)::int as memberships
         from users u join memberships m on m.user_id = u.id where u.email = any($1)`,
        [addresses],
      ),
    )
    expect(rows[0]).toEqual({ users: 6, memberships: 6 })
  })

  test('one address that is asked for many times at once stays one account', async () => {
    const email = newEmail()
    for (const at of [1, 2, 3, 4]) await register(email.toUpperCase(), `horse number ${at}`)
    await Promise.all(Array.from({ length: 4 }, () => mailbox.answer()))
    const users = await asOwner(app.ownerUrl, (client) =>
      client.query('select from users where email = $1', [email]),
    )
    expect(users.rowCount).toBe(1)
    const orphans = await asOwner(app.ownerUrl, (client) =>
      client.query(`select from workspaces w where not exists
        (select from memberships m where m.workspace_id = w.id)`),
    )
    expect(orphans.rowCount).toBe(0)
  })

  test('what cannot be answered stays, and holds up nobody behind it', async () => {
    const [broken, fine] = [newEmail(), newEmail()]
    await register(broken)
    await register(fine)
    const trip = (statement: string) => asOwner(app.ownerUrl, (client) => client.query(statement))
    await trip(`alter table users add constraint trip check (email <> '${broken}')`)
    expect(await mailbox.answer()).toBe(1)
    expect(await templatesTo(fine)).toEqual(['verify_email'])
    await trip('alter table users drop constraint trip')
    expect(await mailbox.answer()).toBe(1)
    expect(await templatesTo(broken)).toEqual(['verify_email'])
  })

  test('an answered request leaves nothing of what was typed', async () => {
    const email = newEmail()
    await register(email)
    await mailbox.answer()
    const requests = (await dumpDatabase(app.ownerUrl)).find(
      ({ where }) => where === 'public.account_requests',
    )
    expect(requests).toEqual({ where: 'public.account_requests', text: '' })
  })
})
