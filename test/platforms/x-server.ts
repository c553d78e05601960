import { earlier, idAt, isNewer } from '../../src/platforms/twitter/snowflake.ts'
import type { Reply, Request } from './scripted-server.ts'

export type XPost = { id: string; author_id: string; [field: string]: unknown }
export type XStub = {
  posts: XPost[]
  /** Accounts that exist: id -> name. */
  names: Map<string, string>
  now: () => Date
  /** Which parameter is understood; the other one is refused or passed over. */
  fields: 'tweet.fields' | 'post.fields'
  unknownFields: 'refused' | 'ignored'
}

const week = 7 * 86_400_000

/** As much of X as the tests need: windows of ids, pages, names and ids that are missing. */
export function xAnswer(x: XStub, request: Request): Reply {
  const { pathname, searchParams } = request.url
  const other = x.fields === 'tweet.fields' ? 'post.fields' : 'tweet.fields'
  if (searchParams.has(other) && x.unknownFields === 'refused') return refused(other)
  const [, , first, id, last] = pathname.split('/')
  if (first === 'users' && last === 'tweets') return timeline(x, searchParams, id ?? '')
  if (pathname === '/2/users/by') return users(x, (searchParams.get('usernames') ?? '').split(','))
  if (pathname === '/2/users') return users(x, (searchParams.get('ids') ?? '').split(','))
  if (pathname === '/2/tweets/search/recent') return search(x, searchParams)
  if (pathname === '/2/tweets') return byIds(x, searchParams)
  return { status: 404 }
}

const refused = (parameter: string): Reply => ({
  status: 400,
  json: {
    errors: [{ parameters: { [parameter]: ['x'] }, message: 'no' }],
    title: 'Invalid Request',
    type: 'https://api.x.com/2/problems/invalid-request',
  },
})

const missing = (value: string) => ({
  value,
  resource_id: value,
  title: 'Not Found Error',
  detail: `Could not find [${value}].`,
  type: 'https://api.x.com/2/problems/resource-not-found',
})

function users({ names }: XStub, values: string[]): Reply {
  const found = [...names].filter(([id, name]) => values.includes(id) || values.includes(name))
  const data = found.map(([id, username]) => ({
    id,
    username,
    name: `The ${username}`,
    protected: false,
    public_metrics: { followers_count: 7, following_count: 1, tweet_count: 9, listed_count: 0 },
    a_new_field: 1,
  }))
  const errors = values.filter((one) => !found.flat().includes(one)).map(missing)
  return { json: { ...(data.length && { data }), ...(errors.length && { errors }) } }
}

function byIds(x: XStub, query: URLSearchParams): Reply {
  const ids = (query.get('ids') ?? '').split(',')
  const data = x.posts.filter(({ id }) => ids.includes(id)).map((post) => shown(x, query, post))
  const errors = ids.filter((id) => !data.some((post) => post.id === id)).map(missing)
  return { json: { ...(data.length && { data }), ...(errors.length && { errors }) } }
}

function timeline(x: XStub, query: URLSearchParams, author: string): Reply {
  if (!x.names.has(author)) return { json: { errors: [missing(author)] } }
  return page(
    x,
    query,
    x.posts.filter(({ author_id }) => author_id === author),
  )
}

function search(x: XStub, query: URLSearchParams): Reply {
  const asked = query.get('query') ?? ''
  const since = query.get('since_id') ?? '0'
  if (asked.length > 512) return refused('query')
  if (isNewer(idAt(x.now().getTime() - week), since)) return refused('since_id')
  const names = asked.split(' OR ').map((part) => part.replace('from:', ''))
  const wanted = [...x.names].filter(([, name]) => names.includes(name)).map(([id]) => id)
  return page(
    x,
    query,
    x.posts.filter(({ author_id }) => wanted.includes(author_id)),
  )
}

function page(x: XStub, query: URLSearchParams, posts: XPost[]): Reply {
  const since = query.get('since_id') ?? '0'
  const until = query.get('until_id') ?? '9223372036854775807'
  const bound = query.get('next_token') ?? query.get('pagination_token') ?? until
  const size = Number(query.get('max_results') ?? 10)
  const inside = posts
    .filter(({ id }) => isNewer(id, since) && isNewer(until, id) && isNewer(bound, id))
    .sort((a, b) => (isNewer(a.id, b.id) ? -1 : 1))
  const data = inside.slice(0, size)
  const more = inside.length > size
  return {
    json: {
      ...(data.length && { data: data.map((post) => shown(x, query, post)) }),
      meta: { result_count: data.length, ...(more && { next_token: data.at(-1)?.id }) },
    },
  }
}

/** Without the parameter that it knows, X shows id and text alone. */
const shown = (x: XStub, query: URLSearchParams, { id, text, ...rest }: XPost) => {
  const asked = query.get(x.fields)?.split(',') ?? []
  const fields = Object.entries(rest).filter(
    ([name]) => asked.includes(name) || name.startsWith('a_'),
  )
  return { id, text, ...Object.fromEntries(asked.length > 0 ? fields : []) }
}

/** The `n`th post of an account, `ms` before now. */
export function xPost(authorId: string, now: Date, ms: number, more = {}): XPost {
  const id = earlier(idAt(now.getTime()), ms)
  return {
    id: (BigInt(id) + BigInt(authorId)).toString(),
    text: 'Tea &amp; cake with @Friend #Blitz',
    author_id: authorId,
    created_at: new Date(now.getTime() - ms).toISOString(),
    lang: 'en',
    conversation_id: id,
    public_metrics: {
      like_count: 4,
      reply_count: 1,
      retweet_count: 2,
      quote_count: 3,
      bookmark_count: 5,
      impression_count: 90,
    },
    a_new_field: { deep: true },
    ...more,
  }
}
