import { auditOf, openPerson, wordsOf } from '../support/accounts.ts'
import { type Answer, password, startTestApp, type TestApp } from '../support/app.ts'
import { mailRows } from '../support/mails.ts'
import { openTestRedis, queueStores, type TestRedis } from '../support/redis.ts'
import { asOwner } from '../support/servers.ts'
import { callWith } from '../support/team.ts'

const wrong = 'not the password 1'
let addresses = 0
/** An address that nobody came from before. */
const newAddress = () => `203.0.${Math.floor(++addresses / 250)}.${(addresses % 250) + 1}`

describe.each(queueStores())('lockout, counted in %s', (store) => {
  let app: TestApp
  let redis: TestRedis | null = null
  let people = 0

  beforeAll(async () => {
    redis = store === 'redis' ? await openTestRedis() : null
    const variables = { TRUST_PROXY: '127.0.0.1', ...(redis && { REDIS_URL: redis.url }) }
    app = await startTestApp({ variables })
  })
  afterAll(async () => {
    await app?.close()
    await redis?.close()
  })

  const newPerson = () => openPerson(app, `person-${++people}@lockout.example`)
  const nobody = () => `nobody-${++people}@lockout.example`
  const login = (email: string, typed: string, from: string): Promise<Answer> =>
    callWith(app.url, { 'x-forwarded-for': from }, [
      'POST',
      '/api/auth/login',
      { email, password: typed },
    ])
  const waitOf = ({ headers }: Answer) => Number(headers.get('retry-after'))
  const inTurn = async (many: number, ask: () => Promise<Answer>) => {
    const answers: Answer[] = []
    for (let round = 0; round < many; round += 1) answers.push(await ask())
    return answers
  }
  const statuses = (answers: Answer[]) => answers.map(({ status }) => status)

  /** The store's own time goes on: every window and lock ends so much sooner. */
  async function letPass(seconds: number): Promise<void> {
    const ms = Math.round(seconds * 1_000)
    if (!redis) {
      await asOwner(app.ownerUrl, (client) =>
        client.query('update rate_limits set expire = expire - $1', [ms]),
      )
      return
    }
    for (const key of await redis.client.keys('earshot:limits:*')) {
      const left = (await redis.client.pttl(key)) - ms
      await (left > 0 ? redis.client.pexpire(key, left) : redis.client.del(key))
    }
  }
  const auditOfAccount = async (action: string, userId: string) =>
    (await auditOf(app, action)).filter(({ object_id }) => object_id === userId)

  test('SEC-06: 1,000 wrong logins from A; the right one from B works', async () => {
    const person = await newPerson()
    const [a, b] = [newAddress(), newAddress()]
    const answers: Answer[] = []
    for (let batch = 0; batch < 100; batch += 1) {
      const ten = Array.from({ length: 10 }, () => login(person.email, wrong, a))
      answers.push(...(await Promise.all(ten)))
    }
    const judged = answers.filter(({ status }) => status === 401)
    // Of ten at once some find no room in the line, as long as the gate is open.
    const locked = answers.filter(({ status }) => status === 429 || status === 503)
    expect([judged.length, locked.length]).toEqual([5, 995])
    // Not one more was hashed: what is judged is written down.
    expect(await auditOfAccount('login.failed', person.userId)).toHaveLength(5)
    expect(await auditOfAccount('login.locked_out', person.userId)).toHaveLength(1)
    expect((await login(person.email, password, a)).status).toBe(429)
    expect((await login(person.email, password, b)).status).toBe(200)
    // Nor does B's success open the door for A.
    expect((await login(person.email, password, a)).status).toBe(429)
  })

  test('SEC-06: the wait grows from 30 s, doubles, and ends at an hour', async () => {
    const [{ email }, from] = [await newPerson(), newAddress()]
    expect(statuses(await inTurn(5, () => login(email, wrong, from)))).toEqual(Array(5).fill(401))
    const waits: number[] = []
    for (let round = 0; round < 9; round += 1) {
      const locked = await login(email, wrong, from)
      expect(locked.status).toBe(429)
      waits.push(waitOf(locked))
      // A moment too early it still says wait; what is refused makes nothing longer.
      await letPass(waitOf(locked) - 5)
      const early = await login(email, wrong, from)
      expect(early.status).toBe(429)
      expect(waitOf(early)).toBeLessThanOrEqual(5)
      await letPass(5)
      expect((await login(email, wrong, from)).status).toBe(401)
    }
    const expected = [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    for (const [index, wait] of waits.entries()) {
      expect(wait).toBeLessThanOrEqual(expected[index] ?? 0)
      expect(wait).toBeGreaterThan((expected[index] ?? 0) - 5)
    }
    await letPass(3_600)
    expect((await login(email, password, from)).status).toBe(200)
    // A right one starts anew: five tries, then 30 s.
    expect(statuses(await inTurn(6, () => login(email, wrong, from)))).toEqual([
      ...Array(5).fill(401),
      429,
    ])
  })

  test('SEC-06: nobody can tell by it whether an account is there', async () => {
    const [person, from] = [await newPerson(), newAddress()]
    const known = await inTurn(7, () => login(person.email, wrong, from))
    const name = nobody()
    const unknown = await inTurn(7, () => login(name, wrong, from))
    expect(statuses(unknown)).toEqual(statuses(known))
    expect(unknown.map(wordsOf)).toEqual(known.map(wordsOf))
    const waits = [known.at(-1), unknown.at(-1)].map((answer) => answer && waitOf(answer))
    expect(waits).toEqual([30, 30])
    const rows = await auditOf(app, 'login.failed')
    const ofNobody = rows.filter(({ personal }) => personal?.email === name)
    expect(ofNobody).toHaveLength(5)
    expect(ofNobody[0]).toMatchObject({ workspace_id: null, object_id: null, outcome: 'denied' })
    const ofPerson = await auditOfAccount('login.failed', person.userId)
    expect(ofPerson).toHaveLength(5)
    expect(ofPerson[0]).toMatchObject({ object_kind: 'user', personal: { ip: from } })
    expect(ofPerson[0]?.workspace_id).not.toBeNull()
  })

  test('SEC-06: fifty at once are no more tries than five', async () => {
    const [person, from] = [await newPerson(), newAddress()]
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => login(person.email, wrong, from)),
    )
    expect(statuses(answers).filter((status) => status === 401).length).toBe(5)
    expect(await auditOfAccount('login.failed', person.userId)).toHaveLength(5)
    expect(await auditOfAccount('login.locked_out', person.userId)).toHaveLength(1)
    expect(waitOf(await login(person.email, wrong, from))).toBeLessThanOrEqual(30)
  })

  test('SEC-06: an IPv6 network is one address, its neighbours are others', async () => {
    const { email } = await newPerson()
    const inNetwork = (host: string) => login(email, wrong, `2001:db8:1:2:${host}`)
    const hosts = ['a:b:c:1', 'ffff::1', ':7', '1:1:1:1', '9:8:7:6']
    for (const host of hosts) expect((await inNetwork(host)).status).toBe(401)
    expect((await inNetwork('4:4:4:4')).status).toBe(429)
    expect((await login(email, password, '2001:db8:1:3::1')).status).toBe(200)
  })

  test('SEC-06: who forwards an address unasked is believed by nobody', async () => {
    const { email } = await newPerson()
    const from = newAddress()
    const spoofed = (round: number) => login(email, wrong, `198.51.100.${round}, ${from}`)
    const answers: Answer[] = []
    for (let round = 1; round <= 6; round += 1) answers.push(await spoofed(round))
    expect(statuses(answers)).toEqual([...Array(5).fill(401), 429])
  })

  test('SEC-06: many addresses at one account lock nobody out, and its owner is told once', async () => {
    const person = await newPerson()
    for (let round = 0; round < 25; round += 1) {
      expect((await login(person.email, wrong, newAddress())).status).toBe(401)
    }
    expect((await login(person.email, password, newAddress())).status).toBe(200)
    const patterns = await auditOfAccount('suspicious.pattern', person.userId)
    expect(patterns.map(({ details }) => details)).toEqual([
      { pattern: 'many wrong tries for one account', tries: 10 },
    ])
    const told = async () => {
      const mails = await mailRows(app.ownerUrl)
      return mails.filter(({ recipient }) => recipient === person.email)
    }
    expect((await told()).map(({ template }) => template)).toEqual(['locked_out'])
    await letPass(3_600)
    for (let round = 0; round < 10; round += 1) await login(person.email, wrong, newAddress())
    expect(await told()).toHaveLength(2)
  })

  test('SEC-30: one address that fails at many accounts is a pattern', async () => {
    const from = newAddress()
    const patterns = async () =>
      (await auditOf(app, 'suspicious.pattern')).filter(({ personal }) => personal?.ip === from)
    const names = Array.from({ length: 20 }, nobody)
    for (const name of names) await login(name, wrong, from)
    for (const name of names) await login(name, wrong, from)
    expect(await patterns()).toEqual([])
    await login(nobody(), wrong, from)
    await login(nobody(), wrong, from)
    expect(await patterns()).toMatchObject([
      {
        workspace_id: null,
        details: { pattern: 'one address fails at many accounts', accounts: 21 },
      },
    ])
  })

  test('SEC-07: unknown, wrong, not verified and disabled: one answer, one row each', async () => {
    const [known, disabled, unproven] = [await newPerson(), await newPerson(), await newPerson()]
    await asOwner(app.ownerUrl, async (client) => {
      await client.query('update users set is_active = false where id = $1', [disabled.userId])
      await client.query('update users set is_verified = false where id = $1', [unproven.userId])
    })
    const from = newAddress()
    const answers = [
      await login(known.email, wrong, from),
      await login(nobody(), wrong, from),
      await login(nobody(), password, from),
      await login(disabled.email, password, from),
      await login(unproven.email, password, from),
    ]
    expect(statuses(answers)).toEqual(Array(5).fill(401))
    expect(new Set(answers.map(wordsOf)).size).toBe(1)
    const rows = (await auditOf(app, 'login.failed')).filter(
      ({ personal }) => personal?.ip === from,
    )
    expect(rows.map(({ details }) => details.reason)).toEqual([
      'wrong password',
      'unknown',
      'unknown',
      'disabled',
      'not verified',
    ])
  })
})

test('SEC-10: a try that finds the line of hashing full does not count', async () => {
  const slow = await startTestApp({ variables: { PASSWORD_HASH_COST: '9' } })
  try {
    const login = (email: string) =>
      callWith(slow.url, {}, ['POST', '/api/auth/login', { email, password: wrong }])
    const names = Array.from({ length: 120 }, (_, index) => `flood-${index}@lockout.example`)
    const answers = await Promise.all(names.map(login))
    const refused = names.filter((_, index) => answers[index]?.status === 503)
    expect(refused.length).toBeGreaterThan(0)
    expect(answers.filter(({ status }) => status === 401).length).toBe(120 - refused.length)
    for (let round = 0; round < 5; round += 1) {
      expect((await login(refused[0] ?? '')).status).toBe(401)
    }
    expect((await login(refused[0] ?? '')).status).toBe(429)
  } finally {
    await slow.close()
  }
})
