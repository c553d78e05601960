import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, sql } from '../../../database/sql.ts'
import type { SlotCell } from '../../../statistics/posting-times.ts'
import type { Stretch } from '../frame/local-time.ts'
import { monthSince, sampledTimes, slotIn } from '../frame/sampled.queries.ts'
import type { Scope } from '../frame/scope.ts'
import type { TimeSample } from '../frame/time-sample.ts'

type Row = { groups: number[]; slots: number[]; ns: number[]; totals: number[]; squares: number[] }

/**
 * What each source's posts did within 24 hours, of streams their average viewers, as logarithms summed
 * by hour of the week and stretch of thirty days. In columns of JSON, because a hundred thousand rows
 * take longer to hand over than to count.
 */
export async function findSlotCells(
  em: EntityManager,
  { platform, source, from }: Scope,
  sample: TimeSample,
  clocks: readonly Stretch[],
): Promise<SlotCell[]> {
  const ofScope = [
    ...(source ? [sql`and source_id = ${source}::bigint`] : []),
    ...(platform ? [sql`and platform = ${platform}`] : []),
  ]
  const filter = ofScope.length > 0 ? sql.join(ofScope, sql` `) : sql``
  const streams = source ? sql`and source_id = ${source}::bigint` : sql``
  const row = await firstRow(
    em,
    sql<Row>`with picked as materialized (${sampledTimes(sample)}
      ), seen as (
        select source_id, published_at, ln(1 + engagement::float8) as y
        from picked cross join lateral (
          select source_id, published_at, engagement from post_milestones
          where age_hours = 24 and published_at >= from_at and published_at < to_at
            and engagement is not null ${filter}) m
        union all
        select source_id, published_at, ln(1 + average)
        from picked cross join lateral (
          select source_id, published_at, average from stream_sums
          where published_at >= from_at and published_at < to_at and average is not null
            and ${platform === undefined || platform === 'twitch'}::boolean ${streams}) s
      ), cells as (
        select source_id,
          ${monthSince(from)} as month,
          ${slotIn(clocks)} as slot, count(*) as n, sum(y) as total, sum(y * y) as squares
        from seen group by 1, 2, 3)
      select json_agg(place) as groups, json_agg(slot) as slots, json_agg(n) as ns,
        json_agg(total) as totals, json_agg(squares) as squares
      from (select *, dense_rank() over (order by source_id, month) as place from cells) c`,
  )
  if (!row?.groups) return []
  return row.groups.map((group, index) => ({
    group: String(group),
    slot: row.slots[index] ?? 0,
    n: row.ns[index] ?? 0,
    total: row.totals[index] ?? 0,
    squares: row.squares[index] ?? 0,
  }))
}
