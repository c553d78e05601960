import type { Collected, CollectFailure } from '../platform.ts'
import type { PlatformError } from '../platform-error.ts'
import { idAt, newestOf, oldestOf } from './snowflake.ts'
import type { Cursor } from './twitter.cursor.ts'
import { prices } from './twitter.limits.ts'
import { type Reading, readAll } from './twitter.reading.ts'
import { collectedOf, cursorAfter, type Run } from './twitter.run.ts'
import type { Look } from './twitter.search.ts'
import type { Post } from './twitter.shapes.ts'
import type { Query } from './twitter.transport.ts'

const firstRunPosts = 100
const fewest = 5

/** This account's own failure, which leaves the others alone. */
export const concernsAccount = (error: PlatformError): boolean =>
  error.sourceOnly || error.kind === 'changed_shape'

/**
 * One account by its own timeline: complete (replies and quotes too, no reposts), and the way to
 * take a first run, a cursor that searches refuse, a renamed account and the rest of a broken run.
 */
export async function* readTimeline(
  run: Run,
  look: Look,
  firstRunMost: number,
): AsyncGenerator<Collected | CollectFailure, void> {
  const rest = await readBacklog(run, look)
  const newest = rest.stop ? rest : await readNewest(run, look, rest.cursor, firstRunMost)
  const posts = rest === newest ? rest.posts : [...rest.posts, ...newest.posts]
  const { stop, cursor } = newest
  if (stop && posts.length === 0) {
    if (!concernsAccount(stop)) throw stop
    yield { ref: look.target.ref, error: stop }
    return
  }
  yield collectedOf(run, look, posts, cursor)
  if (stop && !concernsAccount(stop)) throw stop
}

type Part = { posts: Post[]; stop: PlatformError | null; cursor: Cursor }

/** What a broken run left out, or as much of it as is to be had now. */
async function readBacklog(run: Run, look: Look): Promise<Part> {
  const { cursor } = look
  if (!cursor.backlog) return { posts: [], stop: null, cursor }
  const { sinceId, untilId } = cursor.backlog
  const { posts, oldestId, stoppedBy } = await read(run, look, {
    since_id: sinceId,
    until_id: untilId,
  })
  const left = { sinceId, untilId: oldestId ?? untilId }
  return {
    posts,
    stop: stoppedBy,
    cursor: { sinceId: cursor.sinceId, ...(stoppedBy && { backlog: left }) },
  }
}

async function readNewest(
  run: Run,
  look: Look,
  cursor: Cursor,
  firstRunMost: number,
): Promise<Part> {
  const seenBefore = run.seenId
  const since = sinceOf(look)
  const reading = since
    ? await read(run, look, { since_id: since })
    : await read(run, look, {}, firstRunMost)
  const options = { seenBefore, severalAccounts: false }
  return {
    posts: reading.posts,
    stop: reading.stoppedBy,
    cursor: cursorAfter(run, cursor, reading, options),
  }
}

async function read(run: Run, { target }: Look, window: Query, atMost?: number): Promise<Reading> {
  const request = {
    what: 'users/:id/tweets',
    path: `users/${target.externalId}/tweets`,
    bucket: 'timeline',
    query: { ...window, exclude: 'retweets' },
    fewest,
    tokenName: 'pagination_token',
    oneAccount: true,
  } as const
  const reading = await readAll(run.client, request, atMost)
  run.seenId = newestOf(run.seenId, reading.newestId)
  return reading
}

/** Under a new name searches found nothing: go back to when the old one was last seen to hold. */
function sinceOf({ target, cursor, renamed }: Look): string | null {
  if (!renamed || !target.statisticsAt || !cursor.sinceId) return cursor.sinceId
  return oldestOf(cursor.sinceId, idAt(target.statisticsAt.getTime()))
}

/** First runs share half of what the month has left, so that none of them takes it all. */
export async function firstRunShare(run: Run, looks: Look[]): Promise<number> {
  const wanted = run.tools.firstRunPosts ?? firstRunPosts
  const count = looks.filter(({ cursor }) => cursor.sinceId === null).length
  if (count === 0) return wanted
  const payable = await run.client.affordable(prices.post, 2 * count * wanted)
  return Math.max(fewest, Math.min(wanted, Math.floor(payable / 2 / count)))
}
