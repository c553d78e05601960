import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../../database/sql.ts'
import type { Scope } from '../frame/scope.ts'
import { inScope } from './threads.queries.ts'

export type Spread = {
  n: number
  mean: number | null
  median: number | null
  max: number | null
}
const measured = ['depth', 'size', 'breadth', 'virality', 'half_s'] as const
type Measured = (typeof measured)[number]
export type DepthSummary = Record<Measured, Spread> & { threads: number; incomplete: number }

const spread = (column: Measured) =>
  sql.raw(`json_build_object('n', count(${column}), 'mean', avg(${column})::float8,
    'median', percentile_cont(0.5) within group (order by ${column}), 'max', max(${column}))
    as ${column}`)

const none: Spread = { n: 0, mean: null, median: null, max: null }

/** All threads of a scope in figures, from their shapes alone. */
export async function summarizeShapes(em: EntityManager, scope: Scope): Promise<DepthSummary> {
  const row = await firstRow(
    em,
    sql<DepthSummary>`select count(*)::int as threads,
        count(*) filter (where missing > 0)::int as incomplete,
        ${sql.join(measured.map(spread))}
      from thread_shapes t where ${inScope(scope)}`,
  )
  const empty = { depth: none, size: none, breadth: none, virality: none, half_s: none }
  return row ?? { threads: 0, incomplete: 0, ...empty }
}

/** Where buckets begin. */
export const edges = {
  depth: [0, 1, 2, 3, 4, 5, 10, 20, 50, 100],
  size: [1, 2, 6, 11, 26, 51, 101, 251, 501, 1_001],
  breadth: [0, 1, 2, 6, 11, 26, 51, 101, 251, 501],
} as const
export type Distributed = keyof typeof edges

/** How many threads lie in each bucket, by the bucket's place. */
export async function countBuckets(
  em: EntityManager,
  scope: Scope,
): Promise<Map<Distributed, Map<number, number>>> {
  const [depth, size, breadth] = (['depth', 'size', 'breadth'] as const).map(
    (name) => sql`width_bucket(t.${sql.ref(name)}, ${[...edges[name]]}::int[])`,
  )
  const found = await rows(
    em,
    sql<{ of: Distributed; bucket: number; threads: number }>`
      select case when grouping(d) = 0 then 'depth' when grouping(s) = 0 then 'size'
          else 'breadth' end as of, coalesce(d, s, b) as bucket, count(*)::int as threads
      from (select ${depth} as d, ${size} as s, ${breadth} as b
        from thread_shapes t where ${inScope(scope)}) x
      group by grouping sets ((d), (s), (b))`,
  )
  const counts = new Map<Distributed, Map<number, number>>()
  for (const { of, bucket, threads } of found) {
    counts.set(of, (counts.get(of) ?? new Map()).set(bucket - 1, threads))
  }
  return counts
}
