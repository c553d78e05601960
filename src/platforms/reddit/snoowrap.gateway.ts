import Snoowrap from 'snoowrap'
import type { PlatformTools } from '../platform.ts'
import { type Answer, apiUrl, type Query, type RedditGateway } from './reddit.gateway.ts'
import { type Limits, send } from './reddit.transport.ts'

type RawOptions = {
  uri: string
  method?: string
  qs?: Query
  headers?: { [name: string]: string }
  auth?: { bearer?: string }
  keep: (answer: Answer) => void
}

/**
 * snoowrap with its transport replaced by fetch. Left alone it repeats 5xx with waits, loses its
 * token for good after one 401, never renews an app-only one, and its errors hold the client secret.
 * Here it gets a token and no secret, and never sees a status or a rate-limit header, so nothing of
 * that can start. The body goes past it as text: its proxies around posts are of no use to us.
 */
class Client extends Snoowrap {
  readonly #origin: string
  readonly #limits: Limits

  constructor(userAgent: string, accessToken: string, origin: string, limits: Limits) {
    super({ userAgent, accessToken })
    this.#origin = origin
    this.#limits = limits
    this.config({
      maxRetryAttempts: 1,
      requestTimeout: limits.timeoutMs,
      warnings: false,
      debug: false,
      proxies: false,
    })
  }

  override async rawRequest(options: RawOptions) {
    const { uri, method = 'GET', qs = {}, headers = {}, auth } = options
    const url = `${this.#origin}/${uri}?${new URLSearchParams(
      Object.entries(qs).map(([name, value]): [string, string] => [name, String(value)]),
    )}`
    const init = { method, headers: { ...headers, authorization: `Bearer ${auth?.bearer}` } }
    const answer = await send(url, init, this.#limits)
    options.keep(answer)
    return { body: answer.text, request: { method, uri: { href: uri } }, headers: {} }
  }

  /** snoowrap's own pause between requests: zero, but it asks for a timer of minus infinity. */
  async _awaitRequestDelay() {}

  async answerTo(path: string, query: Query): Promise<Answer> {
    let kept: Answer | null = null
    const keep = (answer: Answer) => {
      kept = answer
    }
    const options = { uri: path, method: 'GET', qs: query, keep }
    await this.oauthRequest(options)
    if (!kept) throw new Error('snoowrap made no request')
    return kept
  }
}

export function openSnoowrap(
  userAgent: string,
  tools: Pick<PlatformTools, 'baseUrl' | 'signal' | 'timeoutMs'>,
): RedditGateway {
  const origin = apiUrl(tools.baseUrl)
  return {
    get: (token, path, query) => new Client(userAgent, token, origin, tools).answerTo(path, query),
  }
}
