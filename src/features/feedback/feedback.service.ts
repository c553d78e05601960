import type { EntityManager } from '@mikro-orm/postgresql'
import type { Context } from '../../context.ts'
import { AppError, invalidField, notFound } from '../../core/errors.ts'
import { type FeedbackRow, findFeedbackTimes, findOwnFeedbackById } from './feedback.queries.ts'
import {
  type EditableFeedback,
  insertFeedback,
  lockOwnFeedback,
  lockWriter,
  removeFeedback,
  updateFeedback,
} from './feedback.repository.ts'
import type { FeedbackChange, NewFeedback } from './feedback.schemas.ts'
import { putScreenshotByUrl, putScreenshotFile } from './screenshots/screenshots.repository.ts'
import { requirePicture, requireRoomForScreenshot } from './screenshots/screenshots.service.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'origin'>

const mostADay = 20
const dayMs = 86_400_000

export async function getOwnFeedback(
  em: EntityManager,
  userId: string,
  id: string,
): Promise<FeedbackRow> {
  const found = await findOwnFeedbackById(em, userId, id)
  if (!found) throw notFound('Feedback')
  return found
}

/** Keeps what somebody tells the operators: at most 20 in 24 hours. */
export function writeFeedback(ctx: Needs, userId: string, input: NewFeedback) {
  const now = ctx.clock.now()
  return ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    await lockWriter(em, userId)
    await requireRoomToday(em, userId, now)
    const { screenshotUrl, browserInfo = ctx.origin.userAgent ?? undefined } = input
    if (screenshotUrl) await requireRoomForScreenshot(em, userId)
    const id = await insertFeedback(em, userId, { ...input, browserInfo }, now)
    if (screenshotUrl) await putScreenshotByUrl(em, id, screenshotUrl, now)
    return getOwnFeedback(em, userId, id)
  })
}

async function requireRoomToday(em: EntityManager, userId: string, now: Date): Promise<void> {
  const times = await findFeedbackTimes(em, userId, new Date(now.getTime() - dayMs))
  const blocking = times[times.length - mostADay]
  if (!blocking) return
  const retryAfterS = Math.ceil((blocking.created_at.getTime() + dayMs - now.getTime()) / 1_000)
  const message = `That is ${mostADay} in 24 hours: thank you. Write the next one later.`
  throw new AppError('rate_limited', message, { retryAfterS })
}

/** Locks somebody's own feedback and says no once an admin has begun with it. */
async function requireNew(
  em: EntityManager,
  userId: string,
  id: string,
): Promise<EditableFeedback> {
  const found = await lockOwnFeedback(em, userId, id)
  if (!found) throw notFound('Feedback')
  if (found.status === 'new') return found
  const message = `This feedback is ${found.status}: it can be changed only while it is new.`
  throw new AppError('conflict', message)
}

/** What is not named stays as it is; null takes a rating back. */
export function changeFeedback(ctx: Needs, userId: string, id: string, change: FeedbackChange) {
  return ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    const before = await requireNew(em, userId, id)
    const { featureRating = before.feature_rating, ...rest } = change
    const given = Object.fromEntries(
      Object.entries(rest).filter(([, value]) => value !== undefined),
    )
    const after = { ...before, ...given, feature_rating: featureRating }
    if (after.feature_rating !== null && after.feature === null) {
      throw invalidField('/feature', 'feature must say what featureRating is about.')
    }
    await updateFeedback(em, id, after, ctx.clock.now())
    return getOwnFeedback(em, userId, id)
  })
}

/** Keeps a picture as it came, in the place of the one before. A worker reads it; nobody sees it until then. */
export async function attachScreenshot(ctx: Needs, userId: string, id: string, bytes: Buffer) {
  const mediaType = await requirePicture(bytes)
  return ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    await lockWriter(em, userId)
    await requireNew(em, userId, id)
    await requireRoomForScreenshot(em, userId)
    await putScreenshotFile(em, id, { bytes, mediaType }, ctx.clock.now())
    return getOwnFeedback(em, userId, id)
  })
}

export async function deleteFeedback(em: EntityManager, userId: string, id: string): Promise<void> {
  if (!(await removeFeedback(em, userId, id))) throw notFound('Feedback')
}
