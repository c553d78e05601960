import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../../../database/sql.ts'
import type { Bucket } from '../../frame/buckets.ts'

export type FollowersRow = { place: string; followers: string; sampled_at: Date }

const iso = (ms: number) => new Date(ms).toISOString()

/** The first moment at which the source's audience is known, in ms; null: never. */
export async function findFirstFollowers(
  em: EntityManager,
  source: string,
  from: string,
): Promise<number | null> {
  const row = await firstRow(
    em,
    sql<{ ms: number }>`select (extract(epoch from quarter_of(sampled_at)) * 1000)::float8 as ms
      from source_samples where source_id = ${source}::bigint and followers is not null
        and sampled_at >= ${from}::timestamptz
      order by sampled_at limit 1`,
  )
  return row?.ms ?? null
}

/** The last known audience within each bucket, one probe a bucket; none where nobody looked. */
export async function findFollowers(
  em: EntityManager,
  source: string,
  buckets: readonly Bucket[],
  before: string,
): Promise<Map<number, FollowersRow>> {
  const found = await rows(
    em,
    sql<FollowersRow>`select w.place, seen.followers, seen.sampled_at
      from unnest(${buckets.map(({ fromMs }) => iso(fromMs))}::timestamptz[],
        ${buckets.map(({ toMs }) => iso(toMs))}::timestamptz[])
        with ordinality w(from_at, to_at, place)
      cross join lateral (
        select s.followers, s.sampled_at from source_samples s
        where s.source_id = ${source}::bigint and s.followers is not null
          and s.sampled_at >= w.from_at
          and s.sampled_at < least(w.to_at, ${before}::timestamptz)
        order by s.sampled_at desc limit 1) seen`,
  )
  return new Map(found.map((row) => [Number(row.place) - 1, row]))
}
