import { purgeAccess } from '../../src/features/accounts/index.ts'
import { auditOf, movingClock, openPerson, type Tokens, wordsOf } from '../support/accounts.ts'
import { callApi, startTestApp, type TestApp } from '../support/app.ts'
import { mailRows } from '../support/mails.ts'
import { asOwner } from '../support/servers.ts'
import { callWith, contextFor } from '../support/team.ts'

const clock = movingClock()
const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
let app: TestApp
let people = 0

beforeAll(async () => {
  app = await startTestApp({ clock })
})
afterAll(() => app?.close())
afterEach(() => {
  clock.offsetMs = 0
})

const person = () => openPerson(app, `person-${++people}@sessions.example`)
const post = (path: string, body?: unknown, token: string | null = null) =>
  callApi(app.url, token, 'POST', path, body)
const refresh = (refreshToken: string) => post('/api/auth/refresh', { refreshToken })
const me = async (token: string) => (await callApi(app.url, token, 'GET', '/api/auth/me')).status
const sessions = (token: string, query = '') =>
  callApi(app.url, token, 'GET', `/api/auth/sessions${query}`)

type SessionList = {
  items: { id: string; device: string; ip: string; current: boolean; lastSeenAt: string }[]
  nextCursor: string | null
}

describe('SEC-01: refresh tokens', () => {
  test('change at each use, and the session goes on', async () => {
    const { signIn } = await person()
    let tokens = await signIn()
    const seen = new Set([tokens.refreshToken])
    for (let round = 0; round < 5; round += 1) {
      const answer = await refresh(tokens.refreshToken)
      expect(answer.status).toBe(200)
      tokens = answer.body as Tokens
      seen.add(tokens.refreshToken)
      expect(await me(tokens.accessToken)).toBe(200)
    }
    expect(seen.size).toBe(6)
  })

  test('an old one ends the family: its tokens, an audit row, a mail', async () => {
    const { signIn, userId, email } = await person()
    const stolen = await signIn()
    const apart = await signIn()
    const mine = (await refresh(stolen.refreshToken)).body as Tokens
    clock.offsetMs = 11_000
    const replayed = await refresh(stolen.refreshToken)
    expect(replayed.status).toBe(401)
    expect((await refresh(mine.refreshToken)).status).toBe(401)
    expect(await me(mine.accessToken)).toBe(401)
    expect(await me(stolen.accessToken)).toBe(401)
    // The person's other sessions are not the thief's.
    expect(await me(apart.accessToken)).toBe(200)
    const rows = await auditOf(app, 'session.refreshed_twice')
    expect(rows.filter((row) => row.actor_id === userId)).toMatchObject([
      { outcome: 'denied', object_kind: 'session', details: {} },
    ])
    const mails = (await mailRows(app.ownerUrl)).filter(({ recipient }) => recipient === email)
    expect(mails.map(({ template }) => template)).toEqual(['session_reused'])
    expect(mails[0]?.data).toMatchObject({ ip: '127.0.0.1' })
  })

  test('one of two generations before ends the family within the ten seconds too', async () => {
    const { signIn } = await person()
    const first = await signIn()
    const second = (await refresh(first.refreshToken)).body as Tokens
    const third = (await refresh(second.refreshToken)).body as Tokens
    expect((await refresh(first.refreshToken)).status).toBe(401)
    expect(await me(third.accessToken)).toBe(401)
  })

  test.each([2, 20])('%i at once: one wins, the others are told, nothing ends', async (many) => {
    const { signIn, userId } = await person()
    for (let round = 0; round < 5; round += 1) {
      const { refreshToken } = await signIn()
      const answers = await Promise.all(Array.from({ length: many }, () => refresh(refreshToken)))
      const won = answers.filter(({ status }) => status === 200)
      const told = answers.filter(({ status }) => status === 409)
      expect([won.length, told.length]).toEqual([1, many - 1])
      expect(new Set(told.map(wordsOf)).size).toBe(1)
      expect(wordsOf(told[0] as never)).not.toContain('Token"')
      const tokens = won[0]?.body as unknown as Tokens
      expect(await me(tokens.accessToken)).toBe(200)
      expect((await refresh(tokens.refreshToken)).status).toBe(200)
    }
    const alarms = await auditOf(app, 'session.refreshed_twice')
    expect(alarms.filter((row) => row.actor_id === userId)).toEqual([])
  })

  test('made-up ones are refused in the same words and end nothing', async () => {
    const { signIn } = await person()
    const { accessToken, refreshToken } = await signIn()
    const [, secret = ''] = refreshToken.split('.')
    const made = ['x', `${'A'.repeat(22)}.${secret}`, `${refreshToken}x`, accessToken, `.${secret}`]
    const answers = await Promise.all(made.map(refresh))
    expect(answers.map(({ status }) => status)).toEqual(made.map(() => 401))
    expect(new Set(answers.map(wordsOf)).size).toBe(1)
    expect(await me(accessToken)).toBe(200)
  })

  test('a session nobody refreshes ends; one that is refreshed ends after half a year', async () => {
    const { signIn } = await person()
    const idle = await signIn()
    let used = await signIn()
    for (let days = 29; days < 180; days += 29) {
      clock.offsetMs = days * dayMs
      const answer = await refresh(used.refreshToken)
      expect([days, answer.status]).toEqual([days, 200])
      used = answer.body as Tokens
    }
    expect((await refresh(idle.refreshToken)).status).toBe(401)
    clock.offsetMs = 179.9 * dayMs
    used = (await refresh(used.refreshToken)).body as Tokens
    expect(await me(used.accessToken)).toBe(200)
    clock.offsetMs = 180.1 * dayMs
    expect((await refresh(used.refreshToken)).status).toBe(401)
    expect(await me(used.accessToken)).toBe(401)
  })
})

describe('SEC-02: what ends a session is felt by the next request', () => {
  test('logout ends this session alone, at once, and is written down', async () => {
    const { signIn, userId } = await person()
    const [one, other] = [await signIn(), await signIn()]
    expect((await post('/api/auth/logout', undefined, one.accessToken)).status).toBe(204)
    const started = performance.now()
    expect(await me(one.accessToken)).toBe(401)
    expect((await refresh(one.refreshToken)).status).toBe(401)
    expect(performance.now() - started).toBeLessThan(1_000)
    expect(await me(other.accessToken)).toBe(200)
    const rows = await auditOf(app, 'session.ended')
    expect(rows.filter((row) => row.actor_id === userId)).toMatchObject([
      { object_kind: 'session', details: { reason: 'logout' } },
    ])
  })

  test.each([
    [true, 200],
    [false, 401],
  ])('logout everywhere, keepThis %s: this one answers %i', async (keepThis, status) => {
    const { signIn, userId } = await person()
    const stranger = await (await person()).signIn()
    const [mine, ...others] = [await signIn(), await signIn(), await signIn()]
    const answer = await post('/api/auth/logout-everywhere', { keepThis }, mine?.accessToken)
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({ ended: keepThis ? 2 : 3 })
    expect(await me(mine?.accessToken ?? '')).toBe(status)
    for (const { accessToken, refreshToken } of others) {
      expect(await me(accessToken)).toBe(401)
      expect((await refresh(refreshToken)).status).toBe(401)
    }
    expect(await me(stranger.accessToken)).toBe(200)
    const rows = await auditOf(app, 'session.all_ended')
    expect(rows.filter((row) => row.actor_id === userId)).toMatchObject([
      { details: { keptThis: keepThis, ended: keepThis ? 2 : 3 } },
    ])
  })

  test('a disabled person is out with the next request', async () => {
    const { signIn, userId } = await person()
    const { accessToken, refreshToken } = await signIn()
    await asOwner(app.ownerUrl, (client) =>
      client.query('update users set is_active = false where id = $1', [userId]),
    )
    expect(await me(accessToken)).toBe(401)
    expect((await refresh(refreshToken)).status).toBe(401)
  })
})

describe('SEC-03: people see and end their sessions', () => {
  const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
  const iphone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 ' +
    '(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1'

  test('with the device in words, a page at a time, none of others', async () => {
    const { email, signIn } = await person()
    await (await person()).signIn()
    const body = { email, password: 'a-Long-passphrase-42' }
    for (const agent of [firefox, iphone, 'curl/8.5.0', 'A'.repeat(900)]) {
      const login = ['POST', '/api/auth/login', body] as [string, string, unknown]
      await callWith(app.url, { 'user-agent': agent }, login)
    }
    const { accessToken } = await signIn()
    const whole = (await sessions(accessToken)).body as SessionList
    expect(whole.items.map(({ device, current }) => [device, current])).toEqual([
      ['node', true],
      ['A'.repeat(31), false],
      ['curl', false],
      ['Safari on iPhone', false],
      ['Firefox on Linux', false],
    ])
    expect(whole.items.every(({ ip }) => ip === '127.0.0.1')).toBe(true)
    const first = (await sessions(accessToken, '?limit=3')).body as SessionList
    const rest = (await sessions(accessToken, `?limit=3&cursor=${first.nextCursor}`))
      .body as SessionList
    expect([...first.items, ...rest.items]).toEqual(whole.items)
    expect(rest.nextCursor).toBeNull()
  })

  test('one that is ended is gone; others, absent and ended ones are not found alike', async () => {
    const { signIn } = await person()
    const stranger = await (await person()).signIn()
    const [mine, other] = [await signIn(), await signIn()]
    const list = (await sessions(mine.accessToken)).body as SessionList
    const otherId = list.items.find(({ current }) => !current)?.id ?? ''
    const end = (token: string, id: string) =>
      callApi(app.url, token, 'DELETE', `/api/auth/sessions/${id}`)
    const foreign = await end(stranger.accessToken, otherId)
    expect(foreign.status).toBe(404)
    expect(await me(other.accessToken)).toBe(200)
    expect((await end(mine.accessToken, otherId)).status).toBe(204)
    expect(await me(other.accessToken)).toBe(401)
    const again = await end(mine.accessToken, otherId)
    const absent = await end(mine.accessToken, '999999999')
    expect(new Set([foreign, again, absent].map(wordsOf)).size).toBe(1)
    const left = (await sessions(mine.accessToken)).body as SessionList
    expect(left.items.map(({ current }) => current)).toEqual([true])
  })

  test('a session is seen at most once a minute', async () => {
    const { signIn } = await person()
    const { accessToken } = await signIn()
    const seen = async () => {
      const list = (await sessions(accessToken)).body as SessionList
      return list.items[0]?.lastSeenAt ?? ''
    }
    const first = await seen()
    clock.offsetMs = 30_000
    expect(await seen()).toBe(first)
    clock.offsetMs = 61_000
    expect(Date.parse(await seen())).toBeGreaterThan(Date.parse(first) + minuteMs)
  })
})

test('what has opened nothing for a month is forgotten, what runs stays', async () => {
  const { signIn, userId } = await person()
  const [loggedOut, running] = [await signIn(), await signIn()]
  await signIn()
  await post('/api/auth/logout', undefined, loggedOut.accessToken)
  const purge = () => purgeAccess({ ...contextFor(app), clock })
  const kept = () =>
    asOwner(app.ownerUrl, async (client) => {
      const text = 'select id from sessions where user_id = $1'
      return (await client.query(text, [userId])).rowCount
    })
  clock.offsetMs = 29 * dayMs
  const { refreshToken } = (await refresh(running.refreshToken)).body as Tokens
  await purge()
  expect(await kept()).toBe(3)
  clock.offsetMs = 31 * dayMs
  await purge()
  // The one that was logged out is gone; the one that nobody refreshed has just ended.
  expect(await kept()).toBe(2)
  clock.offsetMs = 58 * dayMs
  const last = (await refresh(refreshToken)).body as Tokens
  clock.offsetMs = 62 * dayMs
  await purge()
  expect(await kept()).toBe(1)
  expect((await refresh(last.refreshToken)).status).toBe(200)
})
