import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../../database/sql.ts'
import type { Scope } from '../frame/scope.ts'
import { inScope, type ThreadRow, threadRows } from './threads.queries.ts'

type Wish = { minDepth: number; minEngagement: number }

/**
 * Threads that have such a chain, the most engagement first: what the best chain of each depth has
 * stands in the shape. Gives that figure beside the thread, for the cursor.
 */
export async function findChainThreads(
  em: EntityManager,
  scope: Scope,
  { minDepth, minEngagement }: Wish,
  after: readonly [engagement: number, postId: string] | null,
  most: number,
): Promise<(ThreadRow & { best: string })[]> {
  const best = sql`t.chains[${minDepth}::int]`
  const beyond = after
    ? sql`and (${best}, t.post_id) < (${after[0]}::bigint, ${after[1]}::bigint)`
    : sql``
  return rows(
    em,
    threadRows<{ best: string }>(
      sql`select t.post_id, t.best, row_number() over () as rank from (
      select t.post_id, ${best} as best from thread_shapes t
      where ${inScope(scope)} and t.depth >= ${minDepth} and ${best} >= ${minEngagement}::bigint
        ${beyond}
      order by ${best} desc, t.post_id desc limit ${most}) t`,
      sql`page.best,`,
    ),
  )
}
