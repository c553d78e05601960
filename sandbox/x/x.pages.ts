import { jsonAnswer } from '../http/answer.ts'
import type { SandboxRequest } from '../http/request.ts'
import { firstIdAt } from '../world/x.snowflake.ts'
import type { TweetRef } from '../world/x.world.ts'
import { invalidRequest } from './x.errors.ts'
import { includesOf } from './x.includes.ts'
import { presentTweet, type View } from './x.presenters.ts'
import { free, type XReply } from './x.users.ts'

type PageRules = { least: number; most: number; tokens: readonly string[] }
/** Ids between both bounds, without the bounds. */
type Window = { size: number; above: bigint; below: bigint }

const checks: Record<string, (value: string) => boolean> = {
  since_id: (value) => /^[0-9]{1,19}$/.test(value),
  until_id: (value) => /^[0-9]{1,19}$/.test(value),
  start_time: (value) => !Number.isNaN(Date.parse(value)),
  end_time: (value) => !Number.isNaN(Date.parse(value)),
  next_token: (value) => readToken(value) !== null,
  pagination_token: (value) => readToken(value) !== null,
}

/** The ids and the page size that the caller wants, or the refusal that names what is wrong. */
export function readWindow(
  view: View,
  { query }: SandboxRequest,
  { least, most, tokens }: PageRules,
): Window | XReply {
  const refuse = (name: string, rule: string) => {
    const value = query.get(name) ?? ''
    const message = `The \`${name}\` query parameter value [${value}] is not ${rule}`
    return free(invalidRequest(view.words, name, value, message))
  }
  const size = Number(query.get('max_results') ?? 10)
  if (!Number.isInteger(size) || size < least || size > most) {
    return refuse('max_results', `between ${least} and ${most}`)
  }
  const bad = Object.entries(checks).find(
    ([name, ok]) => query.has(name) && !ok(query.get(name) ?? ''),
  )
  if (bad) return refuse(bad[0], 'valid')
  const token = tokens.map((name) => query.get(name)).find((value) => value !== null)
  return {
    size,
    above: highest([id(query, 'since_id'), before(moment(query, 'start_time'))]),
    below: lowest([id(query, 'until_id'), moment(query, 'end_time'), readToken(token ?? '')]),
  }
}

const id = (query: URLSearchParams, name: string) =>
  query.has(name) ? BigInt(query.get(name) ?? 0) : null
const moment = (query: URLSearchParams, name: string) =>
  query.has(name) ? firstIdAt(Date.parse(query.get(name) ?? '')) : null
const before = (value: bigint | null) => (value === null ? null : value - 1n)
const highest = (ids: (bigint | null)[]) =>
  ids.reduce<bigint>((most, each) => (each !== null && each > most ? each : most), -1n)
const lowest = (ids: (bigint | null)[]) =>
  ids.reduce<bigint>((least, each) => (each !== null && each < least ? each : least), 1n << 63n)

/** One page of what lies in the window, newest first, and the token to the rest. */
export function answerPage(view: View, refs: Iterable<TweetRef>, window: Window): XReply {
  const page: TweetRef[] = []
  let more = false
  for (const ref of refs) {
    const own = BigInt(ref.id)
    if (own <= window.above) break
    if (own >= window.below) continue
    more = page.length === window.size
    if (more) break
    page.push(ref)
  }
  const tweets = page.flatMap((ref) => view.x.tweet(ref.id) ?? [])
  const [newest, oldest] = [page[0], page.at(-1)]
  const { includes, userIds, tweetIds } = includesOf(view, tweets)
  const body = {
    ...(tweets.length > 0 && { data: tweets.map((tweet) => presentTweet(view, tweet)) }),
    ...(Object.keys(includes).length > 0 && { includes }),
    meta: {
      ...(newest && oldest && { newest_id: newest.id, oldest_id: oldest.id }),
      result_count: tweets.length,
      ...(more && oldest && { next_token: writeToken(oldest.id) }),
    },
  }
  return {
    answer: jsonAnswer(200, body),
    tweetIds: [...tweets.map((tweet) => tweet.id), ...tweetIds],
    userIds,
  }
}

/** Names the last tweet shown, so that pages neither repeat nor lose one while others appear. */
const writeToken = (lastId: string) => `7140dib${BigInt(lastId).toString(36)}`

function readToken(token: string): bigint | null {
  const digits = /^7140dib(?<id>[0-9a-z]{1,13})$/.exec(token)?.groups?.id
  if (digits === undefined) return null
  return [...digits].reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n)
}
