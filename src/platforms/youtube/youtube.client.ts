import { type MethodOptions, youtube, type youtube_v3 } from '@googleapis/youtube'
import type { z } from 'zod'
import { parse } from '../answer-shape.ts'
import { readText } from '../bounded-body.ts'
import { errorOfFailure } from '../call-failure.ts'
import { type HttpAnswer, jsonOf } from '../http-answer.ts'
import type { PlatformTools } from '../platform.ts'
import { watchedCall } from '../watched-call.ts'
import { nextRefill } from './youtube.quota-day.ts'
import { errorOfRefusal } from './youtube.refusal.ts'

/** All calls of ours but one share `units`; videos:batchGetStats has a bucket of its own. */
export const units = 'units'
export const stats = 'stats'

type Endpoint<Schema> = { what: string; bucket: typeof units | typeof stats; schema: Schema }
/** `data` is a stream, whatever the SDK's types say: its own size limit looks at headers alone. */
type SdkCall = (
  api: youtube_v3.Youtube,
  options: MethodOptions,
) => Promise<{ status: number; headers: { [name: string]: unknown }; data: unknown }>

/**
 * Google's client with everything it does unasked switched off: retries (3, on 429 and 5xx),
 * redirects, errors of its own. The key travels in a header: as a query parameter it would stand in
 * the message of every socket error.
 */
export class YoutubeClient {
  readonly #api: youtube_v3.Youtube
  readonly #tools: PlatformTools

  constructor(apiKey: string, tools: PlatformTools) {
    this.#tools = tools
    this.#api = youtube({
      version: 'v3',
      ...(tools.baseUrl !== null && { rootUrl: `${tools.baseUrl}/` }),
      headers: { 'X-Goog-Api-Key': apiKey },
      retry: false,
      timeout: tools.timeoutMs,
      responseType: 'stream',
      validateStatus: () => true,
      fetchImplementation: (input, init) => fetch(input, { ...init, redirect: 'manual' }),
    })
  }

  /** The cache of category names is shared by all clients of one server. */
  get origin(): string {
    return this.#tools.baseUrl ?? ''
  }

  /** One call, one unit. */
  async ask<Schema extends z.ZodType>(
    { what, bucket, schema }: Endpoint<Schema>,
    call: SdkCall,
  ): Promise<z.infer<Schema>> {
    const { budget, clock } = this.#tools
    await budget.take([{ bucket, amount: 1 }])
    const answer = await this.#send(what, call)
    if (answer.status !== 200) {
      const error = errorOfRefusal(what, answer, clock.now())
      if (error.kind === 'budget_exhausted') {
        await budget.observe(bucket, { remaining: 0, resetsAt: nextRefill(clock.now()) })
      }
      throw error
    }
    return parse(siteOf(what), schema, jsonOf(siteOf(what), answer.text))
  }

  async #send(what: string, call: SdkCall): Promise<HttpAnswer & { text: string }> {
    try {
      const { status, headers, data } = await watchedCall(this.#tools, () =>
        call(this.#api, { signal: this.#tools.signal }),
      )
      const header = (name: string) => (headers[name] === undefined ? null : String(headers[name]))
      return { status, header, text: await textOf(data) }
    } catch (failure) {
      throw errorOfFailure(siteOf(what), failure)
    }
  }
}

/** '' is what the SDK makes of 'no content'. */
const textOf = (data: unknown) => readText(data instanceof ReadableStream ? data : null)

export const siteOf = (what: string) => ({ platform: 'youtube', name: 'YouTube', what })
