import type { SandboxRequest } from '../http/request.ts'
import { firstIdAt } from '../world/x.snowflake.ts'
import type { Tweet, TweetRef, XWorld } from '../world/x.world.ts'
import { invalidRequest } from './x.errors.ts'
import { answerPage, readWindow } from './x.pages.ts'
import type { View } from './x.presenters.ts'
import { free, type XHandler } from './x.users.ts'

const later = (a: bigint, b: bigint) => [a, b].reduce((most, each) => (each > most ? each : most))

const weekMs = 7 * 86_400_000
const longestQuery = 512

/** Recent search: the last seven days, without retweets since May 2026. */
export const searchRecent =
  (nowMs: () => number): XHandler =>
  (view, request) => {
    const query = request.query.get('query') ?? ''
    if (query === '' || query.length > longestQuery) {
      const message = `The \`query\` query parameter can not be longer than ${longestQuery} characters or empty`
      return free(invalidRequest(view.words, 'query', query.slice(0, 60), message))
    }
    const early = tooEarly(view, request, nowMs() - weekMs)
    if (early) return free(early)
    const rules = { least: 10, most: 100, tokens: ['next_token', 'pagination_token'] }
    const window = readWindow(view, request, rules)
    if ('answer' in window) return window
    const oldest = firstIdAt(nowMs() - weekMs)
    const above = later(window.above, oldest)
    return answerPage(view, find(view.x, query, above), { ...window, above })
  }

function tooEarly(view: View, { query }: SandboxRequest, firstMs: number) {
  const since = query.get('since_id')
  if (since === null || !/^\d+$/.test(since) || BigInt(since) >= firstIdAt(firstMs)) return null
  const message = `'since_id' must be a tweet id created after [${new Date(firstMs).toISOString()}]. Please use a 'since_id' that is larger than ${firstIdAt(firstMs)}`
  return invalidRequest(view.words, 'since_id', since, message)
}

/** `(from:a OR from:b) -is:reply lang:en #tag word conversation_id:1 to:c` */
function find(x: XWorld, query: string, above: bigint): TweetRef[] {
  const terms = query
    .replaceAll(/[()]/g, ' ')
    .split(/\s+/)
    .filter((term) => term !== '')
  const valuesOf = (name: string) =>
    terms.flatMap((term) => (term.startsWith(`${name}:`) ? term.slice(name.length + 1) : []))
  const conversation = valuesOf('conversation_id')[0]
  if (conversation !== undefined) return x.repliesTo(conversation)
  const authors = valuesOf('from').flatMap((name) => x.userByName(name) ?? [])
  const writers = terms.some((term) => term.startsWith('from:')) ? authors : x.activeUsers()
  const rest = terms.filter((term) => term !== 'OR' && !term.startsWith('from:'))
  const refs = [
    ...new Set(writers.filter(({ standing }) => standing === 'active').map(({ id }) => id)),
  ].flatMap((id) => recent(x, id, above))
  return refs
    .filter((ref) => rest.every((term) => fits(x, ref, term)))
    .sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? 1 : -1))
}

function recent(x: XWorld, userId: string, above: bigint): TweetRef[] {
  const refs: TweetRef[] = []
  for (const ref of x.timeline(userId)) {
    if (BigInt(ref.id) <= above) break
    if (ref.kind !== 'retweet') refs.push(ref)
  }
  return refs
}

const kinds: Record<string, string> = { reply: 'reply', quote: 'quote', retweet: 'retweet' }

function fits(x: XWorld, ref: TweetRef, term: string): boolean {
  if (term.startsWith('-')) return !fits(x, ref, term.slice(1))
  if (term.startsWith('is:')) return ref.kind === kinds[term.slice(3)]
  const tweet = x.tweet(ref.id)
  return tweet !== null && says(x, tweet, term.toLowerCase())
}

function says(x: XWorld, tweet: Tweet, term: string): boolean {
  if (term.startsWith('lang:')) return tweet.lang === term.slice(5)
  if (term.startsWith('to:')) {
    return tweet.target?.authorId === x.userByName(term.slice(3))?.id
  }
  if (term === 'has:links') return tweet.links.length > 0
  return tweet.text.toLowerCase().includes(term.replaceAll('"', ''))
}
