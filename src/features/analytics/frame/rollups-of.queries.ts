import { sql } from '../../../database/sql.ts'
import type { Scope } from './scope.ts'

/** The rollups that answer for a scope, as `<view> where <conditions>`. Comments are no posts. */
export function rollupsOf({ platform, source }: Partial<Pick<Scope, 'platform' | 'source'>>) {
  const conditions = [
    sql`kind <> 'comment'`,
    ...(source ? [sql`source_id = ${source}::bigint`] : []),
    // A source has one platform, and its rollups do not repeat it.
    ...(platform && source
      ? [
          sql`exists (select from sources s where s.id = ${source}::bigint
          and s.platform = ${platform})`,
        ]
      : []),
    ...(platform && !source ? [sql`platform = ${platform}`] : []),
  ]
  const view = source ? 'current_source_rollups' : 'current_workspace_rollups'
  return sql`${sql.table(view)} where ${sql.join(conditions, sql` and `)}`
}
