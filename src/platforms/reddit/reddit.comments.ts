import { parse } from '../answer-shape.ts'
import { asPlatformError, concernsCredential } from '../failure-scope.ts'
import type { CollectFailure, CommentTarget, CommentThread } from '../platform.ts'
import { PlatformError } from '../platform-error.ts'
import type { RedditClient } from './reddit.client.ts'
import { commentOf } from './reddit.comment-mapping.ts'
import { siteOf } from './reddit.errors.ts'
import { type Comment, MoreChildren, PostPage, Replies, type ReplyThing } from './reddit.shapes.ts'

/** Calls beyond the first that the comments of one post may take at one look. */
const moreCalls = 5
const idsPerCall = 100
const what = 'comments/:id'

/** The newest 500 comments of a post in one call, then what that left out, as far as calls go. */
export async function* comments(
  client: RedditClient,
  targets: CommentTarget[],
): AsyncGenerator<CommentThread | CollectFailure, void> {
  for (const { ref, externalId } of targets) {
    yield await readThread(client, externalId).then(
      (thread) => ({ ref, ...thread }),
      (caught) => ({ ref, error: ownFailure(caught) }),
    )
  }
}

/** A post that is gone or closed, or was answered in an unknown form; all else ends the run. */
function ownFailure(caught: unknown): PlatformError {
  const error = asPlatformError(caught)
  const { kind, status } = error
  if (concernsCredential(error) || kind === 'unavailable') throw error
  if (kind !== 'not_found') return error
  const words = 'Reddit does not have this post any more'
  return new PlatformError('reddit', kind, words, { sourceOnly: true, ...(status && { status }) })
}

type Reading = {
  found: Map<string, Comment>
  /** Left out of an answer, to be asked for by id. */
  ids: Set<string>
  /** Comments whose answers were too deep for the answer that held them. */
  branches: Set<string>
}

async function readThread(client: RedditClient, postId: string) {
  const reading: Reading = { found: new Map(), ids: new Set(), branches: new Set() }
  note(reading, await pageOf(client, postId))
  for (let calls = 0; calls < moreCalls && !isWhole(reading); calls += 1) {
    const more = await readMore(client, postId, reading).catch(whenSpent)
    if (more === null) break
    note(reading, more)
  }
  return { comments: [...reading.found.values()].map(commentOf), complete: isWhole(reading) }
}

const isWhole = ({ ids, branches }: Reading) => ids.size + branches.size === 0

/** What is there is kept when no budget is left for more. */
function whenSpent(caught: unknown): null {
  if (asPlatformError(caught).kind !== 'budget_exhausted') throw caught
  return null
}

async function readMore(client: RedditClient, postId: string, reading: Reading) {
  const [branch] = reading.branches
  const asked = [...reading.ids].slice(0, idsPerCall)
  if (asked.length === 0 && branch !== undefined) {
    const things = await pageOf(client, postId, branch)
    reading.branches.delete(branch)
    return things
  }
  const things = await moreOf(client, postId, asked)
  for (const id of asked) reading.ids.delete(id)
  return things
}

async function pageOf(client: RedditClient, postId: string, comment?: string) {
  const query = { sort: 'new', limit: '500', ...(comment && { comment }) }
  const path = `comments/${encodeURIComponent(postId)}`
  const [, { data }] = await client.get({ what, path, query, schema: PostPage, ofCommunity: true })
  return data.children
}

async function moreOf(client: RedditClient, postId: string, children: string[]) {
  const call = { what: 'api/morechildren', path: 'api/morechildren', schema: MoreChildren }
  const query = { api_type: 'json', link_id: `t3_${postId}`, children: children.join(',') }
  const { json } = await client.get({ ...call, query })
  return json.data?.things ?? []
}

/** Takes a tree apart without recursion, however deep it is. */
function note(reading: Reading, things: readonly ReplyThing[]): void {
  const waiting = [...things]
  for (let thing = waiting.pop(); thing; thing = waiting.pop()) {
    if (thing.kind === 'more') {
      noteLeftOut(reading, thing.data)
      continue
    }
    const { replies, ...comment } = thing.data
    reading.found.set(comment.id, { ...comment, replies: null })
    reading.ids.delete(comment.id)
    if (replies) waiting.push(...parse(siteOf(what), Replies, replies).data.children)
  }
}

function noteLeftOut(
  reading: Reading,
  { parent_id, children }: { parent_id: string; children: string[] },
): void {
  for (const id of children) if (!reading.found.has(id)) reading.ids.add(id)
  const isBranch = children.length === 0 && parent_id.startsWith('t1_')
  if (isBranch) reading.branches.add(parent_id.slice('t1_'.length))
}
