import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, sql } from '../../../database/sql.ts'
import { weeksInside } from '../../rollups/index.ts'
import type { Scope } from '../frame/scope.ts'

export type StreamSums = {
  streams: number
  /** Streams of which somebody saw viewers. */
  sampled: number
  /** Sum of their averages. */
  averages: number
  viewer_s: number
  sampled_s: number
  peak: number | null
  watched_s: number
  live_s: number
}

const nothing: StreamSums = {
  streams: 0,
  sampled: 0,
  averages: 0,
  viewer_s: 0,
  sampled_s: 0,
  peak: null,
  watched_s: 0,
  live_s: 0,
}

const ofSource = (source: string | undefined) =>
  source ? sql`x.source_id = ${source}::bigint and` : sql``

/** Sessions that began in the period: its whole weeks as they are summed, its ends one by one. */
export async function sumStreams(em: EntityManager, scope: Scope): Promise<StreamSums> {
  const weeks = weeksInside(scope.from, scope.to)
  const between = (column: string, from: string, to: string) =>
    sql`${ofSource(scope.source)} ${sql.ref(column)} >= ${from}::timestamptz
      and ${sql.ref(column)} < ${to}::timestamptz`
  const sessions = (from: string, to: string) => sql`
    select 1 as streams, (count(x.average) > 0)::int as sampled,
      coalesce(sum(x.viewer_s) / nullif(sum(x.sampled_s), 0), avg(x.average)) as averages,
      max(x.peak) as peak, sum(x.viewer_s) as viewer_s, sum(x.sampled_s) as sampled_s,
      sum(x.average * extract(epoch from x.stopped_at - x.published_at)::float8) as watched_s,
      sum(extract(epoch from x.stopped_at - x.published_at)::float8) as live_s
    from stream_sums x where ${between('x.session_at', from, to)} group by x.session_id`
  const found = await firstRow(
    em,
    sql<StreamSums>`select coalesce(sum(streams), 0)::int as streams,
        coalesce(sum(sampled), 0)::int as sampled, coalesce(sum(averages), 0)::float8 as averages,
        coalesce(sum(viewer_s), 0)::float8 as viewer_s,
        coalesce(sum(sampled_s), 0)::float8 as sampled_s, max(peak)::float8 as peak,
        coalesce(sum(watched_s), 0)::float8 as watched_s, coalesce(sum(live_s), 0)::float8 as live_s
      from (${sessions(scope.from, weeks.from)}
        union all
        select x.streams, x.sampled, x.averages, x.peak, x.viewer_s, x.sampled_s, x.watched_s,
          x.live_s
        from stream_weeks x where ${between('x.at', weeks.from, weeks.to)}
        union all ${sessions(weeks.to, scope.to)}) pieces`,
  )
  return found ?? nothing
}

export type Consistency = { sources: number; share: number | null }

/** Of each Twitch source the share of its whole UTC weeks of the period in which a stream began. */
export async function findConsistency(em: EntityManager, scope: Scope): Promise<Consistency> {
  const weeks = weeksInside(scope.from, scope.to)
  const found = await firstRow(
    em,
    sql<Consistency>`with watched as (
        select s.id, greatest(${weeks.from}::timestamptz,
          week_of(coalesce(j.created_at, s.created_at) - interval '1 microsecond')
            + interval '7 days') as first_week
        from sources s left join monitoring_jobs j on j.source_id = s.id
        where s.platform = 'twitch'
          and ${scope.source ? sql`s.id = ${scope.source}::bigint` : sql`true`}
      ), streamed as (
        select x.source_id, x.at from stream_weeks x
        where ${ofSource(scope.source)} x.at >= ${weeks.from}::timestamptz
          and x.at < ${weeks.to}::timestamptz)
      select count(*)::int as sources, avg(share) as share
      from (
        select count(s.at)::float8 * 604800
          / extract(epoch from ${weeks.to}::timestamptz - w.first_week)::float8 as share
        from watched w left join streamed s on s.source_id = w.id and s.at >= w.first_week
        where w.first_week < ${weeks.to}::timestamptz group by w.id, w.first_week) each_source`,
  )
  return found ?? { sources: 0, share: null }
}
