import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../../../database/sql.ts'
import { type ExcerptRow, excerptColumns } from '../excerpt.ts'
import type { TextSample } from '../sample.ts'
import { isMeant, type MoodScope } from '../texts.ts'

export type ExtremeRow = ExcerptRow & { compound: number; mood: string; model: string }
export type Side = 'positive' | 'negative'

/** The ends of an index in the order of compound; what is not meant is passed over inside it. */
const walked = ({ platform, source, from, to, texts }: MoodScope, side: Side, limit: number) => {
  const conditions = [
    side === 'positive' ? sql`compound > 0` : sql`compound < 0`,
    sql`published_at >= ${from}::timestamptz`,
    sql`published_at < ${to}::timestamptz`,
    isMeant(texts),
    ...(platform ? [sql`platform = ${platform}`] : []),
    ...(source ? [sql`source_id = ${source}::bigint`] : []),
  ]
  return sql`select post_id, compound from sentiments where ${sql.join(conditions, sql` and `)}
    order by ${order(side)} limit ${limit}`
}

/** All texts of a scope that has few. */
const picked = ({ select }: TextSample, side: Side, limit: number) =>
  sql`select post_id, compound from (${select}) s
    where ${side === 'positive' ? sql`compound > 0` : sql`compound < 0`}
    order by ${order(side)} limit ${limit}`

/** One index in its own order or backwards. */
const order = (side: Side) =>
  side === 'positive' ? sql`compound desc, post_id desc` : sql`compound, post_id`

export const findExtremes = (
  em: EntityManager,
  {
    scope,
    side,
    limit,
    few,
  }: { scope: MoodScope; side: Side; limit: number; few: TextSample | null },
): Promise<ExtremeRow[]> =>
  rows(
    em,
    sql<ExtremeRow>`with ends as materialized (
        ${few ? picked(few, side, limit) : walked(scope, side, limit)})
      select ${excerptColumns}, m.compound, m.mood, m.model
      from ends e join sentiments m on m.post_id = e.post_id join posts p on p.id = e.post_id
        join sources o on o.id = p.source_id
      order by ${side === 'positive' ? sql`e.compound desc, e.post_id desc` : sql`e.compound, e.post_id`}`,
  )
