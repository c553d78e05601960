import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../../../database/sql.ts'
import { seriesOfWorkspace, sumsOfPeriod } from '../../../rollups/index.ts'
import type { Bucket } from '../../frame/buckets.ts'
import { isMeant, type MoodScope, moodNames } from '../texts.ts'
import type { MoodRow } from './moments.ts'

const measures = ['posts', 'scored', ...moodNames, 'compound', 'compound_sq']

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
export function sumMoods(em: EntityManager, scope: MoodScope, asked: Asked): Promise<MoodRow[]> {
  const { by, buckets } = asked
  const ofSources = by === 'source' || scope.source !== undefined
  const found = ofSources ? bySource(scope, asked) : byPlatform(scope, asked)
  return rows(
    em,
    sql<MoodRow>`select ${keyOf(by, ofSources)} as key, ${bucketOf('at', buckets)} as bucket,
        sum(posts) as texts, sum(scored) as scored, sum(negative) as negative,
        sum(neutral) as neutral, sum(positive) as positive, sum(compound) as compound,
        sum(compound_sq) as compound_sq
      from ${found} and ${isMeant(scope.texts)}
      group by 1, 2 having sum(posts) <> 0`,
  )
}

function byPlatform({ platform, from, to }: MoodScope, { by, buckets, keys }: Asked) {
  const series = buckets
    ? seriesOfWorkspace(
        measures,
        { from, to },
        buckets.map(({ fromMs }) => fromMs),
      )
    : sumsOfPeriod('workspace', measures, { from, to })
  const conditions = [
    sql`true`,
    ...(platform ? [sql`platform = ${platform}`] : []),
    ...(keys && by === 'platform' ? [sql`platform = any (${keys}::text[])`] : []),
  ]
  return sql`${series} r
    where ${sql.join(conditions, sql` and `)}`
}

function bySource({ platform, source, from, to }: MoodScope, { by, keys }: Asked) {
  const conditions = [
    sql`at >= ${from}::timestamptz and at < ${to}::timestamptz`,
    ...(source ? [sql`source_id = ${source}::bigint`] : []),
    ...(platform ? [sql`source_id in (select id from sources where platform = ${platform})`] : []),
    ...(keys && by === 'source' ? [sql`source_id = any (${keys}::bigint[])`] : []),
    ...(keys && by === 'platform' ? [sql`${keyOf(by, true)} = any (${keys}::text[])`] : []),
  ]
  return sql`current_source_rollups where ${sql.join(conditions, sql` and `)}`
}

function keyOf(by: RollupGroup, ofSources: boolean) {
  if (by === 'none') return sql`''`
  if (by === 'source') return sql`source_id::text`
  return ofSources ? sql`(select s.platform from sources s where s.id = source_id)` : sql`platform`
}
