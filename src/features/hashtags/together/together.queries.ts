import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../../database/sql.ts'
import type { Range } from '../counts/period.ts'

const at = (ms: number) => sql`${new Date(ms)}::timestamptz`
const carrying = (tag: string, { from, to }: Range) =>
  sql`from post_tags where tag = ${tag} and published_at >= ${at(from)} and published_at < ${at(to)}`

/** When the newest post but so many was published; null: there are not that many. */
export async function findNthNewest(
  em: EntityManager,
  tag: string,
  { from, to, place }: Range & { place: number },
): Promise<Date | null> {
  const [row] = await rows(
    em,
    sql<{ at: Date }>`select published_at as at ${carrying(tag, { from, to })}
      order by published_at desc, post_id desc offset ${place} limit 1`,
  )
  return row ? new Date(row.at) : null
}

/** The tags that stand beside this one, most often first. */
export async function findBeside(
  em: EntityManager,
  tag: string,
  { from, to, least, most }: Range & { least: number; most: number },
): Promise<{ tag: string; both: number }[]> {
  const found = await rows(
    em,
    sql<{ tag: string; both: string }>`with carrying as materialized (
        select post_id ${carrying(tag, { from, to })})
      select b.tag, count(*) as both from carrying a join post_tags b on b.post_id = a.post_id
      where b.tag <> ${tag} group by 1 having count(*) >= ${least}
      order by 2 desc, b.tag collate "C" limit ${most}`,
  )
  return found.map(({ tag: beside, both }) => ({ tag: beside, both: Number(both) }))
}
