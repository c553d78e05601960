import type { z } from 'zod'
import { parse } from '../answer-shape.ts'
import { errorOfFailure } from '../call-failure.ts'
import { jsonOf, numberOf, resetMoment } from '../http-answer.ts'
import type { PlatformTools } from '../platform.ts'
import { watchedCall } from '../watched-call.ts'
import { errorOfAnswer, reset, siteOf } from './reddit.errors.ts'
import type { Answer, Query, RedditGateway } from './reddit.gateway.ts'
import { requests } from './reddit.limits.ts'
import { AppToken, type RedditCredentials } from './reddit.token.ts'

type Call<Schema extends z.ZodType> = {
  /** The path without names, for the words of errors. */
  what: string
  path: string
  query?: Query
  schema: Schema
  /** A refusal concerns the communities in the path. */
  ofCommunity?: boolean
}

/** Reddit's endpoints: a request booked before each call, headers observed, answers checked. */
export class RedditClient {
  readonly appToken: AppToken
  readonly #tools: PlatformTools
  readonly #gateway: () => Promise<RedditGateway>

  constructor(
    credentials: RedditCredentials,
    tools: PlatformTools,
    gateway: () => Promise<RedditGateway>,
  ) {
    this.appToken = new AppToken(credentials, tools)
    this.#tools = tools
    this.#gateway = gateway
  }

  async get<Schema extends z.ZodType>(call: Call<Schema>): Promise<z.infer<Schema>> {
    const token = await this.appToken.get()
    let answer = await this.#ask(call, token.value)
    // A kept token may have been revoked before its time: one fresh one, one more call.
    if (answer.status === 401 && !token.fresh) {
      answer = await this.#ask(call, await this.appToken.renew())
    }
    if (answer.status === 401) this.#tools.token.set(null)
    if (answer.status !== 200) {
      const now = this.#tools.clock.now()
      throw errorOfAnswer(call.what, answer, now, call.ofCommunity ?? false)
    }
    return parse(siteOf(call.what), call.schema, jsonOf(siteOf(call.what), answer.text))
  }

  async #ask({ what, path, query }: Call<z.ZodType>, token: string): Promise<Answer> {
    await this.#tools.budget.take([{ bucket: requests, amount: 1 }])
    const gateway = await this.#gateway()
    const answer = await watchedCall(this.#tools, () =>
      gateway.get(token, path, { raw_json: '1', ...query }),
    ).catch((failure: unknown) => {
      throw errorOfFailure(siteOf(what), failure)
    })
    await this.#observe(answer)
    return answer
  }

  /** Fractions of a request count as none left. A 429 may come without these headers. */
  async #observe(answer: Answer): Promise<void> {
    const remaining = numberOf(answer.header('x-ratelimit-remaining'))
    const resetsAt = resetMoment(answer, this.#tools.clock.now(), reset)
    if (remaining === null || resetsAt === null) return
    await this.#tools.budget.observe(requests, { remaining: Math.floor(remaining), resetsAt })
  }
}
