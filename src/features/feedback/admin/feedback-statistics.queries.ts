import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../../database/sql.ts'
import type { StatisticsFilter, TrendsFilter } from './feedback-statistics.schemas.ts'

const written = ({ from, to }: StatisticsFilter) =>
  sql`(${from ?? null}::timestamptz is null or created_at >= ${from ?? null}::timestamptz)
    and (${to ?? null}::timestamptz is null or created_at < ${to ?? null}::timestamptz)`

export type FeedbackTotals = {
  total: number
  open: number
  by_type: Record<string, number>
  by_status: Record<string, number>
  satisfaction: number | null
  satisfaction_n: number
  median_hours: number | null
  resolved: number
}

export const findTotals = (em: EntityManager, filter: StatisticsFilter) =>
  firstRow<FeedbackTotals>(
    em,
    sql`with chosen as (select * from feedback where ${written(filter)})
      select count(*)::int as total, count(*) filter (where resolved_at is null)::int as open,
        (select coalesce(jsonb_object_agg(type, n), '{}') from
          (select type, count(*)::int as n from chosen group by type) types) as by_type,
        (select coalesce(jsonb_object_agg(status, n), '{}') from
          (select status, count(*)::int as n from chosen group by status) statuses) as by_status,
        avg(satisfaction)::float8 as satisfaction, count(satisfaction)::int as satisfaction_n,
        percentile_cont(0.5) within group
          (order by extract(epoch from resolved_at - created_at) / 3600)::float8 as median_hours,
        count(resolved_at)::int as resolved
      from chosen`,
  )

export const findFeatureRatings = (em: EntityManager, filter: StatisticsFilter) =>
  rows<{ feature: string; mean: number; n: number }>(
    em,
    sql`select feature, avg(feature_rating)::float8 as mean, count(*)::int as n from feedback
      where feature is not null and feature_rating is not null and ${written(filter)}
      group by feature order by n desc, feature limit 100`,
  )

export const isKnownZone = async (em: EntityManager, zone: string): Promise<boolean> =>
  zone === 'UTC' ||
  (await firstRow(
    em,
    sql`select from pg_timezone_names where lower(name) = lower(${zone}) limit 1`,
  )) !== null

export type TrendRow = {
  start: string
  is_complete: boolean
  created: number
  resolved: number
  satisfaction: number | null
  satisfaction_n: number
}

type Span = Pick<TrendsFilter, 'unit' | 'timeZone'> & { from: string; to: string }

/** Every unit from the one of `from` to the one of `to`, in the zone's own days, empty ones too. */
export const findTrends = (em: EntityManager, { unit, timeZone, from, to }: Span, now: Date) =>
  rows<TrendRow>(
    em,
    sql`with units as (
        select start, start + ${`1 ${unit}`}::interval as stop from generate_series(
          date_trunc(${unit}, ${from}::timestamp), date_trunc(${unit}, ${to}::timestamp),
          ${`1 ${unit}`}::interval) start
      ), bounds as (
        select min(start) at time zone ${timeZone} as first, max(stop) at time zone ${timeZone} as last
        from units
      ), created as (
        select date_trunc(${unit}, created_at at time zone ${timeZone}) as start, count(*)::int as n,
          avg(satisfaction)::float8 as satisfaction, count(satisfaction)::int as satisfaction_n
        from feedback, bounds where created_at >= first and created_at < last group by 1
      ), resolved as (
        select date_trunc(${unit}, resolved_at at time zone ${timeZone}) as start, count(*)::int as n
        from feedback, bounds where resolved_at >= first and resolved_at < last group by 1
      )
      select to_char(u.start, 'YYYY-MM-DD') as start,
        u.stop at time zone ${timeZone} <= ${now}::timestamptz as is_complete,
        coalesce(c.n, 0) as created, coalesce(r.n, 0) as resolved, c.satisfaction,
        coalesce(c.satisfaction_n, 0) as satisfaction_n
      from units u left join created c using (start) left join resolved r using (start)
      order by u.start`,
  )
