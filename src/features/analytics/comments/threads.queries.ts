import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { rows, sql } from '../../../database/sql.ts'
import { isoText } from '../../posts/index.ts'
import type { Scope } from '../frame/scope.ts'

export type ThreadRow = {
  post_id: string
  platform: string
  source_id: string
  external_id: string
  title: string | null
  url: string | null
  published_at: string
  size: number
  depth: number
  breadth: number
  virality: number | null
  engagement: string | null
  half_s: string | null
  authors: number
  orphans: number
  cycles: number
  missing: number
  computed_at: Date
}

/** Of the shapes named `t`. */
export const inScope = ({ platform, source, from, to }: Scope): RawBuilder<unknown> =>
  sql`t.published_at >= ${from}::timestamptz and t.published_at < ${to}::timestamptz
    ${platform ? sql`and t.platform = ${platform}` : sql``}
    ${source ? sql`and t.source_id = ${source}::bigint` : sql``}`

const shown = 120

/** The page first, and only then what its posts say; `page` gives a column `rank` to order by. */
export const threadRows = <More = object>(
  page: RawBuilder<unknown>,
  more: RawBuilder<unknown> = sql``,
): RawBuilder<ThreadRow & More> =>
  sql<ThreadRow & More>`with page as materialized (${page})
    select ${more} t.post_id, t.platform, t.source_id, p.external_id,
      coalesce(nullif(p.title, ''), left(p.body, ${shown})) as title, p.url,
      ${isoText('t.published_at')} as published_at, t.size, t.depth, t.breadth, t.virality,
      t.engagement, t.half_s, t.authors, t.orphans, t.cycles, t.missing, t.computed_at
    from page join thread_shapes t using (post_id) join posts p on p.id = t.post_id
    order by page.rank`

/** Newest first, from behind the thread that `after` names. */
export const findThreads = (
  em: EntityManager,
  scope: Scope,
  after: readonly [publishedAt: string, postId: string] | null,
  most: number,
): Promise<ThreadRow[]> =>
  rows(
    em,
    threadRows(sql`select t.post_id, row_number() over () as rank from (
      select t.post_id from thread_shapes t where ${inScope(scope)}
        ${
          after
            ? sql`and (t.published_at, t.post_id) < (${after[0]}::timestamptz, ${after[1]}::bigint)`
            : sql``
        }
      order by t.published_at desc, t.post_id desc limit ${most}) t`),
  )

export const findDeepest = (em: EntityManager, scope: Scope, most: number): Promise<ThreadRow[]> =>
  rows(
    em,
    threadRows(sql`select t.post_id, row_number() over () as rank from (
      select t.post_id from thread_shapes t where ${inScope(scope)}
      order by t.depth desc, t.post_id desc limit ${most}) t`),
  )
