import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../../database/sql.ts'
import type { LiftCell } from '../../../statistics/lift.ts'
import type { Stretch } from '../frame/local-time.ts'
import { monthSince, sampledTimes, slotIn } from '../frame/sampled.queries.ts'
import type { TimeSample } from '../frame/time-sample.ts'
import type { experimentMetrics } from './experiments.schemas.ts'

export type Window = {
  /** ISO 8601, UTC. */
  from: string
  to: string
  sources: readonly string[] | undefined
  metric: (typeof experimentMetrics)[number]
}

type Row = {
  source_id: string
  month: string
  treated: boolean
  n: string
  total: number
  squares: number
}

/** A unit is a source and thirty days: neither a strong source nor growth is taken for the treatment. */
const cellOf = (row: Row): LiftCell => ({
  unit: `${row.source_id}:${row.month}`,
  cluster: row.source_id,
  treated: row.treated,
  n: Number(row.n),
  total: row.total,
  squares: row.squares,
})

const milestonesOf = ({ sources, metric }: Window) => {
  const own = sources ? sql`and source_id = any (${[...sources]}::bigint[])` : sql``
  return sql`select post_id, source_id, published_at, ln(1 + ${sql.ref(metric)}::float8) as y
    from post_milestones
    where age_hours = 24 and published_at >= from_at and published_at < to_at
      and ${sql.ref(metric)} is not null ${own}`
}

const grouped = (from: string) => sql`select source_id, ${monthSince(from)} as month, treated,
    count(*) as n, sum(y) as total, sum(y * y) as squares
  from seen group by 1, 2, 3`

/** Posts in certain hours of the week against all others. */
export async function findCellsBySlots(
  em: EntityManager,
  window: Window,
  sample: TimeSample,
  { slots, clocks }: { slots: readonly number[]; clocks: readonly Stretch[] },
): Promise<LiftCell[]> {
  const found = await rows(
    em,
    sql<Row>`with picked as materialized (${sampledTimes(sample)}),
      seen as (
        select source_id, published_at, y,
          ${slotIn(clocks)} = any (${[...slots]}::bigint[]) as treated
        from picked cross join lateral (${milestonesOf(window)}) m)
      ${grouped(window.from)}`,
  )
  return found.map(cellOf)
}

/** Promoted posts, all of them, against the others of their sources. */
export async function findCellsByPromotion(
  em: EntityManager,
  window: Window,
  sample: TimeSample,
): Promise<LiftCell[]> {
  const { from, to, sources, metric } = window
  const own = sources ? sql`and source_id = any (${[...sources]}::bigint[])` : sql``
  const found = await rows(
    em,
    sql<Row>`with picked as materialized (${sampledTimes(sample)}),
      promoted as materialized (
        select id, source_id, published_at from posts
        where promoted and published_at >= ${from}::timestamptz
          and published_at < ${to}::timestamptz ${own}),
      seen as (
        select p.source_id, p.published_at, ln(1 + ${sql.ref(metric)}::float8) as y, true as treated
        from promoted p join post_milestones m on m.post_id = p.id and m.age_hours = 24
        where ${sql.ref(metric)} is not null
        union all
        select source_id, published_at, y, false
        from picked cross join lateral (${milestonesOf(window)}) m
        where source_id in (select source_id from promoted)
          and not exists (select from promoted p where p.id = m.post_id))
      ${grouped(from)}`,
  )
  return found.map(cellOf)
}
