import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../database/sql.ts'

export type DueThread = {
  post_id: string
  source_id: string
  external_id: string
  kind: string
  /** What the platform says that there are. */
  comments: string
}

/** Posts whose comments are to be looked at, the most overdue first; of those that have some. */
export const findDueThreads = (
  em: EntityManager,
  profileId: string,
  now: Date,
  most: number,
): Promise<DueThread[]> =>
  rows<DueThread>(
    em,
    sql`select d.post_id, p.source_id, p.external_id, p.kind, p.comments
      from thread_schedule d join posts p on p.id = d.post_id
      where d.profile_id = ${profileId}::bigint and d.due_at <= ${now}::timestamptz and p.comments > 0
      order by d.due_at, d.post_id limit ${most}`,
  )
