import { asPlatformError } from '../failure-scope.ts'
import type { Collected, CollectFailure, CollectTarget, PlatformTools } from '../platform.ts'
import { PlatformError } from '../platform-error.ts'
import type { RedditClient } from './reddit.client.ts'
import { type Look, listingGroups } from './reddit.groups.ts'
import { type Reading, readListing } from './reddit.listing.ts'
import { collectedOf, examine, isDue, lookOf, type Run } from './reddit.run.ts'

type Outcome = Collected | CollectFailure

const firstRunPosts = 100
const questionsPerRun = 10

/** One to four calls for 100 quiet communities; once a day one more for their members. */
export async function* collect(
  client: RedditClient,
  tools: PlatformTools,
  targets: CollectTarget[],
): AsyncGenerator<Outcome, void> {
  const now = tools.clock.now()
  const run: Run = {
    ...{ client, tools, now, communities: new Map(), seenUpTo: null },
    questions: questionsPerRun,
  }
  const looks = targets.map(lookOf)
  const due = looks.filter((look) => isDue(look, now))
  const { healthy, failures } = await examine(run, due)
  yield* failures
  const alive = looks.filter((look) => !due.includes(look) || healthy.includes(look))
  for (const group of listingGroups(alive, now)) yield* readGroup(run, group)
}

/**
 * A group that Reddit refuses holds a community that is private or gone: the others are found with
 * one call, and if that does not help the group is halved. Alone, a community fails alone.
 */
async function* readGroup(
  run: Run,
  looks: Look[],
  examined = false,
): AsyncGenerator<Outcome, void> {
  const seenBefore = run.seenUpTo
  const reading = await read(run, looks).catch(asPlatformError)
  if (!(reading instanceof PlatformError)) {
    const newest = newestOf(reading)
    run.seenUpTo = laterOf(run.seenUpTo, newest)
    for (const look of looks) {
      yield collectedOf(run, look, reading, laterOf(seenBefore, newest))
    }
    return
  }
  if (reading.kind === 'changed_shape' || (reading.sourceOnly && looks.length === 1)) {
    yield* looks.map(({ target }) => ({ ref: target.ref, error: reading }))
    return
  }
  if (!reading.sourceOnly) throw reading
  if (examined) {
    const middle = Math.ceil(looks.length / 2)
    yield* readGroup(run, looks.slice(0, middle), true)
    yield* readGroup(run, looks.slice(middle), true)
    return
  }
  const { healthy, failures } = await examine(run, looks)
  yield* failures
  if (healthy.length > 0) yield* readGroup(run, healthy, true)
}

function read(run: Run, looks: Look[]): Promise<Reading> {
  const names = [...new Set(looks.map(({ name }) => name))]
  const times = looks.map(({ cursor }) => cursor?.upTo ?? null)
  const first = times.includes(null)
  return readListing(run.client, names, {
    since: first ? null : Math.min(...times.map((time) => time ?? 0)),
    atMost: first ? (run.tools.firstRunPosts ?? firstRunPosts) : null,
  })
}

const newestOf = ({ posts }: Reading): number | null =>
  posts.reduce<number | null>((newest, post) => laterOf(newest, post.created_utc), null)

const laterOf = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b)
