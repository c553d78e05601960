import type { Collected, CollectFailure, CollectTarget, PlatformTools } from '../platform.ts'
import { PlatformError } from '../platform-error.ts'
import { isNewer, newestOf } from './snowflake.ts'
import type { XClient } from './twitter.client.ts'
import { errorOfProblem, protectedAccount, RefusedParameters } from './twitter.errors.ts'
import { readAll } from './twitter.reading.ts'
import { collectedOf, cursorAfter, lookOf, type Run, readAccounts } from './twitter.run.ts'
import { isSearchable, type Look, type SearchGroup, searchGroups } from './twitter.search.ts'
import { concernsAccount, firstRunShare, readTimeline } from './twitter.timeline.ts'

type Outcome = Collected | CollectFailure

/**
 * Calls cost nothing here, posts do: every call asks from a cursor on, so that no post is bought
 * twice. Some 20 accounts share one search; first runs, old cursors and single accounts go by their
 * timelines. The two agree on what counts: posts, replies and quotes, but no reposts.
 */
export async function* collect(
  client: XClient,
  tools: PlatformTools,
  targets: CollectTarget[],
): AsyncGenerator<Outcome, void> {
  const now = tools.clock.now()
  const run: Run = { client, tools, now, accounts: new Map(), seenId: null }
  const failure = await readAccounts(run, targets)
  const { looks, failures } = looksOf(run, targets)
  yield* failures
  const searchable = looks.filter((look) => isSearchable(look, now))
  const alone = looks.filter((look) => !searchable.includes(look))
  for (const group of searchGroups(searchable)) {
    // The client may learn on its way that X no longer tells authors.
    if (group.looks.length === 1 || !client.tellsAuthors) alone.push(...group.looks)
    else alone.push(...(yield* search(run, group)))
  }
  const share = await firstRunShare(run, alone)
  for (const look of alone) yield* readTimeline(run, look, share)
  if (failure) throw failure
}

function looksOf(run: Run, targets: CollectTarget[]) {
  const looks: Look[] = []
  const failures: CollectFailure[] = []
  for (const target of targets) {
    const account = run.accounts.get(target.externalId)
    const { ref } = target
    if (!account) looks.push(lookOf(target, null))
    else if (!('user' in account)) failures.push({ ref, error: errorOfProblem(account.problem) })
    else if (account.user.protected) failures.push({ ref, error: isProtected() })
    else looks.push(lookOf(target, account.user))
  }
  return { looks, failures }
}

const isProtected = () =>
  new PlatformError('twitter', 'forbidden', protectedAccount, { sourceOnly: true })

/** One search for a group; returns the accounts that have to be read by their timelines instead. */
async function* search(run: Run, group: SearchGroup): AsyncGenerator<Outcome, Look[]> {
  const { looks, query, sinceId } = group
  const seenBefore = run.seenId
  const reading = await readAll(run.client, {
    what: 'tweets/search/recent',
    path: 'tweets/search/recent',
    bucket: 'search',
    query: { query, since_id: sinceId },
    fewest: 10,
    tokenName: 'next_token',
    oneAccount: false,
  })
  const { posts, stoppedBy } = reading
  if (posts.length === 0 && stoppedBy) {
    // An id too old to search from is refused as a parameter.
    if (stoppedBy instanceof RefusedParameters) return looks
    if (!concernsAccount(stoppedBy)) throw stoppedBy
    yield* looks.map(({ target }) => ({ ref: target.ref, error: stoppedBy }))
    return []
  }
  if (posts.some((post) => !post.author_id)) return looks
  run.seenId = newestOf(run.seenId, reading.newestId)
  for (const look of looks) {
    const { target, cursor } = look
    const own = posts
      .filter((post) => post.author_id === target.externalId)
      .filter(({ id }) => cursor.sinceId === null || isNewer(id, cursor.sinceId))
    const options = { seenBefore, severalAccounts: true }
    yield collectedOf(run, look, own, cursorAfter(run, cursor, reading, options))
  }
  if (stoppedBy && !concernsAccount(stoppedBy)) throw stoppedBy
  return []
}
