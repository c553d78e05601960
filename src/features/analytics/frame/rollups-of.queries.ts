import { sql } from '../../../database/sql.ts'
import { type Period, seriesOfWorkspace } from '../../rollups/index.ts'
import type { Scope } from './scope.ts'

type Asked = Period & Partial<Pick<Scope, 'platform' | 'source'>>

/**
 * The rollups of a scope's period, as `<rows> r where <conditions>`: `kind`, `at` and the measures. They
 * can be grouped at `cutsMs`, moments on quarters of an hour. Comments are no posts.
 */
export function rollupsOf(
  { platform, source, from, to }: Asked,
  measures: readonly string[],
  cutsMs: readonly number[] = [],
) {
  if (!source) {
    const series = seriesOfWorkspace(measures, { from, to }, cutsMs)
    const ofPlatform = platform ? sql`and r.platform = ${platform}` : sql``
    return sql`${series} r where r.kind <> 'comment' ${ofPlatform}`
  }
  // A source has one platform, and its rollups do not repeat it.
  const ofPlatform = platform
    ? sql`and exists (select from sources s where s.id = ${source}::bigint and s.platform = ${platform})`
    : sql``
  return sql`current_source_rollups r where r.kind <> 'comment' and r.source_id = ${source}::bigint
    and r.at >= ${from}::timestamptz and r.at < ${to}::timestamptz ${ofPlatform}`
}
