import { parse } from '../answer-shape.ts'
import type { Booking } from '../budget.ts'
import { jsonOf, numberOf, resetMoment } from '../http-answer.ts'
import type { PlatformTools } from '../platform.ts'
import { watchedCall } from '../watched-call.ts'
import { errorOfAnswer, RefusedParameters, reset, siteOf } from './twitter.errors.ts'
import { type Bucket, dollars, prices } from './twitter.limits.ts'
import { PostList, UserList } from './twitter.shapes.ts'
import type { Answer, Query } from './twitter.transport.ts'
import { nextVocabulary, type Vocabulary, vocabularyOf } from './twitter.vocabulary.ts'

type Call = {
  /** The path without ids, for the words of errors. */
  what: string
  path: string
  bucket: Bucket
  query: Query
  /** Resources that the answer can hold at most: what is booked before it. */
  most: number
  price: number
  /** A refusal concerns this one account. */
  oneAccount?: boolean
}
type PostsCall = Omit<Call, 'price'>

const userFields =
  'public_metrics,created_at,description,location,profile_image_url,protected,verified,verified_type'

/** X's endpoints with money booked before each call, headers observed after it and answers checked. */
export class XClient {
  readonly #token: string
  readonly #tools: PlatformTools
  #vocabulary: Vocabulary

  constructor(token: string, tools: PlatformTools) {
    this.#token = token
    this.#tools = tools
    this.#vocabulary = vocabularyOf(tools.options?.xDialect)
  }

  get tellsAuthors(): boolean {
    return this.#vocabulary.tellsAuthors
  }

  /** Resources of this price that the rest of the budget can pay, at most `wanted`. */
  async affordable(price: number, wanted: number): Promise<number> {
    const left = await this.#tools.budget.remaining(dollars)
    return Math.max(0, Math.min(wanted, Math.floor(left / price)))
  }

  async users(by: 'usernames' | 'ids', values: string[]): Promise<UserList> {
    const path = by === 'ids' ? 'users' : 'users/by'
    const query = { [by]: values.join(','), 'user.fields': userFields }
    const call = { what: path, path, query, bucket: 'users', price: prices.user } as const
    const answer = await this.#paid({ ...call, most: values.length })
    return parse(siteOf(path), UserList, answer)
  }

  async posts(call: PostsCall): Promise<PostList> {
    const { parameter, fields } = this.#vocabulary
    const asked = { ...call, price: prices.post, query: { ...call.query, [parameter]: fields } }
    const list = await this.#paid(asked).then(
      (answer) => parse(siteOf(call.what), PostList, answer),
      (error: unknown) => this.#refusedFields(error, parameter),
    )
    const understood = list !== null && !ignoredFields(list)
    if (understood) return list
    const next = nextVocabulary(this.#vocabulary)
    if (!next && list) return list
    if (!next) throw new RefusedParameters(call.what, [parameter])
    this.#tools.log.warn(
      { platform: 'twitter', vocabulary: next.name },
      'X no longer knows the names we asked with: trying newer ones. X_DIALECT=post saves this call',
    )
    this.#vocabulary = next
    return this.posts(call)
  }

  /** null: X does not know the parameter or a field in it. */
  #refusedFields(error: unknown, parameter: string): null {
    if (error instanceof RefusedParameters && error.parameters.includes(parameter)) return null
    throw error
  }

  /** Where a request went out and no answer came the booking stays: X may have counted the read. */
  async #paid(call: Call): Promise<unknown> {
    const booking = await this.#tools.budget.take([
      { bucket: call.bucket, amount: 1 },
      { bucket: dollars, amount: call.most * call.price },
    ])
    // The SDK takes a fifth of a second to load: only who talks to X waits for it.
    const { send, Unsent } = await import('./twitter.transport.ts')
    const sent = watchedCall(this.#tools, () => send(this.#token, call, this.#tools))
    const answer = await sent.catch(async (error: unknown) => {
      if (error instanceof Unsent) await settle(booking, call, 0)
      throw error
    })
    await this.#observe(call.bucket, answer)
    if (answer.status !== 200) {
      await settle(booking, call, 0)
      const now = this.#tools.clock.now()
      throw errorOfAnswer(call.what, answer, now, call.oneAccount ?? false)
    }
    const body = jsonOf(siteOf(call.what), answer.text)
    await settle(booking, call, countOf(body))
    return body
  }

  async #observe(bucket: Bucket, answer: Answer): Promise<void> {
    const remaining = numberOf(answer.header('x-rate-limit-remaining'))
    const limit = numberOf(answer.header('x-rate-limit-limit'))
    const resetsAt = resetMoment(answer, this.#tools.clock.now(), reset)
    if (remaining === null || resetsAt === null) return
    await this.#tools.budget.observe(bucket, {
      remaining,
      resetsAt,
      ...(limit !== null && { limit }),
    })
  }
}

const settle = (booking: Booking, call: Call, resources: number) =>
  booking.settle([
    { bucket: call.bucket, amount: 1 },
    { bucket: dollars, amount: resources * call.price },
  ])

function countOf(body: unknown): number {
  const { data } = (body ?? {}) as { data?: unknown }
  if (Array.isArray(data)) return data.length
  return data ? 1 : 0
}

/** X left out all that was asked for, as servers do with parameters that they do not know. */
const ignoredFields = ({ data }: PostList): boolean =>
  !!data?.length && data.every((post) => !post.created_at && !post.public_metrics)
