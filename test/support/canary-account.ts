import { Secret, TOTP } from 'otpauth'
import { listKeptMails } from '../../src/features/mail/index.ts'
import type { Place } from './canaries.ts'
import type { CanaryStage } from './canary-stage.ts'
import { until } from './until.ts'

type Told = (method: string, path: string, body: unknown) => Promise<Record<string, unknown>>

/**
 * What an account makes for its owner alone: a seed, recovery codes, an API token, the secret of a
 * link in a mail. `tell` calls the API without keeping the answer: there they are shown, once.
 */
export async function useAccountSecrets(stage: CanaryStage, tell: Told): Promise<void> {
  const { password: currentPassword } = stage.secrets
  const plant = (name: string, value: unknown) => {
    if (typeof value !== 'string' || value.length < 8) throw new Error(`${name} is no secret`)
    stage.canaries.push({ name, value })
  }
  const started = await tell('POST', '/api/users/me/second-factor', { currentPassword })
  plant('a seed', started.secret)
  const code = codeOf(String(started.secret), stage.now())
  await stage.call('PUT', '/api/users/me/second-factor', { code: wrongCode(code) })
  const confirmed = await tell('PUT', '/api/users/me/second-factor', { code })
  for (const one of confirmed.recoveryCodes as string[]) plant('a recovery code', one)

  const next = codeOf(String(started.secret), new Date(stage.now().getTime() + 30_000))
  const token = await tell('POST', '/api/users/me/tokens', {
    name: 'canary',
    scopes: ['read'],
    expiresInDays: 1,
    currentPassword,
    code: next,
  })
  plant('an API token', token.token)
  const apiToken = String(token.token)
  const used = await stage.call('GET', '/api/posts', undefined, apiToken)
  if (used.status !== 200) throw new Error(`the API token answered ${used.status}`)
  await stage.call('POST', '/api/profiles', { apiToken }, apiToken)
  await stage.call('GET', '/api/posts', undefined, `${apiToken}x`)
  await followMails(stage, plant)
}

const codeOf = (seed: string, at: Date): string =>
  new TOTP({ secret: Secret.fromBase32(seed) }).generate({ timestamp: at.getTime() })
const wrongCode = (code: string) => (code === '123456' ? '654321' : '123456')

/** A forgotten password and somebody new: requests, mails and links, with wrong and right uses. */
async function followMails(stage: CanaryStage, plant: (name: string, value: unknown) => void) {
  const { password } = stage.secrets
  await stage.call('POST', '/api/auth/forgot-password', { email: stage.email })
  const newcomer = { email: 'newcomer@example.org', password }
  const asked = await stage.call('POST', '/api/auth/register', newcomer)
  if (asked.status !== 202) throw new Error(`registering answered ${asked.status}`)
  await until('both mails are written', async () => (await linksOf(stage)).length >= 2)
  for (const link of await linksOf(stage)) {
    plant('a link of a mail', link)
    const wrong = { token: `${link}x`, newPassword: password }
    await stage.call('POST', '/api/auth/reset-password', wrong)
    await stage.call('POST', '/api/auth/verify-email', { token: link, password })
  }
}

const mailsOf = (stage: CanaryStage) => listKeptMails(stage.app.parts.config.mail.folder, 1_000)

const linksOf = async (stage: CanaryStage): Promise<string[]> =>
  (await mailsOf(stage)).flatMap(({ text }) => /#token=([\w-]+)/.exec(text)?.[1] ?? [])

/** The kept mails of a development machine. Their links are there on purpose. */
export const mailPlaces = async (stage: CanaryStage): Promise<Place[]> =>
  (await mailsOf(stage)).map((mail) => ({ where: 'a kept mail', text: JSON.stringify(mail) }))
