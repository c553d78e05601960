import { changedShape } from '../answer-shape.ts'
import {
  asPlatformError,
  batchesOf,
  concernsCredential,
  onlyChangedShape,
} from '../failure-scope.ts'
import type { Collected, CollectFailure, CollectTarget, PlatformTools } from '../platform.ts'
import { PlatformError } from '../platform-error.ts'
import { changesOf } from '../source-details.ts'
import { type DescribedVideo, idsPerCall, videosBy } from './youtube.calls.ts'
import { categoryNames } from './youtube.categories.ts'
import { siteOf, type YoutubeClient } from './youtube.client.ts'
import { type Cursor, cursorToJson } from './youtube.cursor.ts'
import { isDue, type Look, lookAt, nextCursor } from './youtube.detect.ts'
import { channelDetails, postOf, statisticsOf, uploadsPlaylistOf } from './youtube.mapping.ts'
import { newUploads, noneIfMissing, noUploads, type Uploads } from './youtube.uploads.ts'

const callsAtOnce = 4
const usualFirstRunPosts = 100
/** So many channels in a row without an answer: it is YouTube, not the channels. */
const strikes = 3

type Looked = Look & { uploads: Uploads }
type Item = Collected | CollectFailure
type Run = {
  client: YoutubeClient
  signal: AbortSignal
  now: Date
  /** How many videos back a channel's first run goes. */
  firstRunPosts: number
  unanswered: number
}

/**
 * 50 channels cost one unit: their statistics tell which have new videos. Only the uploads of those
 * are listed (a unit each), and all new videos are described 50 to a unit, across channels.
 */
export async function* collect(
  client: YoutubeClient,
  tools: PlatformTools,
  targets: CollectTarget[],
): AsyncGenerator<Item, void> {
  const run: Run = {
    client,
    signal: tools.signal,
    now: tools.clock.now(),
    firstRunPosts: tools.firstRunPosts ?? usualFirstRunPosts,
    unanswered: 0,
  }
  const due: Look[] = []
  yield* detect(run, targets, due)
  let waiting: Looked[] = []
  for (const group of batchesOf(due, callsAtOnce)) {
    for (const result of await Promise.all(group.map((look) => uploadsOf(run, look)))) {
      if ('error' in result) yield failed(run, result)
      else waiting.push(answered(run, result))
    }
    if (idsOf(waiting).length < idsPerCall) continue
    yield* await describe(run, waiting)
    waiting = []
  }
  yield* await describe(run, waiting)
}

/** Hands over the channels without news, puts the others into `due`. */
async function* detect(
  { client, now }: Run,
  targets: CollectTarget[],
  due: Look[],
): AsyncGenerator<Item, void> {
  for (const batch of batchesOf(targets, idsPerCall)) {
    for (const look of await lookAt(client, batch)) {
      if ('error' in look) yield look
      else if (isDue(look, now)) due.push(look)
      else yield collectedOf(look, look.cursor, [], true)
    }
  }
}

async function uploadsOf(
  { client, firstRunPosts }: Run,
  look: Look,
): Promise<Looked | CollectFailure> {
  try {
    if (!look.channel.contentDetails?.relatedPlaylists) {
      throw changedShape(siteOf('channels.list'), 'contentDetails.relatedPlaylists (missing)')
    }
    const playlistId = uploadsPlaylistOf(look.channel)
    if (playlistId === null) return { ...look, uploads: noUploads }
    const uploads = await noneIfMissing(newUploads(client, playlistId, look.cursor, firstRunPosts))
    return { ...look, uploads }
  } catch (caught) {
    return { ref: look.target.ref, error: asPlatformError(caught) }
  }
}

/** One channel's failure is its own; that of the credential, or of YouTube itself, ends the run. */
function failed(run: Run, failure: CollectFailure): CollectFailure {
  const { error } = failure
  if (error.kind === 'unavailable') run.unanswered += 1
  if (run.signal.aborted || concernsCredential(error) || run.unanswered >= strikes) throw error
  return failure
}

function answered(run: Run, looked: Looked): Looked {
  run.unanswered = 0
  return looked
}

const idsOf = (looked: Looked[]) => looked.flatMap(({ uploads }) => uploads.newIds)

/** The new videos of several channels, 50 to a call. */
async function describe({ client, now }: Run, looked: Looked[]): Promise<Item[]> {
  const videos = await videosOf(client, idsOf(looked)).catch(onlyChangedShape)
  if (videos instanceof PlatformError) {
    return looked.map(({ target }) => ({ ref: target.ref, error: videos }))
  }
  const names = videos.size > 0 ? await categoryNames(client) : new Map<string, string>()
  return looked.map((look) => {
    const posts = look.uploads.newIds.flatMap((id) => {
      const video = videos.get(id)
      return video ? postOf(video, look.channel, names) : []
    })
    const described = new Set(posts.map((post) => post.externalId))
    const cursor = nextCursor(look, look.uploads, described, now)
    return collectedOf(look, cursor, posts, look.uploads.complete)
  })
}

async function videosOf(
  client: YoutubeClient,
  ids: string[],
): Promise<Map<string, DescribedVideo>> {
  const videos = new Map<string, DescribedVideo>()
  for (const batch of batchesOf([...new Set(ids)], idsPerCall)) {
    for (const video of await videosBy(client, batch)) videos.set(video.id, video)
  }
  return videos
}

function collectedOf(
  { target, channel }: Look,
  cursor: Cursor | null,
  posts: Collected['posts'],
  complete: boolean,
): Collected {
  return {
    ref: target.ref,
    posts,
    cursor: cursorToJson(cursor),
    statistics: statisticsOf(channel),
    details: changesOf(target.details, channelDetails(channel)),
    complete,
    endedStreams: [],
  }
}
