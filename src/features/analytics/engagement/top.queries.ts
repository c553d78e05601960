import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../../database/sql.ts'
import type { EngagementScope, PostKind } from './sums.queries.ts'

export const topMeasures = [
  'engagement',
  'views',
  'likes',
  'comments',
  'er_by_views',
  'er_by_followers',
] as const
export type TopMeasure = (typeof topMeasures)[number]

/** Posts are ranked among so many that lead by what an index holds. */
export const poolSize = 2_000

const kindsOf: Record<string, PostKind> = {
  twitter: 'tweet',
  youtube: 'video',
  reddit: 'reddit_post',
  twitch: 'stream',
}

/** In words of the index, so that posts which are not meant are passed over without being read. */
function meant({ platform, source, from, to, kind }: EngagementScope) {
  const ofPlatform = platform ? kindsOf[platform] : undefined
  return sql.join(
    [
      sql`p.published_at >= ${from}::timestamptz and p.published_at < ${to}::timestamptz`,
      kind ? sql`p.kind = ${kind}` : sql`p.kind <> 'comment'`,
      ...(platform && !kind && ofPlatform ? [sql`p.kind = ${ofPlatform}`] : []),
      ...(platform && kind ? [sql`p.platform = ${platform}`] : []),
      ...(source ? [sql`p.source_id = ${source}::bigint`] : []),
    ],
    sql` and `,
  )
}

export type Pool = {
  led: 'engagement' | 'views'
  size: number
  /** The least that its posts have of what they lead by. */
  least: number
  ids: string[]
}

const ledBy = (by: TopMeasure) => (by === 'views' || by === 'er_by_views' ? 'views' : 'engagement')

/** The posts that lead a period, best first: a look at an index, whatever their number. */
export async function findPool(
  em: EntityManager,
  scope: EngagementScope,
  by: TopMeasure,
  size: number,
): Promise<Pool> {
  const led = ledBy(by)
  // Of streams nothing that leads is told: to find that out, the whole index would be read.
  const kind = scope.kind ?? (scope.platform ? kindsOf[scope.platform] : undefined)
  if (kind === 'stream') return { led, size: 0, least: 0, ids: [] }
  const column = sql.ref(led)
  const found = await firstRow(
    em,
    sql<{ ids: string[]; least: number | null }>`
      select coalesce(array_agg(id::text order by value desc, id desc), '{}') as ids,
        min(value)::float8 as least
      from (select p.id, p.${column} as value from posts p
        where ${meant(scope)} and p.${column} is not null
        order by p.${column} desc nulls last, p.id desc limit ${size}) pool`,
  )
  const ids = found?.ids ?? []
  return { led, size: ids.length, least: found?.least ?? 0, ids }
}

export type TopRow = {
  id: string
  platform: string
  kind: string
  source_id: string
  source_handle: string
  source_title: string | null
  title: string | null
  body: string | null
  url: string | null
  published_at: Date | string
  views: number | null
  likes: number | null
  comments: number | null
  shares: number | null
  score: number | null
  engagement: number | null
  audience: number | null
  value: number
}

const values: Record<TopMeasure, (minimum: number) => ReturnType<typeof sql>> = {
  engagement: () => sql`p.engagement`,
  views: () => sql`p.views`,
  likes: () => sql`p.likes`,
  comments: () => sql`p.comments`,
  er_by_views: (minimum) =>
    sql`case when p.views >= ${minimum}::bigint and p.views > 0
      then 100 * p.engagement::float8 / p.views end`,
  er_by_followers: (minimum) =>
    sql`case when p.audience >= ${minimum}::bigint and p.audience > 0
      then 100 * p.engagement::float8 / p.audience end`,
}

const counts = sql.raw(
  ['views', 'likes', 'comments', 'shares', 'score', 'engagement', 'audience']
    .map((name) => `p.${name}::float8 as ${name}`)
    .join(', '),
)

/** The best of a pool by any measure, best first. */
export const rankPool = (
  em: EntityManager,
  ids: readonly string[],
  by: TopMeasure,
  minimum: number,
  limit: number,
): Promise<TopRow[]> =>
  rows(
    em,
    sql<TopRow>`select p.id, p.platform, p.kind, p.source_id, s.handle as source_handle,
        s.title as source_title, p.title, left(p.body, 280) as body, p.url, p.published_at,
        ${counts}, best.value::float8 as value
      from (select p.id, ${values[by](minimum)} as value from posts p
          where p.id = any (${ids}::bigint[])) best
        join posts p on p.id = best.id join sources s on s.id = p.source_id
      where best.value is not null
      order by best.value desc, p.id desc limit ${limit}`,
  )
