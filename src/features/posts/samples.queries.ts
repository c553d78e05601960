import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import { CursorTime } from '../../core/instant.ts'
import { decodeCursor, encodeCursor } from '../../core/paging.ts'
import { rows, sql } from '../../database/sql.ts'
import { isoText, type MetricsRow } from './post-columns.queries.ts'
import type { SampleFilter } from './posts.schemas.ts'

export type SampleRow = MetricsRow & { sampled_at: string }

const Cursor = z.tuple([CursorTime])

/** A post's numbers over time, oldest first, as they were measured: nothing between two samples. */
export async function findPostSamples(em: EntityManager, postId: string, filter: SampleFilter) {
  const [after] = filter.cursor ? decodeCursor(filter.cursor, Cursor) : [null]
  const found = await rows<SampleRow>(
    em,
    sql<SampleRow>`select ${isoText('sampled_at')} as sampled_at, views, likes, comments, shares,
        score, upvote_ratio, viewers
      from post_samples
      where post_id = ${postId}::bigint
        and post_samples.sampled_at > coalesce(${after}::timestamptz, '-infinity')
        and post_samples.sampled_at >= coalesce(${filter.from ?? null}::timestamptz, '-infinity')
        and post_samples.sampled_at < coalesce(${filter.to ?? null}::timestamptz, 'infinity')
      order by post_samples.sampled_at limit ${filter.limit + 1}`,
  )
  const items = found.slice(0, filter.limit)
  const last = items.at(-1)
  const more = found.length > filter.limit && last
  return { items, nextCursor: more ? encodeCursor([last.sampled_at]) : null }
}
