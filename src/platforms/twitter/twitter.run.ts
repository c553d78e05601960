import type { Json } from '../../core/json.ts'
import { asPlatformError } from '../failure-scope.ts'
import type { Collected, CollectTarget, PlatformTools } from '../platform.ts'
import type { PlatformError } from '../platform-error.ts'
import { isNewer } from './snowflake.ts'
import { type Accounts, accountsOf, detailsOf } from './twitter.accounts.ts'
import type { XClient } from './twitter.client.ts'
import { type Cursor, cursorOf, cursorToJson, reachOf } from './twitter.cursor.ts'
import { isRepost, postOf, statisticsOf } from './twitter.mapping.ts'
import type { Reading } from './twitter.reading.ts'
import type { Look } from './twitter.search.ts'
import type { Post, User } from './twitter.shapes.ts'

/** What one `collect` knows and learns on its way. */
export type Run = {
  client: XClient
  tools: PlatformTools
  now: Date
  accounts: Accounts
  /** The newest id that any answer of this run held. */
  seenId: string | null
}

const dayMs = 86_400_000
/** A timeline shows an account's last 3,200 posts, reposts counted. */
const timelineEnd = 3_000

/**
 * Followers and today's name of the accounts that were not asked about for a day, $0.010 each. They
 * are dispensable: without money for them the posts are collected all the same.
 */
export async function readAccounts(
  run: Run,
  targets: CollectTarget[],
): Promise<PlatformError | null> {
  const due = targets.filter(
    ({ statisticsAt }) => !statisticsAt || run.now.getTime() - statisticsAt.getTime() >= dayMs,
  )
  try {
    const ids = due.map(({ externalId }) => externalId)
    for await (const some of accountsOf(run.client, 'ids', ids)) {
      for (const [id, account] of some) run.accounts.set(id, account)
    }
    return null
  } catch (caught) {
    const error = asPlatformError(caught)
    if (error.kind === 'changed_shape') return error
    if (error.kind !== 'budget_exhausted') throw error
    run.tools.log.info({ platform: 'twitter' }, 'No budget left for followers in this run')
    return null
  }
}

export function lookOf(target: CollectTarget, user: User | null): Look {
  const known = typeof target.details.username === 'string' ? target.details.username : null
  const before = known ?? target.handle
  const handle = user?.username ?? before
  const renamed = handle.toLowerCase() !== before.toLowerCase()
  return { target, cursor: cursorOf(target.cursor), handle, renamed }
}

export function cursorAfter(
  run: Pick<Run, 'now'>,
  cursor: Cursor,
  reading: Reading,
  { seenBefore, severalAccounts }: { seenBefore: string | null; severalAccounts: boolean },
): Cursor {
  const { newestId, oldestId, stoppedBy } = reading
  if (!stoppedBy) {
    const own = { newestId, severalAccounts }
    return { sinceId: reachOf(cursor.sinceId, own, seenBefore, run.now) }
  }
  if (!newestId || !oldestId) return cursor
  // A first run goes back as far as it gets: it leaves no gap behind.
  if (!cursor.sinceId) return { sinceId: newestId }
  return { sinceId: newestId, backlog: { sinceId: cursor.sinceId, untilId: oldestId } }
}

/** The posts of one account, each once, without those it already had. */
export function collectedOf(run: Run, look: Look, posts: Post[], cursor: Cursor): Collected {
  const { target, handle } = look
  const account = run.accounts.get(target.externalId)
  const user = account && 'user' in account ? account.user : null
  const author = {
    externalId: target.externalId,
    handle,
    displayName: user?.name ?? textOf(target.details.name),
    followers: user?.public_metrics?.followers_count ?? null,
  }
  const own = new Map(
    posts
      .filter((post) => !isRepost(post) && !look.cursor.taken?.includes(post.id))
      .map((post) => [post.id, post]),
  )
  const ids = [...own.keys(), ...(look.cursor.taken ?? [])]
  return {
    ref: target.ref,
    posts: [...own.values()].map((post) => postOf(post, author)),
    cursor: cursorToJson({ ...cursor, taken: newerThan(ids, cursor.sinceId) }),
    statistics: user && statisticsOf(user),
    details: user && changesOf(target.details, detailsOf(user)),
    // The backlog of an interrupted run is only late; what a timeline no longer shows is missing.
    complete: look.cursor.sinceId === null || posts.length < timelineEnd,
    endedStreams: [],
  }
}

const newerThan = (ids: string[], sinceId: string | null): string[] =>
  sinceId === null ? [] : ids.filter((id) => isNewer(id, sinceId))

const textOf = (value: Json | undefined) => (typeof value === 'string' ? value : null)

function changesOf(known: { [key: string]: Json }, seen: { [key: string]: Json }) {
  const changed = Object.entries(seen).filter(
    ([key, value]) => JSON.stringify(known[key]) !== JSON.stringify(value),
  )
  return changed.length > 0 ? Object.fromEntries(changed) : null
}
