import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../database/sql.ts'
import type { CascadeShape } from '../../statistics/cascade.ts'
import type { ThreadRoot } from './replies.queries.ts'

export type ThreadShape = Omit<CascadeShape, 'chain' | 'chainEngagement'> & {
  /** Of chains of at least 1, 2, 3 ... replies, what the best has. */
  chains: (number | null)[]
  missing: number
}

/** The shape as of this look. */
export const storeShape = (
  em: EntityManager,
  root: ThreadRoot,
  shape: ThreadShape,
  now: Date,
): Promise<unknown> =>
  rows(
    em,
    sql`insert into thread_shapes (post_id, workspace_id, source_id, platform, published_at, size, depth,
        breadth, virality, engagement, chains, half_s, authors, orphans, cycles, missing, computed_at)
      values (${root.post_id}::bigint, ${root.workspace_id}::bigint, ${root.source_id}::bigint,
        ${root.platform}, ${root.published_at}::timestamptz, ${shape.size}, ${shape.depth},
        ${shape.breadth}, ${shape.virality}, ${shape.chains[0] ?? null}, ${shape.chains}::bigint[],
        ${shape.halfS === null ? null : Math.round(shape.halfS)}, ${shape.authors},
        ${shape.orphans}, ${shape.cycles}, ${shape.missing}, ${now}::timestamptz)
      on conflict (post_id) do update set size = excluded.size, depth = excluded.depth,
        published_at = excluded.published_at, breadth = excluded.breadth,
        virality = excluded.virality, engagement = excluded.engagement, chains = excluded.chains,
        half_s = excluded.half_s, authors = excluded.authors, orphans = excluded.orphans,
        cycles = excluded.cycles, missing = excluded.missing, computed_at = excluded.computed_at`,
  )
