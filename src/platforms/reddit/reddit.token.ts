import { parse } from '../answer-shape.ts'
import { errorOfFailure } from '../call-failure.ts'
import { errorOfStatus, jsonOf } from '../http-answer.ts'
import type { PlatformTools } from '../platform.ts'
import { PlatformError } from '../platform-error.ts'
import { reset, siteOf } from './reddit.errors.ts'
import { type Answer, loginUrl } from './reddit.gateway.ts'
import { requests } from './reddit.limits.ts'
import { Token, TokenRefusal } from './reddit.shapes.ts'
import { send } from './reddit.transport.ts'

export type RedditCredentials = { clientId: string; clientSecret: string; userAgent: string }

const endpoint = 'api/v1/access_token'
const renewBeforeExpiryMs = 60_000

/** The app-only token: snoowrap never renews one, so it is asked for and kept here. */
export class AppToken {
  readonly #credentials: RedditCredentials
  readonly #tools: PlatformTools
  #asking: Promise<string> | null = null

  constructor(credentials: RedditCredentials, tools: PlatformTools) {
    this.#credentials = credentials
    this.#tools = tools
  }

  /** `fresh`: Reddit issued it just now, so a refusal of it is one of the credential. */
  async get(): Promise<{ value: string; fresh: boolean }> {
    const kept = this.#tools.token.get()
    const now = this.#tools.clock.now().getTime()
    if (kept && kept.expiresAt.getTime() - renewBeforeExpiryMs > now) {
      return { value: kept.value, fresh: false }
    }
    return { value: await this.renew(), fresh: true }
  }

  /** Calls that wait at the same time share one request. */
  async renew(): Promise<string> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null
    })
    return this.#asking
  }

  async #ask(): Promise<string> {
    const { budget, token, clock } = this.#tools
    token.set(null)
    await budget.take([{ bucket: requests, amount: 1 }])
    // Its rate-limit headers are those of another bucket than the API's: they are not observed.
    const answer = await this.#send().catch((failure: unknown) => {
      throw errorOfFailure(siteOf(endpoint), failure)
    })
    if (answer.status !== 200) throw refusalOf(answer, clock.now())
    const body = jsonOf(siteOf(endpoint), answer.text)
    if (TokenRefusal.safeParse(body).success) throw notAccepted(200)
    const { access_token, expires_in } = parse(siteOf(endpoint), Token, body)
    const expiresAt = new Date(clock.now().getTime() + expires_in * 1_000)
    token.set({ value: access_token, expiresAt })
    return access_token
  }

  #send(): Promise<Answer> {
    const { clientId, clientSecret, userAgent } = this.#credentials
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
    const init = {
      method: 'POST',
      headers: { authorization: `Basic ${basic}`, 'user-agent': userAgent },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    }
    return send(`${loginUrl(this.#tools.baseUrl)}/${endpoint}`, init, this.#tools)
  }
}

const notAccepted = (status: number) =>
  new PlatformError('reddit', 'unauthorized', 'Reddit does not accept this client id and secret', {
    status,
  })

function refusalOf(answer: Answer, now: Date): PlatformError {
  const { status } = answer
  if (status === 400 || status === 401) return notAccepted(status)
  if (status === 403) {
    const words =
      'Reddit refuses this app: is its user agent unique and descriptive, as Reddit asks?'
    return new PlatformError('reddit', 'forbidden', words, { status })
  }
  return errorOfStatus(siteOf(endpoint), answer, now, { reset })
}
