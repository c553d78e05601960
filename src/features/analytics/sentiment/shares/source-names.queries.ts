import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../../../database/sql.ts'

/** Titles, or handles, of sources by id. */
export async function nameSources(
  em: EntityManager,
  sources: readonly { key: string }[],
): Promise<Map<string, string>> {
  const ids = sources.map(({ key }) => key)
  const found = await rows(
    em,
    sql<{ id: string; name: string }>`select id, coalesce(title, handle) as name from sources
      where id = any (${ids}::bigint[])`,
  )
  return new Map(found.map(({ id, name }) => [id, name]))
}
