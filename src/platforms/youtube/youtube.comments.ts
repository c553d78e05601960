import { asPlatformError, concernsCredential } from '../failure-scope.ts'
import type {
  CollectFailure,
  CommentTarget,
  PlatformComment,
  CommentThread as PostThread,
} from '../platform.ts'
import type { PlatformError } from '../platform-error.ts'
import type { YoutubeClient } from './youtube.client.ts'
import { type Page, repliesPage, threadsPage } from './youtube.comment-calls.ts'
import { commentOf, numberOf } from './youtube.mapping.ts'
import type { CommentThread } from './youtube.shapes.ts'

/** Units that the comments of one video may take at one look: 500 threads, and replies beyond theirs. */
const mostThreadPages = 5
const mostReplyPages = 5

/** YouTube has two levels only: comments, and replies to them. */
export async function* comments(
  client: YoutubeClient,
  targets: CommentTarget[],
): AsyncGenerator<PostThread | CollectFailure, void> {
  for (const { ref, externalId } of targets) {
    yield await readVideo(client, externalId).then(
      (thread) => ({ ref, ...thread }),
      (caught) => ({ ref, error: ownFailure(caught) }),
    )
  }
}

/** A video that is gone, or whose comments are off; all that is not the video's own ends the run. */
function ownFailure(caught: unknown): PlatformError {
  const error = asPlatformError(caught)
  if (concernsCredential(error) || error.kind === 'unavailable') throw error
  return error
}

type Reading = { found: Map<string, PlatformComment>; complete: boolean }

async function readVideo(client: YoutubeClient, videoId: string) {
  const reading: Reading = { found: new Map(), complete: true }
  const threads = await readPages(
    reading,
    mostThreadPages,
    (next) => threadsPage(client, videoId, next),
    // Without the first page there is nothing to keep.
    (page) => page > 0,
  )
  for (const thread of threads) noteThread(reading, thread)
  await readReplies(client, reading, threads)
  return { comments: [...reading.found.values()], complete: reading.complete }
}

function noteThread({ found }: Reading, { id, snippet, replies }: CommentThread): void {
  found.set(id, commentOf(snippet.topLevelComment, null))
  for (const reply of replies?.comments ?? []) found.set(reply.id, commentOf(reply, id))
}

/** Threads show five of their replies: those that hide the most are asked first. */
async function readReplies(client: YoutubeClient, reading: Reading, threads: CommentThread[]) {
  const hidden = ({ snippet, replies }: CommentThread) =>
    (numberOf(snippet.totalReplyCount) ?? 0) - (replies?.comments?.length ?? 0)
  const larger = threads
    .filter((thread) => hidden(thread) > 0)
    .toSorted((one, other) => hidden(other) - hidden(one))
  let pages = mostReplyPages
  for (const { id } of larger) {
    const read = (next: string | null) => {
      pages -= 1
      return repliesPage(client, id, next)
    }
    const replies = await readPages(reading, pages, read, () => true)
    for (const reply of replies) reading.found.set(reply.id, commentOf(reply, id))
  }
}

/** Page after page, as long as calls and budget last; says so where they did not. */
async function readPages<Item>(
  reading: Reading,
  most: number,
  read: (next: string | null) => Promise<Page<Item>>,
  mayStop: (page: number) => boolean,
): Promise<Item[]> {
  const items: Item[] = []
  let next: string | null = null
  for (let page = 0; page < most; page += 1) {
    const answer: Page<Item> | null = await read(next).catch((caught) => {
      if (asPlatformError(caught).kind !== 'budget_exhausted' || !mayStop(page)) throw caught
      return null
    })
    if (answer === null) break
    items.push(...answer.items)
    next = answer.next
    if (next === null) return items
  }
  reading.complete = false
  return items
}
