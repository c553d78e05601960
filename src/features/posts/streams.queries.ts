import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import { CursorTime } from '../../core/instant.ts'
import { decodeCursor, encodeCursor } from '../../core/paging.ts'
import { rows, sql } from '../../database/sql.ts'
import { isoText } from './post-columns.queries.ts'
import {
  beginsSession,
  isRunning,
  liveStarts,
  sessionStarts,
  sessionStreams,
} from './stream-sessions.queries.ts'
import type { StreamFilter } from './streams.schemas.ts'

export type SessionRow = {
  session_id: string
  source_id: string
  source_handle: string
  source_title: string | null
  started_at: string
  stopped_at: string
  is_live: boolean
  minutes: number
  peak: string | null
  average: number | null
  samples: string
  title: string | null
  category: string | null
  changes: { at: string; title: string | null; category: string | null }[]
  stream_ids: string[]
  post_ids: string[]
}

const Cursor = z.tuple([CursorTime, z.string().regex(/^\d{1,18}$/)])

function startsOf({ source, from, to, live, cursor, limit }: StreamFilter) {
  const after = cursor ? decodeCursor(cursor, Cursor) : null
  const conditions = [
    live ? sql`true` : beginsSession,
    ...(source ? [sql`p.source_id = ${source}::bigint`] : []),
    ...(from ? [sql`p.published_at >= ${from}::timestamptz`] : []),
    ...(to ? [sql`p.published_at < ${to}::timestamptz`] : []),
    ...(after
      ? [sql`(p.published_at, p.id) < (${after[0]}::timestamptz, ${after[1]}::bigint)`]
      : []),
    ...(live === false ? [sql`p.id not in (select p.id from ${liveStarts})`] : []),
  ]
  return sql`select p.id, p.source_id, p.published_at from ${live ? liveStarts : sessionStarts}
    where ${sql.join(conditions, sql` and `)}
    order by p.published_at desc, p.id desc limit ${limit + 1}`
}

/**
 * Each trapezoid lies between two samples of one stream, so neither the time before the first nor a
 * gap between two streams weighs in. With a single moment sampled, it alone is the average.
 */
const viewersOf = sql`
  select session_id, count(*) as samples, max(viewers) as peak,
    coalesce(sum((viewers + next_viewers) / 2.0 * seconds) / nullif(sum(seconds), 0),
      avg(viewers))::float8 as average
  from (
    select m.session_id, x.viewers,
      lead(x.viewers) over stream as next_viewers,
      extract(epoch from lead(x.sampled_at) over stream - x.sampled_at) as seconds
    from members m join post_samples x on x.post_id = m.id and x.viewers is not null
    window stream as (partition by m.session_id, x.post_id order by x.sampled_at)) pairs
  group by session_id`

const changesOf = sql`
  select m.session_id, json_agg(json_build_object('at', c.changed_at, 'title', c.title,
    'category', c.category) order by c.changed_at, c.post_id) as changes
  from members m join stream_changes c on c.post_id = m.id group by m.session_id`

/** Streams stitched into sessions, newest first. */
export async function findSessions(em: EntityManager, filter: StreamFilter) {
  const found = await rows<SessionRow>(
    em,
    sql<SessionRow>`with recursive starts as materialized (${startsOf(filter)}),
      members as (${sessionStreams}),
      viewers as (${viewersOf}),
      changed as (${changesOf}),
      sessions as (
        select m.session_id, max(m.stopped_at) as stopped_at,
          array_agg(p.external_id order by m.published_at, m.id) as stream_ids,
          array_agg(m.id::text order by m.published_at, m.id) as post_ids,
          (array_agg(m.id order by m.published_at desc, m.id desc))[1] as last_id
        from members m join posts p on p.id = m.id group by m.session_id)
      select n.session_id, s.id as source_id, s.handle as source_handle, s.title as source_title,
        ${isoText('b.published_at')} as started_at, ${isoText('n.stopped_at')} as stopped_at,
        ${isRunning} as is_live,
        (extract(epoch from n.stopped_at - b.published_at) / 60)::float8 as minutes,
        v.peak, v.average, coalesce(v.samples, 0) as samples, p.title, p.category,
        coalesce(c.changes, '[]') as changes, n.stream_ids, n.post_ids
      from starts b join sessions n on n.session_id = b.id
        join posts p on p.id = n.last_id
        join sources s on s.id = b.source_id
        left join viewers v on v.session_id = b.id
        left join changed c on c.session_id = b.id
      order by b.published_at desc, b.id desc`,
  )
  const items = found.slice(0, filter.limit)
  const last = items.at(-1)
  const more = found.length > filter.limit && last
  return { items, nextCursor: more ? encodeCursor([last.started_at, last.session_id]) : null }
}
