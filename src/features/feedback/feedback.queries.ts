import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import { decodeCursor, encodeCursor } from '../../core/paging.ts'
import { firstRow, rows, sql } from '../../database/sql.ts'
import type { FeedbackFilter, FeedbackView } from './feedback.schemas.ts'

export type FeedbackRow = {
  id: string
  type: FeedbackView['type']
  status: FeedbackView['status']
  title: string
  description: string
  page_url: string | null
  browser_info: string | null
  satisfaction: number | null
  feature: string | null
  feature_rating: number | null
  resolution: string | null
  resolved_at: Date | null
  created_at: Date
  updated_at: Date
  screenshot_state: 'waiting' | 'ready' | 'refused' | null
  screenshot_reason: string | null
  screenshot_type: string | null
  screenshot_width: number | null
  screenshot_height: number | null
}

/** Never a screenshot's bytes: they leave by their own route. */
export const feedbackColumns = sql`f.id, f.type, f.status, f.title, f.description, f.page_url,
  f.browser_info, f.satisfaction, f.feature, f.feature_rating, f.resolution, f.resolved_at,
  f.created_at, f.updated_at, s.state as screenshot_state, s.reason as screenshot_reason,
  s.media_type as screenshot_type, s.width as screenshot_width, s.height as screenshot_height`

export const feedbackTables = sql`feedback f
  left join feedback_screenshots s on s.feedback_id = f.id`

const Cursor = z.tuple([z.string().regex(/^[1-9]\d{0,17}$/)])

/** One person's own, newest first. */
export async function findOwnFeedback(em: EntityManager, userId: string, filter: FeedbackFilter) {
  const [before] = filter.cursor ? decodeCursor(filter.cursor, Cursor) : [null]
  const found = await rows<FeedbackRow>(
    em,
    sql`select ${feedbackColumns} from ${feedbackTables}
      where f.user_id = ${userId}::bigint
        and (${filter.type ?? null}::text is null or f.type = ${filter.type ?? null})
        and (${filter.status ?? null}::text is null or f.status = ${filter.status ?? null})
        and (${before}::bigint is null or f.id < ${before}::bigint)
      order by f.id desc limit ${filter.limit + 1}`,
  )
  const items = found.slice(0, filter.limit)
  const last = items.at(-1)
  return { items, nextCursor: found.length > filter.limit && last ? encodeCursor([last.id]) : null }
}

/** null: not there, or somebody else's, which is the same to whoever asks. */
export const findOwnFeedbackById = (em: EntityManager, userId: string, id: string) =>
  firstRow<FeedbackRow>(
    em,
    sql`select ${feedbackColumns} from ${feedbackTables}
      where f.id = ${id}::bigint and f.user_id = ${userId}::bigint`,
  )

/** When each of a person's feedbacks since then was written, oldest first. */
export const findFeedbackTimes = (em: EntityManager, userId: string, since: Date) =>
  rows<{ created_at: Date }>(
    em,
    sql`select created_at from feedback
      where user_id = ${userId}::bigint and created_at > ${since}::timestamptz order by created_at`,
  )
