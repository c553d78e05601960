import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, sql } from '../../../database/sql.ts'
import type { Scope } from '../frame/scope.ts'

export type StreamSums = {
  streams: number
  /** Streams of which somebody saw viewers. */
  sampled: number
  average: number | null
  viewer_s: number
  sampled_s: number
  peak: number | null
  hours_watched: number
  hours_live: number
}

const nothing: StreamSums = {
  streams: 0,
  sampled: 0,
  average: null,
  viewer_s: 0,
  sampled_s: 0,
  peak: null,
  hours_watched: 0,
  hours_live: 0,
}

/** Streams that began in the period, stitched as /api/twitch/streams stitches them. */
export async function sumStreams(em: EntityManager, scope: Scope): Promise<StreamSums> {
  const found = await firstRow(
    em,
    sql<StreamSums>`with stitched as (
        select x.session_id, max(x.peak) as peak, sum(x.viewer_s) as viewer_s,
          sum(x.sampled_s) as sampled_s,
          coalesce(sum(x.viewer_s) / nullif(sum(x.sampled_s), 0), avg(x.average)) as average,
          sum(x.average * extract(epoch from x.stopped_at - x.published_at)::float8) / 3600
            as watched,
          sum(extract(epoch from x.stopped_at - x.published_at)::float8) / 3600 as live
        from stream_sums x
        where x.published_at >= ${scope.from}::timestamptz
          and x.published_at < ${scope.to}::timestamptz
          and ${scope.source ? sql`x.source_id = ${scope.source}::bigint` : sql`true`}
        group by x.session_id)
      select count(*)::int as streams, count(average)::int as sampled, avg(average)::float8 as average,
        coalesce(sum(viewer_s), 0) as viewer_s, coalesce(sum(sampled_s), 0) as sampled_s,
        max(peak)::float8 as peak, coalesce(sum(watched), 0) as hours_watched,
        coalesce(sum(live), 0) as hours_live
      from stitched`,
  )
  return found ?? nothing
}

export type Consistency = { sources: number; share: number | null; weeks: number }

/** Of each Twitch source the share of its whole weeks, counted back from `to`, that saw a stream begin. */
export async function findConsistency(em: EntityManager, scope: Scope): Promise<Consistency> {
  const found = await firstRow(
    em,
    // A column of its own, because under row-level security only that may bound the index.
    sql<Consistency>`with watched as (
        select s.id, floor(extract(epoch from ${scope.to}::timestamptz
          - greatest(${scope.from}::timestamptz, coalesce(j.created_at, s.created_at))) / 604800)
          as weeks
        from sources s left join monitoring_jobs j on j.source_id = s.id
        where s.platform = 'twitch'
          and ${scope.source ? sql`s.id = ${scope.source}::bigint` : sql`true`}
      ), whole as materialized (
        select id, weeks, ${scope.to}::timestamptz - weeks * interval '7 days' as since
        from watched where weeks >= 1)
      select count(*)::int as sources, avg(streamed / weeks)::float8 as share,
        coalesce(sum(weeks), 0)::int as weeks
      from (
        select w.weeks, (
          select count(*) from generate_series(0, w.weeks::int - 1) week
          where exists (select from stream_sums x
            where x.source_id = w.id and x.published_at >= w.since + week * interval '7 days'
              and x.published_at < w.since + (week + 1) * interval '7 days')) as streamed
        from whole w) each_source`,
  )
  return found ?? { sources: 0, share: null, weeks: 0 }
}
