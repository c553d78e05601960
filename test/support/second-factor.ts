import { Secret, TOTP } from 'otpauth'
import { type AccountHolder, auditOf, type movingClock, openPerson } from './accounts.ts'
import { type Answer, callApi, password, type TestApp } from './app.ts'
import { mailRows } from './mails.ts'

export const factorPath = '/api/users/me/second-factor'
export const stepMs = 30_000

type Call = (method: string, path: string, body?: unknown) => Promise<Answer>
export type Person = AccountHolder & { call: Call }
export type WithFactor = Person & { secret: string; recoveryCodes: string[] }

/** People with a second factor, their phones, and what they are told. */
export function factorStage(app: TestApp, clock: ReturnType<typeof movingClock>) {
  let people = 0

  /** What the app on a phone shows, `ahead` steps from now. */
  const codeOf = (secret: string, ahead = 0) =>
    new TOTP({
      secret: Secret.fromBase32(secret),
      algorithm: 'SHA1',
      digits: 6,
      period: 30,
    }).generate({ timestamp: clock.now().getTime() + ahead * stepMs })

  const newPerson = async (): Promise<Person> => {
    const person = await openPerson(app, `person-${++people}@factor.example`)
    const { accessToken } = await person.signIn()
    return {
      ...person,
      call: (method, path, body) => callApi(app.url, accessToken, method, path, body),
    }
  }
  const start = async ({ call }: Person): Promise<{ secret: string; uri: string }> => {
    const answer = await call('POST', factorPath, { currentPassword: password })
    if (answer.status !== 200) throw new Error(`starting answered ${answer.status}`)
    return answer.body
  }
  return {
    codeOf,
    newPerson,
    start,
    /** A code that no step around now has. */
    wrongCode: (secret: string): string => {
      const near = [-2, -1, 0, 1, 2].map((ahead) => codeOf(secret, ahead))
      const codes = ['000000', '111111', '222222', '333333', '444444', '555555']
      return codes.find((code) => !near.includes(code)) ?? ''
    },
    /** With a second factor on; the clock has moved on, so that the code of now is a fresh one. */
    newPersonWithFactor: async (): Promise<WithFactor> => {
      const person = await newPerson()
      const { secret } = await start(person)
      const answer = await person.call('PUT', factorPath, { code: codeOf(secret) })
      if (answer.status !== 200) throw new Error(`confirming answered ${answer.status}`)
      clock.offsetMs += 2 * stepMs
      return { ...person, secret, ...(answer.body as { recoveryCodes: string[] }) }
    },
    challengeOf: async (person: AccountHolder): Promise<string> => {
      const { body } = await person.login()
      return (body as { secondFactor: { challenge: string } }).secondFactor.challenge
    },
    secondStep: (challenge: string, code: string) =>
      callApi(app.url, null, 'POST', '/api/auth/login/second-factor', { challenge, code }),
    mailsTo: async (email: string) =>
      (await mailRows(app.ownerUrl))
        .filter(({ recipient }) => recipient === email)
        .map(({ template, data }) => [template, data] as const),
    auditFor: async (userId: string, ...actions: string[]) =>
      (await auditOf(app, ...actions)).filter((row) => row.actor_id === userId),
  }
}
export type FactorStage = ReturnType<typeof factorStage>
