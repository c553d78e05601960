import type { Json } from '../../core/json.ts'
import { asPlatformError } from '../failure-scope.ts'
import type { Collected, CollectFailure, CollectTarget, PlatformTools } from '../platform.ts'
import { PlatformError } from '../platform-error.ts'
import type { RedditClient } from './reddit.client.ts'
import {
  aboutOf,
  communitiesOf,
  detailsOf,
  statisticsOf,
  troubleWith,
} from './reddit.communities.ts'
import { cursorOf, cursorToJson, isNew, nextCursor } from './reddit.cursor.ts'
import type { Look } from './reddit.groups.ts'
import type { Reading } from './reddit.listing.ts'
import { postOf } from './reddit.mapping.ts'
import type { Submission, Subreddit } from './reddit.shapes.ts'

/** What one `collect` knows and learns on its way. */
export type Run = {
  client: RedditClient
  tools: PlatformTools
  now: Date
  /** By lower-case name. */
  communities: Map<string, Subreddit>
  /** Reddit's time of the newest post that any answer of this run held, in seconds. */
  seenUpTo: number | null
  /** Communities that may still be asked about one by one. */
  questions: number
}

const dayMs = 86_400_000

export const lookOf = (target: CollectTarget): Look => ({
  target,
  cursor: cursorOf(target.cursor),
  name: target.handle,
})

export const isDue = ({ target }: Look, now: Date): boolean =>
  !target.statisticsAt || now.getTime() - target.statisticsAt.getTime() >= dayMs

/**
 * Looks at the communities themselves, 100 a call. A listing of several leaves out what is private or
 * gone without a word: here it is missed, and asked about.
 */
export async function examine(
  run: Run,
  looks: Look[],
): Promise<{ healthy: Look[]; failures: CollectFailure[] }> {
  const names = looks.map(({ name }) => name)
  const found = await communitiesOf(run.client, 'sr_name', names).catch(asPlatformError)
  if (found instanceof PlatformError) {
    if (found.kind !== 'changed_shape') throw found
    return { healthy: [], failures: looks.map(({ target }) => ({ ref: target.ref, error: found })) }
  }
  const healthy: Look[] = []
  const failures: CollectFailure[] = []
  for (const look of looks) {
    const error = await troubleOfLook(run, look, found)
    if (error) failures.push({ ref: look.target.ref, error })
    else healthy.push(look)
  }
  return { healthy, failures }
}

async function troubleOfLook(run: Run, { name }: Look, found: Map<string, Subreddit>) {
  const answer = found.get(name.toLowerCase()) ?? (await ask(run, name))
  if (!answer || answer instanceof PlatformError) return answer
  const trouble = troubleWith(answer)
  if (!trouble) run.communities.set(name.toLowerCase(), answer)
  return trouble
}

/** null: too many were missing to ask about each; the listing itself will tell. */
async function ask(run: Run, name: string): Promise<Subreddit | PlatformError | null> {
  if (run.questions <= 0) return null
  run.questions -= 1
  return aboutOf(run.client, name)
}

export function collectedOf(
  run: Run,
  look: Look,
  reading: Reading,
  reach: number | null,
): Collected {
  const { target, cursor, name } = look
  const isOwn = ({ subreddit }: Submission) => subreddit.toLowerCase() === name.toLowerCase()
  const own = new Map(reading.posts.filter(isOwn).map((post) => [post.id, post]))
  const fresh = [...own.values()].filter((post) => isNew(cursor, post))
  const community = run.communities.get(name.toLowerCase())
  return {
    ref: target.ref,
    posts: fresh.map(postOf),
    cursor: cursorToJson(nextCursor(cursor, [...own.values()], fresh.length, reach)),
    statistics: community ? statisticsOf(community) : null,
    details: community ? changesOf(target.details, detailsOf(community)) : null,
    complete: cursor === null || reading.cutAt === null || reading.cutAt <= cursor.upTo,
    endedStreams: [],
  }
}

function changesOf(known: { [key: string]: Json }, seen: { [key: string]: Json }) {
  const changed = Object.entries(seen).filter(
    ([key, value]) => JSON.stringify(known[key]) !== JSON.stringify(value),
  )
  return changed.length > 0 ? Object.fromEntries(changed) : null
}
