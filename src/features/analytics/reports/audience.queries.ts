import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../../database/sql.ts'
import { seriesOfWorkspace } from '../../rollups/index.ts'
import { bucketsOf } from '../frame/buckets.ts'
import { stretchesOf } from '../frame/local-time.ts'
import { localIn } from '../frame/sampled.queries.ts'
import type { Scope } from '../frame/scope.ts'

export type AudienceRow = {
  id: string
  name: string
  first: string | null
  last: string | null
  n: string
}

const ofScope = ({ platform, source }: Scope) => [
  sql`true`,
  ...(platform ? [sql`o.platform = ${platform}`] : []),
  ...(source ? [sql`o.id = ${source}::bigint`] : []),
]

/** The largest sources with their followers at the first and at the last look of a period. */
export const findAudiences = (
  em: EntityManager,
  scope: Scope,
  most: number,
): Promise<AudienceRow[]> =>
  rows(
    em,
    sql<AudienceRow>`with o as materialized (
        select o.id, coalesce(o.title, o.handle) as name from sources o
        where ${sql.join(ofScope(scope), sql` and `)}
        order by o.followers desc nulls last, o.id limit ${most})
      select o.id, o.name, f.followers as first, l.followers as last,
        (f.sampled_at is not null)::int + (l.sampled_at is distinct from f.sampled_at)::int as n
      from o
        left join lateral (select s.followers, s.sampled_at from source_samples s
          where s.source_id = o.id and s.followers is not null
            and s.sampled_at >= ${scope.from}::timestamptz and s.sampled_at < ${scope.to}::timestamptz
          order by s.sampled_at limit 1) f on true
        left join lateral (select s.followers, s.sampled_at from source_samples s
          where s.source_id = o.id and s.followers is not null
            and s.sampled_at >= ${scope.from}::timestamptz and s.sampled_at < ${scope.to}::timestamptz
          order by s.sampled_at desc limit 1) l on true`,
  )

/** A source's platform; null: there is no such source. */
export async function findPlatform(em: EntityManager, source: string): Promise<string | null> {
  const row = await firstRow(
    em,
    sql<{ platform: string }>`select platform from sources where id = ${source}::bigint`,
  )
  return row?.platform ?? null
}

export type Activity = {
  sources: number
  posts: number
  comments: number
  scored: number
  activeDays: number
}

/** What there is of a scope, and on how many days (of the zone) something was published. */
export async function countActivity(
  em: EntityManager,
  scope: Scope,
  zone: string,
): Promise<Activity> {
  const { platform, source, from, to } = scope
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)]
  const days = bucketsOf('day', zone, fromMs, toMs).map((day) => day.fromMs)
  const local = localIn(stretchesOf(zone, fromMs, toMs), 'at')
  const rollups = source
    ? sql`current_source_rollups where source_id in (select id from o)
        and at >= ${from}::timestamptz and at < ${to}::timestamptz`
    : sql`${seriesOfWorkspace(['posts', 'scored'], { from, to }, days)} r
        where ${platform ? sql`platform = ${platform}` : sql`true`}`
  const [row] = await rows(
    em,
    sql<Record<keyof Activity, string>>`with o as materialized (
        select o.id from sources o where ${sql.join(ofScope(scope), sql` and `)})
      select (select count(*) from o) as sources,
        coalesce(sum(posts) filter (where kind <> 'comment'), 0) as posts,
        coalesce(sum(posts) filter (where kind = 'comment'), 0) as comments,
        coalesce(sum(scored) filter (where kind <> 'comment'), 0) as scored,
        count(distinct ${local}::date)
          filter (where kind <> 'comment' and posts > 0) as "activeDays"
      from ${rollups}`,
  )
  return {
    sources: Number(row?.sources ?? 0),
    posts: Number(row?.posts ?? 0),
    comments: Number(row?.comments ?? 0),
    scored: Number(row?.scored ?? 0),
    activeDays: Number(row?.activeDays ?? 0),
  }
}
