import { movingClock, type Tokens, wordsOf } from '../support/accounts.ts'
import { type Answer, callApi, password, startTestApp, type TestApp } from '../support/app.ts'
import {
  type FactorStage,
  factorStage,
  factorPath as path,
  stepMs,
} from '../support/second-factor.ts'
import { asOwner } from '../support/servers.ts'

const clock = movingClock()
let app: TestApp
let stage: FactorStage

beforeAll(async () => {
  app = await startTestApp({ clock })
  stage = factorStage(app, clock)
})
afterAll(() => app?.close())
afterEach(() => {
  clock.offsetMs = 0
})

describe('SEC-09: signing in with a second factor', () => {
  test('gives a challenge in place of tokens, and tokens for a code', async () => {
    const person = await stage.newPersonWithFactor()
    const login = await person.login()
    expect([login.status, login.body]).toEqual([
      200,
      {
        secondFactor: {
          challenge: expect.stringMatching(/^[\w-]{43}$/),
          expiresAt: expect.any(String),
        },
      },
    ])
    const { challenge } = (login.body as { secondFactor: { challenge: string } }).secondFactor
    const answer = await stage.secondStep(challenge, stage.codeOf(person.secret))
    expect(answer.status).toBe(200)
    const { accessToken } = answer.body as Tokens
    expect((await callApi(app.url, accessToken, 'GET', '/api/auth/me')).status).toBe(200)
    // The challenge itself is no token, and is used up.
    expect((await callApi(app.url, challenge, 'GET', '/api/auth/me')).status).toBe(401)
    expect((await stage.secondStep(challenge, stage.codeOf(person.secret, 1))).status).toBe(401)
    const succeeded = await stage.auditFor(person.userId, 'login.succeeded')
    expect(succeeded.map(({ details }) => details.method)).toEqual(['password', 'code'])
  })

  test('a code is good once: not for a second challenge, nor one from before it', async () => {
    const person = await stage.newPersonWithFactor()
    const code = stage.codeOf(person.secret)
    const before = stage.codeOf(person.secret, -1)
    expect((await stage.secondStep(await stage.challengeOf(person), code)).status).toBe(200)
    for (const used of [code, before]) {
      expect((await stage.secondStep(await stage.challengeOf(person), used)).status).toBe(401)
    }
    clock.offsetMs += stepMs
    expect(
      (await stage.secondStep(await stage.challengeOf(person), stage.codeOf(person.secret))).status,
    ).toBe(200)
  })

  test('of many with the same code at once one is let in', async () => {
    const person = await stage.newPersonWithFactor()
    const challenges: string[] = []
    for (let round = 0; round < 8; round += 1) challenges.push(await stage.challengeOf(person))
    const code = stage.codeOf(person.secret)
    const answers = await Promise.all(
      challenges.map((challenge) => stage.secondStep(challenge, code)),
    )
    const statuses = answers.map(({ status }) => status).toSorted()
    expect(statuses).toEqual([200, 401, 401, 401, 401, 401, 401, 401])
  })

  test.each([
    [-2, 401],
    [-1, 200],
    [0, 200],
    [1, 200],
    [2, 401],
  ])('a code of %i steps away answers %i', async (ahead, status) => {
    const person = await stage.newPersonWithFactor()
    clock.offsetMs += 4 * stepMs
    const answer = await stage.secondStep(
      await stage.challengeOf(person),
      stage.codeOf(person.secret, ahead),
    )
    expect(answer.status).toBe(status)
  })

  test('a challenge dies after five wrong codes, after five minutes, and with the password', async () => {
    const person = await stage.newPersonWithFactor()
    const tried = await stage.challengeOf(person)
    const wrong = stage.wrongCode(person.secret)
    const refusals = await Promise.all(
      Array.from({ length: 5 }, () => stage.secondStep(tried, wrong)),
    )
    const late = await stage.secondStep(tried, stage.codeOf(person.secret))
    expect(late.status).toBe(401)
    const slow = await stage.challengeOf(person)
    clock.offsetMs += 5 * 60_000 + 1_000
    const tooSlow = await stage.secondStep(slow, stage.codeOf(person.secret))
    const changed = await stage.challengeOf(person)
    await asOwner(app.ownerUrl, (client) =>
      client.query('update users set password_changed_at = $2 where id = $1', [
        person.userId,
        new Date(clock.now().getTime() + 1),
      ]),
    )
    const afterChange = await stage.secondStep(changed, stage.codeOf(person.secret))
    expect([tooSlow.status, afterChange.status]).toEqual([401, 401])
    const made = await stage.secondStep('A'.repeat(43), '123456')
    expect(new Set([...refusals, late, tooSlow, made].map(wordsOf)).size).toBe(1)
  })

  test('wrong codes from many challenges are stopped, written down, and the owner is told', async () => {
    const person = await stage.newPersonWithFactor()
    const wrong = stage.wrongCode(person.secret)
    const answers: Answer[] = []
    for (let round = 0; round < 12; round += 1) {
      answers.push(await stage.secondStep(await stage.challengeOf(person), wrong))
    }
    expect(answers.map(({ status }) => status)).toEqual([...Array(10).fill(401), 429, 429])
    expect(Number(answers.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(800)
    // The right one waits as well: a code says nothing once guessing has begun.
    const right = await stage.secondStep(
      await stage.challengeOf(person),
      stage.codeOf(person.secret),
    )
    expect(right.status).toBe(429)
    expect(await stage.auditFor(person.userId, 'second_factor.failed')).toHaveLength(10)
    expect(await stage.auditFor(person.userId, 'suspicious.pattern')).toHaveLength(1)
    const templates = (await stage.mailsTo(person.email)).map(([template]) => template)
    expect(templates).toEqual(['second_factor_changed', 'locked_out'])
  })
})

describe('SEC-09: recovery codes', () => {
  test('are ten of 80 bits, each good once, typed however people type', async () => {
    const person = await stage.newPersonWithFactor()
    expect(person.recoveryCodes).toHaveLength(10)
    expect(new Set(person.recoveryCodes).size).toBe(10)
    for (const code of person.recoveryCodes) expect(code).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/)
    const [one = '', two = ''] = person.recoveryCodes
    expect((await stage.secondStep(await stage.challengeOf(person), one)).status).toBe(200)
    expect((await stage.secondStep(await stage.challengeOf(person), one)).status).toBe(401)
    const typed = ` ${two.replaceAll('-', ' ').toUpperCase()} `
    const answer = await stage.secondStep(await stage.challengeOf(person), typed)
    expect(answer.status).toBe(200)
    const { accessToken } = answer.body as Tokens
    const state = await callApi(app.url, accessToken, 'GET', path)
    expect(state.body).toMatchObject({ enabled: true, recoveryCodesLeft: 8 })
    const used = await stage.auditFor(person.userId, 'second_factor.recovery_used')
    expect(used.map(({ details }) => details)).toEqual([{ left: 9 }, { left: 8 }])
    const told = (await stage.mailsTo(person.email)).filter(
      ([name]) => name === 'recovery_code_used',
    )
    expect(told.map(([, data]) => data.left)).toEqual([9, 8])
  })

  test("another person's open nothing", async () => {
    const [ada, eve] = [await stage.newPersonWithFactor(), await stage.newPersonWithFactor()]
    const answer = await stage.secondStep(await stage.challengeOf(ada), eve.recoveryCodes[0] ?? '')
    expect(answer.status).toBe(401)
  })

  test('are renewed with password and code: those before are worth nothing', async () => {
    const person = await stage.newPersonWithFactor()
    const currentPassword = password
    const renew = (body: object) => person.call('POST', `${path}/recovery-codes`, body)
    expect((await renew({ currentPassword, code: stage.wrongCode(person.secret) })).status).toBe(
      400,
    )
    expect((await renew({ currentPassword: 'x', code: stage.codeOf(person.secret) })).status).toBe(
      400,
    )
    const answer = await renew({ currentPassword, code: stage.codeOf(person.secret) })
    expect(answer.status).toBe(200)
    const { recoveryCodes } = answer.body as { recoveryCodes: string[] }
    const old = await stage.secondStep(
      await stage.challengeOf(person),
      person.recoveryCodes[0] ?? '',
    )
    const fresh = await stage.secondStep(await stage.challengeOf(person), recoveryCodes[0] ?? '')
    expect([old.status, fresh.status]).toEqual([401, 200])
  })
})
