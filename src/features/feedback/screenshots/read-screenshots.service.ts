import type { Context } from '../../../context.ts'
import { imageTypeOf } from './image-type.ts'
import { reEncode, UnreadableImage } from './re-encode.ts'
import {
  type ClaimedScreenshot,
  claimScreenshot,
  keepScreenshot,
  refuseScreenshot,
  tryScreenshotLater,
} from './screenshots.repository.ts'

/**
 * Fetches a picture from an address that somebody gave. `refused` is a sentence that may be shown: it
 * tells nothing of what is inside our network. `later`: it may work another time.
 */
export type FetchPicture = (
  url: string,
  signal: AbortSignal,
) => Promise<{ bytes: Buffer; refused: null } | { bytes: null; refused: string; later: boolean }>

const mostTries = 3
const claimMs = 120_000
const retryMs = 30_000

type Needs = Pick<Context, 'em' | 'clock' | 'log' | 'signal'>

/** Reads every screenshot that waits, one after the other. Returns how many it looked at. */
export async function readScreenshots(ctx: Needs, fetchPicture: FetchPicture): Promise<number> {
  for (let looked = 0; ; looked += 1) {
    if (ctx.signal.aborted) return looked
    const now = ctx.clock.now()
    const shot = await claimScreenshot(ctx.em, now, new Date(now.getTime() + claimMs))
    if (!shot) return looked
    await readOne(ctx, shot, fetchPicture)
  }
}

async function readOne(ctx: Needs, shot: ClaimedScreenshot, fetchPicture: FetchPicture) {
  if (shot.tries > mostTries) {
    await refuseScreenshot(ctx.em, shot.id, 'The picture could not be read.')
    return
  }
  const bytes = shot.bytes ?? (await fetched(ctx, shot, fetchPicture))
  if (!bytes) return
  try {
    if (!(await imageTypeOf(bytes))) {
      throw new UnreadableImage('There is no PNG, JPEG or WebP picture at that address.')
    }
    await keepScreenshot(ctx.em, shot.id, await reEncode(bytes))
  } catch (error) {
    if (!(error instanceof UnreadableImage)) throw error
    ctx.log.info({ screenshot: shot.id, reason: error.message }, 'a screenshot was refused')
    await refuseScreenshot(ctx.em, shot.id, error.message)
  }
}

/** null: there is nothing to read now, and the row says so. */
async function fetched(
  { em, clock, signal }: Needs,
  { id, source_url: url, tries }: ClaimedScreenshot,
  fetchPicture: FetchPicture,
): Promise<Buffer | null> {
  const answer = await fetchPicture(url ?? '', signal)
  if (answer.bytes) return answer.bytes
  if (answer.later && tries < mostTries) {
    await tryScreenshotLater(em, id, new Date(clock.now().getTime() + tries * retryMs))
  } else {
    await refuseScreenshot(em, id, answer.refused)
  }
  return null
}
