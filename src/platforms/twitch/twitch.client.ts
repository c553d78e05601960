import { ApiClient } from '@twurple/api'
import type { AuthProvider } from '@twurple/auth'
import { parse } from '../answer-shape.ts'
import { errorOfStatus, jsonOf, numberOf, resetMoment } from '../http-answer.ts'
import type { PlatformTools } from '../platform.ts'
import { watchedCall } from '../watched-call.ts'
import { helixAnswers, type Stream } from './twitch.shapes.ts'
import { AppToken, type TwitchCredentials } from './twitch.token.ts'
import { type Answer, helixUrl, send, siteOf } from './twitch.transport.ts'

export const points = 'points'
const reset = { name: 'ratelimit-reset', unit: 'epoch_s' } as const
type CallOptions = Parameters<ApiClient['callApi']>[0]

/**
 * twurple's client with its transport replaced. The stock one retries 5xx, waits out a 429 without
 * end, knows no time limit, and puts the client secret into the message of its errors. Every answer
 * is checked before twurple wraps it.
 */
export class HelixClient extends ApiClient {
  readonly appToken: AppToken
  readonly #clientId: string
  readonly #tools: PlatformTools

  constructor(credentials: TwitchCredentials, tools: PlatformTools) {
    const appToken = new AppToken(credentials, tools)
    super({ authProvider: authProviderOf(credentials.clientId, appToken) })
    this.appToken = appToken
    this.#clientId = credentials.clientId
    this.#tools = tools
  }

  override async callApi<T>(options: CallOptions): Promise<T> {
    const what = `helix/${options.url}`
    const schema = helixAnswers[options.url]
    if (!schema) throw new Error(`Nothing says what ${what} answers: add its shape`)
    let answer = await this.#ask(options, await this.appToken.get())
    // Tokens can end before their time (a new secret, a revoked one): one fresh one, one more call.
    if (answer.status === 401) answer = await this.#ask(options, await this.appToken.renew())
    if (answer.status !== 200) {
      throw errorOfStatus(siteOf(what), answer, this.#tools.clock.now(), { reset })
    }
    return parse(siteOf(what), schema, jsonOf(siteOf(what), answer.text)) as T
  }

  /**
   * The running ones among at most 100 channels. `first` is said aloud: without it Twitch answers 20
   * and twurple's getStreamsByUserIds leaves it out. Asked past twurple's HelixStream, which drops
   * the fields it does not know.
   */
  async streamsOf(userIds: string[]): Promise<Stream[]> {
    const query = { user_id: userIds, type: 'live', first: '100' }
    const { data } = await this.callApi<{ data: Stream[] }>({ url: 'streams', query })
    return data
  }

  async #ask(options: CallOptions, token: string): Promise<Answer> {
    await this.#tools.budget.take([{ bucket: points, amount: 1 }])
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries(options.query ?? {})) {
      for (const one of [value ?? []].flat()) query.append(name, one)
    }
    const url = `${helixUrl(this.#tools.baseUrl)}/${options.url}?${query}`
    const headers = { 'client-id': this.#clientId, authorization: `Bearer ${token}` }
    const answer = await watchedCall(this.#tools, () =>
      send(`helix/${options.url}`, url, { headers }, this.#tools),
    )
    await this.#observe(answer)
    return answer
  }

  async #observe(answer: Answer): Promise<void> {
    const remaining = numberOf(answer.header('ratelimit-remaining'))
    const limit = numberOf(answer.header('ratelimit-limit'))
    const resetsAt = resetMoment(answer, this.#tools.clock.now(), reset)
    if (remaining === null || resetsAt === null) return
    await this.#tools.budget.observe(points, {
      remaining,
      resetsAt,
      ...(limit !== null && { limit }),
    })
  }
}

/** Only for twurple's constructor: our callApi asks AppToken itself. App tokens stand for no user. */
const authProviderOf = (clientId: string, appToken: AppToken): AuthProvider => {
  const asTwurple = async () => ({
    accessToken: await appToken.get(),
    refreshToken: null,
    scope: [],
    expiresIn: null,
    obtainmentTimestamp: 0,
  })
  return {
    clientId,
    getCurrentScopesForUser: () => [],
    getAccessTokenForUser: async () => null,
    getAnyAccessToken: asTwurple,
    getAppAccessToken: asTwurple,
  }
}
