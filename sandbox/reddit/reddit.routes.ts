import { type Answer, jsonAnswer } from '../http/answer.ts'
import type { Route } from '../http/platform-api.ts'
import { listOf, type SandboxRequest } from '../http/request.ts'
import type { RedditWorld } from '../world/reddit.world.ts'
import type { World } from '../world/world.ts'
import { redditError } from './reddit.errors.ts'
import {
  closed,
  cut,
  listing,
  listingAnswer,
  listingEnd,
  ordered,
  readable,
  type Sort,
} from './reddit.listing.ts'
import { moreThings } from './reddit.more.ts'
import {
  presentComment,
  presentPost,
  presentSubreddit,
  type Thing,
  texts,
} from './reddit.presenters.ts'
import { commentTree } from './reddit.tree.ts'

type Handler = (reddit: RedditWorld, request: SandboxRequest, nowMs: number) => Answer

const textsOf = ({ query, form }: SandboxRequest) =>
  texts((query.get('raw_json') ?? form.get('raw_json')) === '1')

const posts: Handler = (reddit, request, nowMs) => {
  const subreddits = readable(reddit, request.params.names ?? '')
  if (!Array.isArray(subreddits)) return subreddits
  const byName = new Map(subreddits.map((subreddit) => [subreddit.name, subreddit]))
  const all = [...byName.keys()].flatMap((name) => reddit.newest(name, listingEnd))
  const sort = (request.params.sort ?? 'hot') as Sort
  const inOrder = ordered(all, sort, request.query.get('t'), nowMs).slice(0, listingEnd)
  const { refs, after, before } = cut(inOrder, request.query)
  const say = textsOf(request)
  const children = refs.flatMap((ref) => {
    const subreddit = byName.get(ref.subreddit)
    const post = reddit.post(ref.id)
    return post && subreddit ? presentPost(post, subreddit, say) : []
  })
  return listingAnswer(children, after, before)
}

const about: Handler = (reddit, request) => {
  const subreddit = reddit.subreddit(request.params.name ?? '')
  if (!subreddit) return redditError(404, 'Not Found')
  if (subreddit.standing !== 'active') return closed(subreddit)
  return jsonAnswer(200, presentSubreddit(subreddit, textsOf(request)))
}

const mostThings = 100

/** Any things by their full names, or subreddits by name; the unknown are simply absent. */
const info: Handler = (reddit, request) => {
  const say = textsOf(request)
  const names = listOf(request.query, 'id').slice(0, mostThings)
  const subreddits = listOf(request.query, 'sr_name').slice(0, mostThings)
  return listingAnswer([
    ...names.flatMap((name) => thing(reddit, name, say) ?? []),
    ...subreddits.flatMap((name) => {
      const subreddit = reddit.subreddit(name)
      return subreddit && subreddit.standing !== 'banned' ? presentSubreddit(subreddit, say) : []
    }),
  ])
}

function thing(reddit: RedditWorld, name: string, say: ReturnType<typeof texts>): Thing | null {
  if (name.startsWith('t3_')) {
    const post = reddit.post(name.slice(3))
    const subreddit = post && reddit.subreddit(post.subreddit)
    return post && subreddit?.standing === 'active' ? presentPost(post, subreddit, say) : null
  }
  const found = name.startsWith('t1_') ? reddit.commentById(name.slice(3)) : null
  const post = found && reddit.post(found.postId)
  const subreddit = post && reddit.subreddit(post.subreddit)
  if (!found || !subreddit) return null
  const parent = found.parentId === null ? `t3_${found.postId}` : `t1_${found.parentId}`
  const place = { postId: found.postId, parent, subreddit, depth: 0, byPoster: false }
  return presentComment(found.comment, place, '', say)
}

const comments: Handler = (reddit, request) => {
  const { query, params } = request
  const post = reddit.post(params.id ?? '')
  const subreddit = post && reddit.subreddit(post.subreddit)
  if (!post || !subreddit) return redditError(404, 'Not Found')
  if (subreddit.standing !== 'active') return closed(subreddit)
  const say = textsOf(request)
  const focus = query.get('comment')
  const focused = focus ? reddit.commentById(focus) : null
  const tree = commentTree({
    focus: focused?.postId === post.id ? focused.index : null,
    reddit,
    postId: post.id,
    subreddit,
    poster: post.author,
    say,
    sort: query.get('sort') ?? 'confidence',
    limit: Math.min(500, Number(query.get('limit') ?? 200) || 200),
    depth: Math.min(10, Number(query.get('depth') ?? 10) || 10),
  })
  return jsonAnswer(200, [listing([presentPost(post, subreddit, say)], null, null), tree])
}

/** What stands behind "more": flat, with the parents named. */
const moreChildren: Handler = (reddit, request) => {
  const value = (name: string) => request.query.get(name) ?? request.form.get(name) ?? ''
  const post = reddit.post(value('link_id').replace(/^t3_/, ''))
  const subreddit = post && reddit.subreddit(post.subreddit)
  if (!post || !subreddit) return redditError(404, 'Not Found')
  if (subreddit.standing !== 'active') return closed(subreddit)
  const things = moreThings({
    reddit,
    postId: post.id,
    subreddit,
    poster: post.author,
    say: textsOf(request),
    ids: value('children').split(',').slice(0, mostThings),
  })
  return jsonAnswer(200, { json: { errors: [], data: { things } } })
}

const search: Handler = () => listingAnswer([])

type Entry = { method?: 'POST'; path: RegExp; name: string; handle: Handler }

const entries: Entry[] = [
  {
    path: /^\/r\/(?<names>[\w+]+)\/(?<sort>new|hot|top|rising|controversial)(?:\.json)?\/?$/,
    name: 'listing',
    handle: posts,
  },
  { path: /^\/r\/(?<names>[\w+]+)\/?$/, name: 'listing', handle: posts },
  { path: /^\/r\/(?<name>\w+)\/about(?:\.json)?\/?$/, name: 'about', handle: about },
  { path: /^\/api\/info(?:\.json)?$/, name: 'info', handle: info },
  {
    path: /^(?:\/r\/\w+)?\/comments\/(?<id>[0-9a-z]+)(?:\/[^/]*)?(?:\.json)?\/?$/,
    name: 'comments',
    handle: comments,
  },
  { path: /^\/api\/morechildren$/, name: 'morechildren', handle: moreChildren },
  { method: 'POST', path: /^\/api\/morechildren$/, name: 'morechildren', handle: moreChildren },
  { path: /^\/subreddits\/search$/, name: 'search', handle: search },
]

export const redditRoutes = (world: World, nowMs: () => number): Route[] =>
  entries.map(
    ({ method = 'GET' as const, path, name, handle }): Route => ({
      method,
      path,
      name,
      handle: async (request) => ({ ...handle(await world.reddit(), request, nowMs()), cost: 1 }),
    }),
  )
