import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../../../database/sql.ts'
import type { Bucket } from '../../frame/buckets.ts'
import { rollupsOf } from '../../frame/rollups-of.queries.ts'
import type { Scope } from '../../frame/scope.ts'
import type { TrendMetric } from './trend-metrics.ts'

export type BucketSums = { posts: number; total: number; n: number; squares: number | null }

type Row = { bucket: number; posts: string; total: string; n: string; squares: string | null }

const iso = (ms: number) => new Date(ms).toISOString()

/** What the rollups say of each bucket; none where nothing was published. */
export async function findBucketSums(
  em: EntityManager,
  scope: Scope,
  metric: TrendMetric,
  buckets: readonly Bucket[],
): Promise<Map<number, BucketSums>> {
  const [first, last] = [buckets[0], buckets.at(-1)]
  if (!first || !last) return new Map()
  const squares = metric.squares ? sql`sum(${sql.ref(metric.squares)})` : sql`null::bigint`
  const measures = ['posts', metric.total, metric.n, ...(metric.squares ? [metric.squares] : [])]
  const period = { ...scope, from: iso(first.fromMs), to: iso(last.toMs) }
  const cuts = buckets.map(({ fromMs }) => fromMs)
  const found = await rows(
    em,
    sql<Row>`select width_bucket(at, ${buckets.map(({ fromMs }) => iso(fromMs))}::timestamptz[]) - 1
          as bucket,
        sum(posts) as posts, sum(${sql.ref(metric.total)}) as total, sum(${sql.ref(metric.n)}) as n,
        ${squares} as squares
      from ${rollupsOf(period, [...new Set(measures)], cuts)}
      group by 1 having sum(posts) <> 0`,
  )
  return new Map(
    found.map((row) => [
      row.bucket,
      {
        posts: Number(row.posts),
        total: Number(row.total),
        n: Number(row.n),
        squares: row.squares === null ? null : Number(row.squares),
      },
    ]),
  )
}

/** When the history of a scope begins: its first post or its first look, null of nothing. */
export async function findHistoryStart(em: EntityManager, scope: Scope): Promise<number | null> {
  const { platform, source, to } = scope
  const watched = [
    ...(platform ? [sql`s.platform = ${platform}`] : []),
    ...(source ? [sql`s.id = ${source}::bigint`] : []),
    sql`j.created_at < ${to}::timestamptz`,
  ]
  const own = source
    ? sql`source_id = ${source}::bigint`
    : platform
      ? sql`platform = ${platform}`
      : sql`true`
  // Each table by its own index: of both together everything would be sorted first.
  const firstIn = (table: string) => sql`(select at from ${sql.table(table)}
    where kind <> 'comment' and ${own} and posts > 0 and at < ${to}::timestamptz
    order by at limit 1)`
  const row = await firstRow(
    em,
    sql<{ ms: number | null }>`select (extract(epoch from quarter_of(least(
        ${firstIn(source ? 'source_rollups' : 'workspace_rollups')}, ${firstIn('rollup_deltas')},
        (select min(j.created_at) from monitoring_jobs j join sources s on s.id = j.source_id
          where ${sql.join(watched, sql` and `)})))) * 1000)::float8 as ms`,
  )
  return row?.ms ?? null
}
