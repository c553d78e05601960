import type { EntityManager } from '@mikro-orm/postgresql'
import { AppError, type FieldProblem, notFound } from '../../../core/errors.ts'
import { imageTypeOf } from './image-type.ts'
import {
  countWaitingScreenshots,
  findScreenshot,
  type StoredScreenshot,
} from './screenshots.queries.ts'

const mostWaiting = 5

/** One person's pictures never keep the others' waiting for long. */
export async function requireRoomForScreenshot(em: EntityManager, userId: string): Promise<void> {
  if ((await countWaitingScreenshots(em, userId)) < mostWaiting) return
  const message = `${mostWaiting} screenshots of yours still wait to be read. Try again in a moment.`
  throw new AppError('rate_limited', message, { retryAfterS: 30 })
}

/** What a file is by its bytes, or a refusal: what it was called does not count. */
export async function requirePicture(bytes: Buffer): Promise<string> {
  const mediaType = await imageTypeOf(bytes)
  if (mediaType) return mediaType
  const message = 'is no PNG, JPEG or WebP picture, whatever its name says'
  const fields: FieldProblem[] = [{ in: 'body', pointer: '', message }]
  throw new AppError('invalid_input', `The file ${message}.`, { fields })
}

/** The re-encoded picture, or why there is none. `userId` null: an admin asks. */
export async function getScreenshot(
  em: EntityManager,
  feedbackId: string,
  userId: string | null,
): Promise<StoredScreenshot & { bytes: Buffer; media_type: string }> {
  const found = await findScreenshot(em, feedbackId, userId)
  if (!found) throw notFound('Screenshot')
  const { bytes, media_type: mediaType } = found
  if (bytes && mediaType) return { ...found, bytes, media_type: mediaType }
  throw new AppError(
    'conflict',
    found.state === 'waiting'
      ? 'This screenshot has not been read yet. Try again in a moment.'
      : `This screenshot was refused: ${found.reason}`,
  )
}
