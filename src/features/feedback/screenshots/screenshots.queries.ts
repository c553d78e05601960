import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, sql } from '../../../database/sql.ts'

export type StoredScreenshot = {
  id: string
  state: 'waiting' | 'ready' | 'refused'
  reason: string | null
  media_type: string | null
  bytes: Buffer | null
}

/** `userId` null: whoever wrote the feedback. Bytes only of what was re-encoded. */
export const findScreenshot = (em: EntityManager, feedbackId: string, userId: string | null) =>
  firstRow<StoredScreenshot>(
    em,
    sql`select s.id, s.state, s.reason, s.media_type,
        case when s.state = 'ready' then s.bytes end as bytes
      from feedback_screenshots s join feedback f on f.id = s.feedback_id
      where f.id = ${feedbackId}::bigint
        and (${userId}::bigint is null or f.user_id = ${userId}::bigint)`,
  )

export async function countWaitingScreenshots(em: EntityManager, userId: string): Promise<number> {
  const found = await firstRow<{ count: number }>(
    em,
    sql`select count(*)::int as count from feedback_screenshots s
      join feedback f on f.id = s.feedback_id
      where f.user_id = ${userId}::bigint and s.state = 'waiting'`,
  )
  return found?.count ?? 0
}
