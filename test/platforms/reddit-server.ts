import type { Reply, Request } from './scripted-server.ts'

export type RedditStub = {
  /** By name: what a listing says of it, and its posts. */
  communities: Map<string, { reason?: string; posts: RedditPost[] }>
  /** Names whose presence in a path spoils the whole listing. */
  spoils: Set<string>
  token: string
}
export type RedditPost = { id: string; created_utc: number; [field: string]: unknown }

const listing = (children: unknown[], after: string | null = null): Reply => ({
  json: { kind: 'Listing', data: { after, before: null, children } },
  headers: {
    'x-ratelimit-used': '3',
    'x-ratelimit-remaining': '597.0',
    'x-ratelimit-reset': '120',
  },
})

/** As much of Reddit as the tests need: the token, listings of several, look-ups by name and id. */
export function redditAnswer(reddit: RedditStub, request: Request): Reply {
  const { pathname, searchParams } = request.url
  if (pathname === '/api/v1/access_token') {
    return { json: { access_token: reddit.token, token_type: 'bearer', expires_in: 86_400 } }
  }
  if (request.headers.authorization !== `Bearer ${reddit.token}`) {
    return { status: 401, json: { message: 'Unauthorized', error: 401 } }
  }
  if (pathname === '/api/info') return info(reddit, searchParams)
  const [, , names = '', section] = pathname.split('/')
  const list = decodeURIComponent(names).split('+')
  return section === 'about' ? about(reddit, list[0] ?? '') : newest(reddit, list, searchParams)
}

const refusal = (reason: string | undefined): Reply =>
  reason === 'private'
    ? { status: 403, json: { reason, message: 'Forbidden', error: 403 } }
    : { status: 404, json: { ...(reason && { reason }), message: 'Not Found', error: 404 } }

const community = (name: string) => ({
  kind: 't5',
  data: {
    id: name,
    name: `t5_${name}`,
    display_name: name,
    title: `All of ${name}`,
    subscribers: 1_234,
    subreddit_type: 'public',
    created_utc: 1_500_000_000,
  },
})

function about(reddit: RedditStub, name: string): Reply {
  const known = reddit.communities.get(name)
  return known && !known.reason ? { json: community(name) } : refusal(known?.reason)
}

function info(reddit: RedditStub, query: URLSearchParams): Reply {
  const names = [...reddit.communities].flatMap(([name, { reason }]) => (reason ? [] : name))
  const asked = query.get('sr_name')?.split(',') ?? []
  const ids = query.get('id')?.split(',') ?? []
  const found = names.filter((name) => asked.includes(name) || ids.includes(`t5_${name}`))
  const posts = [...reddit.communities.values()].flatMap((one) => one.posts)
  return listing([
    ...found.map(community),
    ...posts.filter(({ id }) => ids.includes(`t3_${id}`)).map((data) => ({ kind: 't3', data })),
  ])
}

function newest(reddit: RedditStub, names: string[], query: URLSearchParams): Reply {
  const known = names.map((name) => reddit.communities.get(name))
  const open = known.flatMap((one) => (one && !one.reason ? one : []))
  if (names.some((name) => reddit.spoils.has(name)) || open.length === 0) {
    return refusal(known[0]?.reason)
  }
  const posts = open
    .flatMap((one) => one.posts)
    .sort((a, b) => b.created_utc - a.created_utc)
    .slice(0, 1_000)
  const start = posts.findIndex(({ id }) => `t3_${id}` === query.get('after')) + 1
  const end = start + Number(query.get('limit') ?? 25)
  const page = posts.slice(start, end)
  const after = end < posts.length ? `t3_${page.at(-1)?.id}` : null
  return listing(
    page.map((data) => ({ kind: 't3', data })),
    after,
  )
}

let count = 0
export function redditPost(subreddit: string, at: Date, more = {}): RedditPost {
  count += 1
  const id = `p${count.toString(36)}`
  return {
    id,
    name: `t3_${id}`,
    subreddit,
    title: 'Look at #This',
    selftext: 'Thanks u/Helper & co',
    author: 'writer',
    author_fullname: 't2_w',
    link_flair_text: 'Help',
    permalink: `/r/${subreddit}/comments/${id}/look/`,
    created_utc: Math.floor(at.getTime() / 1_000),
    score: 12,
    ups: 12,
    upvote_ratio: 0.93,
    num_comments: 4,
    over_18: false,
    is_self: true,
    num_crossposts: 1,
    media: null,
    user_reports: [],
    a_new_field: 1,
    ...more,
  }
}
