import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import { decodeCursor, encodeCursor } from '../../core/paging.ts'
import { rows, sql } from '../../database/sql.ts'
import type { SourceFilter } from './sources.schemas.ts'

export type SourceRow = {
  id: string
  profile_id: string
  platform: string
  handle: string
  external_id: string
  title: string | null
  url: string
  followers: string | null
  is_live: boolean | null
  statistics_at: Date | null
  collects_comments: boolean
  audience_zone: string | null
  created_at: Date
}

export const sourceColumns = sql`id, profile_id, platform, handle, external_id, title, url, followers,
  is_live, statistics_at, collects_comments, audience_zone, created_at`

const Cursor = z.tuple([z.string().regex(/^\d+$/)])

/** Newest first. The identity grows with creation, so it alone is a stable key. */
export async function findSources(em: EntityManager, filter: SourceFilter) {
  const [before] = filter.cursor ? decodeCursor(filter.cursor, Cursor) : [null]
  const found = await rows<SourceRow>(
    em,
    sql`select ${sourceColumns} from sources
      where (${filter.platform ?? null}::text is null or platform = ${filter.platform ?? null})
        and (${filter.profileId ?? null}::bigint is null or profile_id = ${filter.profileId ?? null}::bigint)
        and (${before}::bigint is null or id < ${before}::bigint)
      order by id desc limit ${filter.limit + 1}`,
  )
  const items = found.slice(0, filter.limit)
  const last = items.at(-1)
  return { items, nextCursor: found.length > filter.limit && last ? encodeCursor([last.id]) : null }
}

export const findSourcesByExternalIds = (
  em: EntityManager,
  platform: string,
  externalIds: string[],
): Promise<SourceRow[]> =>
  rows<SourceRow>(
    em,
    sql`select ${sourceColumns} from sources
      where platform = ${platform} and external_id = any (${externalIds}::text[])`,
  )

type SampleRow = {
  sampled_at: Date
  followers: string | null
  total_views: string | null
  total_posts: string | null
  online: string | null
  is_live: boolean | null
}

/** A source's own numbers over time, oldest first, the newest 1,000 of them. */
export const findSourceSamples = (em: EntityManager, sourceId: string): Promise<SampleRow[]> =>
  rows<SampleRow>(
    em,
    sql`select * from (select sampled_at, followers, total_views, total_posts, online, is_live
        from source_samples where source_id = ${sourceId}::bigint
        order by sampled_at desc limit 1000) newest
      order by sampled_at`,
  )
