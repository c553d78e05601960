import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, sql } from '../../../database/sql.ts'
import { rollupsOf } from './rollups-of.queries.ts'

type Asked = {
  platform?: string | undefined
  source?: string | undefined
  sources?: readonly string[] | undefined
  /** ISO 8601, UTC. */
  from: string
  to: string
}

/** Posts that were published in a period, from rollups. Comments are none. */
export async function countPosts(
  em: EntityManager,
  { sources, from, to, ...scope }: Asked,
): Promise<number> {
  const of = sources
    ? sql`current_source_rollups where kind <> 'comment'
        and source_id = any (${[...sources]}::bigint[])
        and at >= ${from}::timestamptz and at < ${to}::timestamptz`
    : rollupsOf({ ...scope, from, to }, ['posts'])
  const row = await firstRow(
    em,
    sql<{ posts: string }>`select coalesce(sum(posts), 0) as posts from ${of}`,
  )
  return Number(row?.posts ?? 0)
}
