import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../../../database/sql.ts'
import type { Bucket } from '../../frame/buckets.ts'
import { isMeant, type MoodScope } from '../texts.ts'
import type { MoodRow } from './moments.ts'

export type RollupGroup = 'none' | 'platform' | 'source'

const iso = (ms: number) => new Date(ms).toISOString()

/** The bucket of a moment, from 0 on; -1 without buckets. */
export const bucketOf = (column: string, buckets: readonly Bucket[] | null) =>
  buckets === null
    ? sql`-1`
    : sql`width_bucket(${sql.ref(column)}, ${buckets.map(({ fromMs }) => iso(fromMs))}::timestamptz[]) - 1`

type Asked = {
  by: RollupGroup
  buckets: readonly Bucket[] | null
  /** Only these groups; all when left out. */
  keys?: readonly string[]
}

/** Sums of moods by group and bucket, from the rollups: whole quarters of an hour. */
export function sumMoods(
  em: EntityManager,
  scope: MoodScope,
  { by, buckets, keys }: Asked,
): Promise<MoodRow[]> {
  const { platform, source, from, to, texts } = scope
  const ofSources = by === 'source' || source !== undefined
  const key = keyOf(by, ofSources)
  const conditions = [
    sql`at >= ${from}::timestamptz`,
    sql`at < ${to}::timestamptz`,
    isMeant(texts),
    ...(source ? [sql`source_id = ${source}::bigint`] : []),
    ...(platform && !ofSources ? [sql`platform = ${platform}`] : []),
    ...(platform && ofSources
      ? [sql`source_id in (select id from sources where platform = ${platform})`]
      : []),
    ...(keys && by === 'source' ? [sql`source_id = any (${keys}::bigint[])`] : []),
    ...(keys && by === 'platform' ? [sql`${key} = any (${keys}::text[])`] : []),
  ]
  const view = ofSources ? 'current_source_rollups' : 'current_workspace_rollups'
  return rows(
    em,
    sql<MoodRow>`select ${key} as key, ${bucketOf('at', buckets)} as bucket, sum(posts) as texts,
        sum(scored) as scored, sum(negative) as negative, sum(neutral) as neutral,
        sum(positive) as positive, sum(compound) as compound, sum(compound_sq) as compound_sq
      from ${sql.table(view)} where ${sql.join(conditions, sql` and `)}
      group by 1, 2 having sum(posts) <> 0`,
  )
}

function keyOf(by: RollupGroup, ofSources: boolean) {
  if (by === 'none') return sql`''`
  if (by === 'source') return sql`source_id::text`
  return ofSources ? sql`(select s.platform from sources s where s.id = source_id)` : sql`platform`
}
