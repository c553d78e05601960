import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../../../database/sql.ts'
import type { Scope } from '../../frame/scope.ts'

export type BestPostRow = {
  place: string
  id: string
  source_id: string
  title: string | null
  url: string | null
  published_at: Date
  engagement: string | null
  views: string | null
}

/** The three posts of most engagement of each stretch of time; keyed by the stretch's place, from 1. */
export async function findBestPosts(
  em: EntityManager,
  { platform, source }: Scope,
  stretches: readonly { fromMs: number; toMs: number }[],
): Promise<Map<number, BestPostRow[]>> {
  if (stretches.length === 0) return new Map()
  const conditions = [
    sql`p.published_at >= w.from_at and p.published_at < w.to_at and p.kind <> 'comment'`,
    ...(platform ? [sql`p.platform = ${platform}`] : []),
    ...(source ? [sql`p.source_id = ${source}::bigint`] : []),
  ]
  const isos = (ms: readonly number[]) => ms.map((one) => new Date(one).toISOString())
  const found = await rows(
    em,
    sql<BestPostRow>`select w.place, best.* from unnest(
        ${isos(stretches.map(({ fromMs }) => fromMs))}::timestamptz[],
        ${isos(stretches.map(({ toMs }) => toMs))}::timestamptz[])
        with ordinality w(from_at, to_at, place)
      cross join lateral (
        select p.id, p.source_id, coalesce(p.title, left(p.body, 200)) as title, p.url,
          p.published_at, p.engagement, p.views
        from posts p where ${sql.join(conditions, sql` and `)}
        order by p.engagement desc nulls last, p.id desc limit 3) best`,
  )
  return Map.groupBy(found, ({ place }) => Number(place))
}
