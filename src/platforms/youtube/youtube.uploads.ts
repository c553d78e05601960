import { asPlatformError } from '../failure-scope.ts'
import { distinct } from '../text.ts'
import { type UploadsPage, uploadsPage } from './youtube.calls.ts'
import type { YoutubeClient } from './youtube.client.ts'
import type { Cursor } from './youtube.cursor.ts'

const uploadsPerPage = 50
/** How far back a later run looks for the videos it knows: 500. */
const mostPages = 10

type Upload = UploadsPage['uploads'][number]
export type Uploads = {
  newIds: string[]
  /** false: more came since the last look than we page back. */
  complete: boolean
  knownIds: string[]
  floor: string | null
}

/**
 * The uploads that the last look did not see, newest first. A known id or an upload from before the
 * oldest known one ends the paging: ids alone would not, if the known videos were deleted.
 */
export async function newUploads(
  client: YoutubeClient,
  playlistId: string,
  cursor: Cursor | null,
  firstRunPosts: number,
): Promise<Uploads> {
  const most = cursor ? mostPages : Math.ceil(firstRunPosts / uploadsPerPage)
  const known = new Set(cursor?.knownIds)
  const floor = cursor?.floor ? new Date(cursor.floor) : null
  const isNew = ({ videoId, publishedAt }: Upload) =>
    !known.has(videoId) && !(floor && publishedAt && publishedAt < floor)
  const newIds: string[] = []
  const wanted = (ids: string[]) => distinct(ids).slice(0, cursor ? undefined : firstRunPosts)
  let first: Pick<Uploads, 'knownIds' | 'floor'> = { knownIds: [], floor: null }
  let page: UploadsPage | null = null
  for (let pages = 0; pages < most; pages += 1) {
    page = await uploadsPage(client, playlistId, page?.next ?? null)
    if (pages === 0) first = topOf(page, cursor ? uploadsPerPage : firstRunPosts)
    const fresh = page.uploads.filter(isNew)
    newIds.push(...fresh.map((one) => one.videoId))
    const reached = fresh.length < page.uploads.length || page.next === null
    if (reached) return { newIds: wanted(newIds), complete: true, ...first }
  }
  return { newIds: wanted(newIds), complete: cursor === null, ...first }
}

/** Where a first run stops short of its page, the floor keeps the next one from going deeper. */
function topOf({ uploads, next }: UploadsPage, most: number) {
  const top = uploads.slice(0, most)
  const isWhole = next === null && top.length === uploads.length
  return { knownIds: top.map((one) => one.videoId), floor: isWhole ? null : oldest(top) }
}

export const noUploads: Uploads = { newIds: [], complete: true, knownIds: [], floor: null }

/** YouTube answers 404 for the uploads of a channel that has none. */
export async function noneIfMissing(uploads: Promise<Uploads>): Promise<Uploads> {
  return uploads.catch((caught) => {
    const error = asPlatformError(caught)
    if (error.kind !== 'not_found') throw error
    return noUploads
  })
}

function oldest(uploads: Upload[]): string | null {
  const times = uploads.flatMap(({ publishedAt }) => publishedAt?.getTime() ?? [])
  return times.length > 0 ? new Date(Math.min(...times)).toISOString() : null
}
