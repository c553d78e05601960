import { parse } from '../answer-shape.ts'
import { errorOfStatus, jsonOf } from '../http-answer.ts'
import type { PlatformTools } from '../platform.ts'
import { PlatformError } from '../platform-error.ts'
import { Token, Validation } from './twitch.shapes.ts'
import { type Answer, oauthUrl, send, siteOf } from './twitch.transport.ts'

export type TwitchCredentials = { clientId: string; clientSecret: string }
type TokenTools = Pick<PlatformTools, 'baseUrl' | 'signal' | 'timeoutMs' | 'clock' | 'token'>

const endpoint = 'oauth2/token'
const renewBeforeExpiryMs = 60_000

/** The app token of a credential: kept for all runs, renewed before it expires. */
export class AppToken {
  readonly #credentials: TwitchCredentials
  readonly #tools: TokenTools
  #asking: Promise<string> | null = null

  constructor(credentials: TwitchCredentials, tools: TokenTools) {
    this.#credentials = credentials
    this.#tools = tools
  }

  async get(): Promise<string> {
    const kept = this.#tools.token.get()
    const now = this.#tools.clock.now().getTime()
    if (kept && kept.expiresAt.getTime() - renewBeforeExpiryMs > now) return kept.value
    return this.renew()
  }

  /** Calls that wait at the same time share one request. */
  async renew(): Promise<string> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null
    })
    return this.#asking
  }

  async #ask(): Promise<string> {
    const tools = this.#tools
    tools.token.set(null)
    // In the body: Twitch takes the query too, but a URL ends up in logs.
    const body = new URLSearchParams({
      client_id: this.#credentials.clientId,
      client_secret: this.#credentials.clientSecret,
      grant_type: 'client_credentials',
    })
    const url = `${oauthUrl(tools.baseUrl)}/token`
    const answer = await send(endpoint, url, { method: 'POST', body }, tools)
    if (answer.status !== 200) throw refusal(answer, tools.clock.now())
    const token = parse(siteOf(endpoint), Token, jsonOf(siteOf(endpoint), answer.text))
    const expiresAt = new Date(tools.clock.now().getTime() + token.expires_in * 1_000)
    tools.token.set({ value: token.access_token, expiresAt })
    return token.access_token
  }

  /** Days that a fresh token lasts: asks Twitch for one and shows it around. */
  async prove(): Promise<number | null> {
    const token = await this.renew()
    const what = 'oauth2/validate'
    const url = `${oauthUrl(this.#tools.baseUrl)}/validate`
    const headers = { authorization: `OAuth ${token}` }
    const answer = await send(what, url, { headers }, this.#tools)
    if (answer.status !== 200) throw errorOfStatus(siteOf(what), answer, this.#tools.clock.now())
    const { expires_in } = parse(siteOf(what), Validation, jsonOf(siteOf(what), answer.text))
    return expires_in == null ? null : Math.floor(expires_in / 86_400)
  }
}

/** Twitch answers 400 to a client id it does not know and 403 to a wrong secret. */
function refusal(answer: Answer, now: Date): PlatformError {
  const words: { [status: number]: string } = {
    400: 'Twitch does not know this client id',
    401: 'Twitch does not accept this client id and secret',
    403: 'Twitch does not accept this client secret',
  }
  const { status } = answer
  const message = words[status]
  return message
    ? new PlatformError('twitch', 'unauthorized', message, { status })
    : errorOfStatus(siteOf(endpoint), answer, now)
}
