import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../../database/sql.ts'
import { type Compared, columnOf } from './measure.ts'
import type { TopRow } from './top.queries.ts'

const counts = sql.raw(
  ['views', 'likes', 'comments', 'shares', 'score', 'engagement', 'audience']
    .map((name) => `p.${name}::float8 as ${name}`)
    .join(', '),
)

export const findBrief = (em: EntityManager, id: string) =>
  firstRow(
    em,
    sql<Omit<TopRow, 'value'>>`select p.id, p.platform, p.kind, p.source_id,
        s.handle as source_handle, s.title as source_title, p.title, left(p.body, 280) as body,
        p.url, p.published_at, ${counts}
      from posts p join sources s on s.id = p.source_id where p.id = ${id}::bigint`,
  )

export type CurveRow = { age_s: number; value: number | null }

/** A stream's month of looks, or the two dozen of a post, oldest first. */
const mostLooks = 20_000

export const findCurve = (
  em: EntityManager,
  { id, platform, published_at: publishedAt }: Pick<TopRow, 'id' | 'platform' | 'published_at'>,
  measure: Compared,
): Promise<CurveRow[]> =>
  rows(
    em,
    sql<CurveRow>`select extract(epoch from x.sampled_at - ${publishedAt}::timestamptz)::float8 as age_s,
        ${
          measure === 'engagement'
            ? sql`engagement_of(${platform}::text, x.likes, x.comments, x.shares, x.score)`
            : columnOf(measure)
        }::float8 as value
      from post_samples x
      where x.post_id = ${id}::bigint
        and x.sampled_at >= ${publishedAt}::timestamptz - interval '1 hour'
      order by x.sampled_at limit ${mostLooks}`,
  )
