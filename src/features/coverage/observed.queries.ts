import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../database/sql.ts'

type Window = { from: Date; to: Date }
export type Observed = {
  /** Sources that are watched, now. */
  sources: number
  /** Of so many source-seconds we know the posts. */
  seconds: number
}

/**
 * How far the posts of each window are known: the seconds in which each source was watched, without
 * the gaps whose posts never came. A gap whose posts were fetched afterwards hides no post.
 */
export async function findObserved(
  em: EntityManager,
  windows: readonly Window[],
  { platform }: { platform?: string | undefined } = {},
): Promise<Observed[]> {
  const of = platform ? sql`where s.platform = ${platform}` : sql``
  const found = await rows(
    em,
    sql<{ sources: string; seconds: number }>`with windows as (
        select * from unnest(${windows.map(({ from }) => from)}::timestamptz[],
          ${windows.map(({ to }) => to)}::timestamptz[]) with ordinality as w (from_at, to_at, place)
      ), watched as materialized (
        select s.id, j.created_at from sources s join monitoring_jobs j on j.source_id = s.id ${of}
      ), spans as (
        select place, id, greatest(from_at, created_at) as from_at, to_at
        from windows, watched where created_at < to_at
      ), missed as (
        select s.place, s.id, range_agg(tstzrange(greatest(g.from_at, s.from_at),
          least(coalesce(g.to_at, 'infinity'), s.to_at))) as ranges
        from spans s join coverage_gaps g on g.source_id = s.id and g.posts <> 'recovered'
          and g.from_at < s.to_at and coalesce(g.to_at, 'infinity') > s.from_at
        group by 1, 2)
      select (select count(*) from watched) as sources,
        coalesce(sum(extract(epoch from s.to_at - s.from_at)), 0)::float8
          - coalesce(sum((select sum(extract(epoch from upper(r) - lower(r)))
              from unnest(m.ranges) r)), 0)::float8 as seconds
      from windows w left join spans s using (place) left join missed m using (place, id)
      group by place order by place`,
  )
  return found.map(({ sources, seconds }) => ({ sources: Number(sources), seconds }))
}
