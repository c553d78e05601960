import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, sql } from '../../../database/sql.ts'
import type { TimedPost } from '../../../statistics/slot-cells.ts'
import type { Stretch } from '../frame/local-time.ts'
import { monthSince, sampledTimes, slotIn } from '../frame/sampled.queries.ts'
import type { Scope } from '../frame/scope.ts'
import type { TimeSample } from '../frame/time-sample.ts'

type Row = {
  sources: number[] | null
  authors: (number | null)[]
  kinds: string[]
  months: number[]
  slots: number[]
  gathered: number[]
}

/**
 * What each post of a sample gathered within 24 hours, of streams their average viewers, with whose it
 * is and when it was published. In columns of JSON, because fifteen thousand rows take longer to hand
 * over than to read. Whose a post is stands with the post alone: it is looked up by id, and the limit
 * keeps the planner, who takes the samples for many more posts than they are, from reading them all.
 * A reply is another kind of content than what it answers.
 */
export async function findTimedPosts(
  em: EntityManager,
  { platform, source, from }: Scope,
  sample: TimeSample,
  clocks: readonly Stretch[],
): Promise<TimedPost[]> {
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
        select post_id, published_at, engagement::float8 as gathered
        from picked cross join lateral (
          select post_id, published_at, engagement from post_milestones
          where age_hours = 24 and published_at >= from_at and published_at < to_at
            and engagement is not null ${filter}) m
        union all
        select post_id, published_at, average
        from picked cross join lateral (
          select post_id, published_at, average from stream_sums
          where published_at >= from_at and published_at < to_at and average is not null
            and ${platform === undefined || platform === 'twitch'}::boolean ${streams}) s)
      select json_agg(source_id) as sources, json_agg(author_id) as authors,
        json_agg(kind) as kinds, json_agg(${monthSince(from)}) as months,
        json_agg(${slotIn(clocks)}) as slots, json_agg(gathered) as gathered
      from seen cross join lateral (
        select source_id, author_id,
          kind || case when reply_to is null then '' else ' reply' end as kind
        from posts where id = post_id limit 1) whose`,
  )
  if (!row?.sources) return []
  const { sources, authors, kinds, months, slots, gathered } = row
  return sources.map((id, index) => {
    const author = authors[index]
    return {
      source: String(id),
      author: author === null || author === undefined ? null : String(author),
      kind: kinds[index] ?? '',
      month: months[index] ?? 0,
      slot: slots[index] ?? 0,
      y: Math.log1p(gathered[index] ?? 0),
    }
  })
}
