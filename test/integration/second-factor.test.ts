import { Secret } from 'otpauth'
import { movingClock, type Tokens, wordsOf } from '../support/accounts.ts'
import { callApi, password, startTestApp, type TestApp } from '../support/app.ts'
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

describe('SEC-09: turning a second factor on', () => {
  test('takes the password and a first code; the seed has 160 bits and is shown once', async () => {
    const person = await stage.newPerson()
    const refused = await person.call('POST', path, { currentPassword: 'not my password 1' })
    expect([refused.status, wordsOf(refused)]).toEqual([
      400,
      expect.stringContaining('currentPassword'),
    ])
    const { secret, uri } = await stage.start(person)
    expect(Secret.fromBase32(secret).bytes.length).toBe(20)
    expect(uri).toBe(
      `otpauth://totp/Earshot:${encodeURIComponent(person.email)}?issuer=Earshot&secret=${secret}&algorithm=SHA1&digits=6&period=30`,
    )
    // Not on yet: signing in asks for nothing.
    expect((await person.login()).body).toHaveProperty('accessToken')
    expect((await person.call('PUT', path, { code: stage.wrongCode(secret) })).status).toBe(400)
    expect((await person.call('GET', path)).body).toEqual({
      enabled: false,
      confirmedAt: null,
      recoveryCodesLeft: 0,
    })
    const confirmed = await person.call('PUT', path, { code: stage.codeOf(secret) })
    expect(confirmed.status).toBe(200)
    expect((await person.call('GET', path)).body).toEqual({
      enabled: true,
      confirmedAt: expect.any(String),
      recoveryCodesLeft: 10,
    })
    for (const again of [
      await person.call('POST', path, { currentPassword: password }),
      await person.call('PUT', path, { code: stage.codeOf(secret, 1) }),
    ]) {
      expect(again.status).toBe(409)
    }
  })

  test('ends the other sessions, tells the owner and the audit log', async () => {
    const person = await stage.newPerson()
    const other = await person.signIn()
    const { secret } = await stage.start(person)
    await person.call('PUT', path, { code: stage.codeOf(secret) })
    expect((await callApi(app.url, other.accessToken, 'GET', path)).status).toBe(401)
    expect((await person.call('GET', path)).status).toBe(200)
    expect(await stage.mailsTo(person.email)).toEqual([
      ['second_factor_changed', expect.objectContaining({ enabled: true })],
    ])
    const rows = await stage.auditFor(person.userId, 'secret.opened', 'second_factor.enabled')
    expect(rows.map(({ action, object_kind }) => [action, object_kind])).toEqual([
      ['second_factor.enabled', 'second_factor'],
      ['secret.opened', 'second_factor'],
    ])
  })

  test('keeps neither seed nor code in a form that anybody can use', async () => {
    const ada = await stage.newPersonWithFactor()
    const { secret, recoveryCodes, userId } = ada
    const stored = await asOwner(app.ownerUrl, async (client) => {
      await client.query('set role earshot_system')
      const audit = await client.query('select * from audit_log')
      await client.query('reset role')
      const tables = ['second_factors', 'recovery_codes', 'account_tokens', 'mails', 'sessions']
      const all = [JSON.stringify(audit.rows)]
      for (const table of tables) {
        all.push(JSON.stringify((await client.query(`select * from ${table}`)).rows))
      }
      return all.join('\n')
    })
    const { bytes } = Secret.fromBase32(secret)
    const forms = (['hex', 'base64', 'base64url'] as const).map((form) =>
      Buffer.from(bytes).toString(form),
    )
    const codes = recoveryCodes.flatMap((code) => [code, code.replaceAll('-', '')])
    expect(stored).toContain('sealed_fields')
    for (const known of [secret, ...forms, ...codes]) expect(stored).not.toContain(known)
    // What is sealed opens at its own person's row only.
    const eve = await stage.newPersonWithFactor()
    await asOwner(app.ownerUrl, (client) =>
      client.query(
        `update second_factors t set key_id = s.key_id, wrapped_key = s.wrapped_key,
           sealed_fields = s.sealed_fields
         from second_factors s where s.user_id = $1 and t.user_id = $2`,
        [eve.userId, userId],
      ),
    )
    expect(
      (await stage.secondStep(await stage.challengeOf(ada), stage.codeOf(eve.secret))).status,
    ).toBe(500)
  })
})

test('SEC-09: turning it off takes the password and a code, and ends the other sessions', async () => {
  const person = await stage.newPersonWithFactor()
  const off = (body: object) => person.call('DELETE', path, body)
  const second = await stage.secondStep(
    await stage.challengeOf(person),
    stage.codeOf(person.secret),
  )
  const other = second.body as Tokens
  clock.offsetMs += stepMs
  const code = stage.codeOf(person.secret)
  expect((await off({ code })).status).toBe(400)
  expect((await off({ currentPassword: password })).status).toBe(400)
  expect((await off({ currentPassword: 'wrong one 1', code })).status).toBe(400)
  expect(
    (await off({ currentPassword: password, code: stage.wrongCode(person.secret) })).status,
  ).toBe(400)
  expect((await person.call('GET', path)).body).toMatchObject({ enabled: true })
  expect((await off({ currentPassword: password, code })).status).toBe(204)
  expect((await callApi(app.url, other.accessToken, 'GET', path)).status).toBe(401)
  expect((await person.login()).body).toHaveProperty('accessToken')
  expect((await off({ currentPassword: password, code })).status).toBe(409)
  const templates = (await stage.mailsTo(person.email)).map(([template, data]) => [
    template,
    data.enabled,
  ])
  expect(templates).toEqual([
    ['second_factor_changed', true],
    ['second_factor_changed', false],
  ])
})
