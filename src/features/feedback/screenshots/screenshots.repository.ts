import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../../database/sql.ts'

type NewScreenshot = { bytes: Buffer | null; mediaType: string | null; sourceUrl: string | null }

/** In the place of the one before, under a name that nobody can guess; whoever works on that one loses. */
const putScreenshot = (em: EntityManager, feedbackId: string, shot: NewScreenshot, now: Date) =>
  rows(
    em,
    sql`insert into feedback_screenshots (id, feedback_id, source_url, media_type, bytes, created_at)
      values (${randomUUID()}::uuid, ${feedbackId}::bigint, ${shot.sourceUrl}, ${shot.mediaType},
        ${shot.bytes}::bytea, ${now}::timestamptz)
      on conflict (feedback_id) do update set id = excluded.id, source_url = excluded.source_url,
        media_type = excluded.media_type, bytes = excluded.bytes, created_at = excluded.created_at,
        state = 'waiting', reason = null, width = null, height = null, tries = 0,
        claimed_until = null`,
  )

export const putScreenshotByUrl = (em: EntityManager, feedbackId: string, url: string, now: Date) =>
  putScreenshot(em, feedbackId, { bytes: null, mediaType: null, sourceUrl: url }, now)

export const putScreenshotFile = (
  em: EntityManager,
  feedbackId: string,
  file: { bytes: Buffer; mediaType: string },
  now: Date,
) => putScreenshot(em, feedbackId, { ...file, sourceUrl: null }, now)

export type ClaimedScreenshot = {
  id: string
  source_url: string | null
  bytes: Buffer | null
  tries: number
}

/**
 * Takes one that waits, for so long that nobody else works on it meanwhile. The try is counted before
 * it is made: a picture that kills its worker is not tried for ever.
 */
export const claimScreenshot = (em: EntityManager, now: Date, claimedUntil: Date) =>
  firstRow<ClaimedScreenshot>(
    em,
    sql`update feedback_screenshots
      set tries = tries + 1, claimed_until = ${claimedUntil}::timestamptz
      where id = (select id from feedback_screenshots
        where state = 'waiting'
          and (claimed_until is null or claimed_until <= ${now}::timestamptz)
        order by tries, created_at limit 1 for update skip locked)
      returning id, source_url, bytes, tries`,
  )

export const tryScreenshotLater = (em: EntityManager, id: string, at: Date) =>
  rows(
    em,
    sql`update feedback_screenshots set claimed_until = ${at}::timestamptz
      where id = ${id}::uuid and state = 'waiting'`,
  )

export type ReadyImage = { bytes: Buffer; mediaType: string; width: number; height: number }

/** What came is gone for good: only what was made of it stays. */
export const keepScreenshot = (em: EntityManager, id: string, image: ReadyImage) =>
  rows(
    em,
    sql`update feedback_screenshots set state = 'ready', bytes = ${image.bytes}::bytea,
        media_type = ${image.mediaType}, width = ${image.width}, height = ${image.height},
        source_url = null, claimed_until = null
      where id = ${id}::uuid and state = 'waiting'`,
  )

export const refuseScreenshot = (em: EntityManager, id: string, reason: string) =>
  rows(
    em,
    sql`update feedback_screenshots set state = 'refused', reason = ${reason}, bytes = null,
        media_type = null, source_url = null, claimed_until = null
      where id = ${id}::uuid and state = 'waiting'`,
  )
