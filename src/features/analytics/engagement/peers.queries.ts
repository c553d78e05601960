import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../../database/sql.ts'
import { type Compared, columnOf } from './measure.ts'

/** How many of its source's posts before it, and after it, a post is set beside. */
export const peersEachSide = 100

export type PeerRow = {
  post_id: string
  age_hours: number
  age_s: number
  sampled_at: Date | string
  value: number
  /** What its source's other posts of the same kind had near that age; ascending. */
  peers: number[]
}

/**
 * Posts near fixed ages beside their source's others: its neighbours in time, because a channel that
 * has grown since would make every old post look poor. `newest`: only the greatest age of each post.
 */
export function findPeers(
  em: EntityManager,
  postIds: readonly string[],
  measure: Compared,
  which: 'every' | 'newest',
): Promise<PeerRow[]> {
  const column = columnOf(measure)
  const side = (beyond: 'before' | 'after') => sql`(
    select o.${column} as value from post_milestones o
    where o.source_id = m.source_id and o.age_hours = m.age_hours and o.kind = m.kind
      and o.${column} is not null and o.post_id <> m.post_id and ${
        beyond === 'before'
          ? sql`o.published_at <= m.published_at order by o.published_at desc`
          : sql`o.published_at > m.published_at order by o.published_at`
      } limit ${peersEachSide})`
  const distinct = which === 'newest' ? sql`distinct on (m.post_id)` : sql``
  return rows(
    em,
    sql<PeerRow>`select m.post_id, m.age_hours, m.age_s, m.sampled_at, m.value::float8 as value,
        coalesce(peers.all_values, '[]') as peers
      from (
        select ${distinct} m.*, m.${column} as value from post_milestones m
        where m.post_id = any (${postIds}::bigint[]) and m.${column} is not null
        order by m.post_id, m.age_hours desc) m
      cross join lateral (
        select json_agg(value order by value) as all_values
        from (${side('before')} union all ${side('after')}) neighbours) peers
      order by m.post_id, m.age_hours`,
  )
}
