import type { Context } from '../../../context.ts'
import { type GuardedClient, OutgoingRefusal } from '../../../outgoing/guarded-client.ts'
import { imageTypeOf, imageTypes, mostBytes } from './image-type.ts'
import { reEncode, UnreadableImage } from './re-encode.ts'
import {
  type ClaimedScreenshot,
  claimScreenshot,
  keepScreenshot,
  refuseScreenshot,
  tryScreenshotLater,
} from './screenshots.repository.ts'

const mostTries = 3
const claimMs = 120_000
const retryMs = 30_000
const fetchMs = 10_000

type Needs = Pick<Context, 'em' | 'clock' | 'log' | 'signal'>

/** Reads every screenshot that waits, one after the other. Returns how many it looked at. */
export async function readScreenshots(ctx: Needs, client: GuardedClient): Promise<number> {
  for (let looked = 0; ; looked += 1) {
    if (ctx.signal.aborted) return looked
    const now = ctx.clock.now()
    const shot = await claimScreenshot(ctx.em, now, new Date(now.getTime() + claimMs))
    if (!shot) return looked
    await readOne(ctx, shot, client)
  }
}

async function readOne(ctx: Needs, shot: ClaimedScreenshot, client: GuardedClient) {
  if (shot.tries > mostTries) {
    await refuseScreenshot(ctx.em, shot.id, 'The picture could not be read.')
    return
  }
  const bytes = shot.bytes ?? (await fetched(ctx, shot, client))
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
  client: GuardedClient,
): Promise<Buffer | null> {
  const answer = await pictureAt(client, url ?? '', signal)
  if (answer.bytes) return answer.bytes
  if (answer.later && tries < mostTries) {
    await tryScreenshotLater(em, id, new Date(clock.now().getTime() + tries * retryMs))
  } else {
    await refuseScreenshot(em, id, answer.refused)
  }
  return null
}

/**
 * A name that is not known and one that points inside are refused alike and at once: whoever waits for
 * the answer learns nothing about our network.
 */
const passing: readonly string[] = ['too_slow', 'unreachable', 'stopped']

/** `refused` may be shown; `later`: it may work another time. */
async function pictureAt(client: GuardedClient, url: string, signal: AbortSignal) {
  try {
    const { status, bytes } = await client.get(url, {
      accept: imageTypes,
      maxBytes: mostBytes,
      timeoutMs: fetchMs,
      signal,
    })
    if (status >= 200 && status < 300) return { bytes }
    const refused = `The server answered with ${status} in place of a picture.`
    return { bytes: null, refused, later: status === 429 || status >= 500 }
  } catch (error) {
    if (!(error instanceof OutgoingRefusal)) throw error
    return { bytes: null, refused: error.message, later: passing.includes(error.kind) }
  }
}
