import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../database/sql.ts'
import { type CoveragePeriod, watchedSources } from './coverage.queries.ts'

/**
 * How the number of sources that are watched, and of those whose posts we miss, changes within one
 * quarter of an hour. `late`: source-seconds from the quarter's beginning to the changes.
 */
export type WatchChange = {
  atMs: number
  watched: number
  watchedLateS: number
  missed: number
  missedLateS: number
}

type Row = {
  at_ms: string
  watched: number
  watched_late: number
  missed: number
  missed_late: number
}

/**
 * Whether posts of a time are known at all: from the creation of a source's monitoring job on, except
 * in its gaps. A gap whose posts were fetched afterwards is none here, unlike in the summary: how
 * numbers grew then is lost, the posts are not. Whole in the period's first quarter: what held before.
 */
export async function findWatchChanges(
  em: EntityManager,
  period: CoveragePeriod,
): Promise<WatchChange[]> {
  const found = await rows(
    em,
    sql<Row>`with spans as (
        select s.id, greatest(j.created_at, ${period.from}::timestamptz) as from_at
        from ${watchedSources(period)}
      ), missed as (
        select unnest(range_agg(tstzrange(greatest(g.from_at, w.from_at),
          least(coalesce(g.to_at, 'infinity'), ${period.to}::timestamptz)))) as hole
        from spans w join coverage_gaps g on g.source_id = w.id and g.posts <> 'recovered'
          and g.from_at < ${period.to}::timestamptz
          and coalesce(g.to_at, 'infinity') > w.from_at
        group by w.id
      ), changes as (
        select from_at as at, 1 as watched, 0 as missed from spans
        union all select lower(hole), 0, 1 from missed
        union all select upper(hole), 0, -1 from missed
      ), placed as (
        select quarter_of(at) as quarter, watched, missed,
          extract(epoch from at - quarter_of(at)) as late from changes)
      select (extract(epoch from quarter) * 1000)::bigint as at_ms,
        sum(watched)::int as watched, sum(watched * late)::float8 as watched_late,
        sum(missed)::int as missed, sum(missed * late)::float8 as missed_late
      from placed group by quarter order by quarter`,
  )
  return found.map((row) => ({
    atMs: Number(row.at_ms),
    watched: row.watched,
    watchedLateS: row.watched_late,
    missed: row.missed,
    missedLateS: row.missed_late,
  }))
}

export type Hole = { reason: string; fromMs: number; toMs: number }

/** Times of which posts may be missing, by reason: what overlaps, over all sources, is one. */
export async function findHoles(em: EntityManager, period: CoveragePeriod): Promise<Hole[]> {
  const found = await rows(
    em,
    sql<{ reason: string; from_ms: number; to_ms: number }>`
      select reason, (extract(epoch from lower(hole)) * 1000)::float8 as from_ms,
        (extract(epoch from upper(hole)) * 1000)::float8 as to_ms
      from (select g.reason, unnest(range_agg(tstzrange(
            greatest(g.from_at, j.created_at, ${period.from}::timestamptz),
            least(coalesce(g.to_at, 'infinity'), ${period.to}::timestamptz)))) as hole
          from (select s.id, j.created_at from ${watchedSources(period)}) j
            join coverage_gaps g on g.source_id = j.id and g.posts <> 'recovered'
              and g.from_at < ${period.to}::timestamptz
              and coalesce(g.to_at, 'infinity') > greatest(j.created_at, ${period.from}::timestamptz)
          group by g.reason) holes
      order by lower(hole)`,
  )
  return found.map((row) => ({ reason: row.reason, fromMs: row.from_ms, toMs: row.to_ms }))
}
