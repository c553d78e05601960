import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../database/sql.ts'
import type { Reply } from '../../statistics/cascade.ts'

type ReplyRow = {
  external_id: string
  parent: string | null
  author_id: string | null
  at_s: number
  engagement: string | null
}

export type ThreadKey = { sourceId: string; externalId: string }

/** Every comment of one thread, oldest first, as its shape wants them; no text is read. */
export async function findReplies(
  em: EntityManager,
  { sourceId, externalId }: ThreadKey,
): Promise<Reply[]> {
  const found = await rows<ReplyRow>(
    em,
    sql`select external_id, nullif(reply_to, ${externalId}) as parent, author_id,
        extract(epoch from published_at)::float8 as at_s, engagement
      from posts where source_id = ${sourceId}::bigint and thread_id = ${externalId}
      order by published_at, id`,
  )
  return found.map((row) => ({
    id: row.external_id,
    parent: row.parent,
    author: row.author_id,
    atS: row.at_s,
    engagement: row.engagement === null ? null : Number(row.engagement),
  }))
}

export type ThreadRoot = {
  post_id: string
  workspace_id: string
  source_id: string
  platform: string
  external_id: string
  published_at: Date
  /** What the platform says that there are; null: it does not say. */
  comments: string | null
}

const rootColumns = sql`id as post_id, workspace_id, source_id, platform, external_id, published_at,
  comments`

export const findThreadRoots = (em: EntityManager, postIds: string[]): Promise<ThreadRoot[]> =>
  rows<ThreadRoot>(
    em,
    sql`select ${rootColumns} from posts where id = any (${postIds}::bigint[]) order by id`,
  )

/** Posts with comments of ours under them, by id after `after`; of one source after the other. */
export const findThreadsAfter = (
  em: EntityManager,
  after: string,
  most: number,
): Promise<ThreadRoot[]> =>
  rows<ThreadRoot>(
    em,
    sql`select ${rootColumns} from posts p
      where id > ${after}::bigint and thread_id is null and exists (
        select from posts c where c.source_id = p.source_id and c.thread_id = p.external_id)
      order by id limit ${most}`,
  )

/** How many posts have comments of ours under them. */
export async function countThreads(em: EntityManager): Promise<number> {
  const row = await firstRow(
    em,
    sql<{ threads: number }>`select count(*)::int as threads from (
      select distinct source_id, thread_id from posts where thread_id is not null) t`,
  )
  return row?.threads ?? 0
}
