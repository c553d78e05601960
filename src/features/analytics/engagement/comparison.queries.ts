import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../../database/sql.ts'
import { sumsOfPeriod } from '../../rollups/index.ts'
import type { Scope } from '../frame/scope.ts'
import { type Age, type Compared, columnOf } from './measure.ts'

export type GroupBy = 'source' | 'platform' | 'kind'

/** The newest so many of a group stand for it: the answer does not grow with the posts. */
export const mostOfGroup: Record<GroupBy, number> = { source: 250, platform: 4_000, kind: 4_000 }
export const mostSources = 50

export type Group = {
  key: string
  platform: string
  kind: string | null
  source_id: string | null
  handle: string | null
  title: string | null
  /** Published in the period and old enough. */
  posts: number
}

/** The groups with the most posts, from the rollups. */
export async function findGroups(
  em: EntityManager,
  by: GroupBy,
  scope: Scope,
): Promise<{ groups: Group[]; all: number }> {
  const found = await rows(em, by === 'source' ? busiestSources(scope) : platformGroups(by, scope))
  return { groups: found, all: Number(found[0]?.all_groups ?? 0) }
}

type Counted = Group & { all_groups: string }

const idOf = (source: string | undefined) => (source ? sql`${source}::bigint` : undefined)

const busiestSources = (scope: Scope) =>
  sql<Counted>`select r.source_id::text as key, s.platform, null as kind, r.source_id, s.handle,
      s.title, r.posts::float8 as posts, count(*) over () as all_groups
    from (select source_id, sum(posts) as posts
        from ${sumsOfPeriod('source', ['posts'], scope, idOf(scope.source))} each_sum
        where kind <> 'comment' group by source_id having sum(posts) > 0) r
      join sources s on s.id = r.source_id
    where ${scope.platform ? sql`s.platform = ${scope.platform}` : sql`true`}
    order by r.posts desc, r.source_id limit ${mostSources}`

const platformGroups = (by: 'platform' | 'kind', scope: Scope) => {
  const kind = by === 'kind' ? sql`r.kind` : sql`null`
  const from = scope.source
    ? sql`(select s.platform, r.* from ${sumsOfPeriod('source', ['posts'], scope, idOf(scope.source))} r
        join sources s on s.id = r.source_id) r`
    : sql`${sumsOfPeriod('workspace', ['posts'], scope)} r`
  return sql<Counted>`select concat_ws('/', r.platform, ${kind}) as key, r.platform, ${kind} as kind,
      null as source_id, null as handle, null as title, sum(r.posts)::float8 as posts,
      count(*) over () as all_groups
    from ${from}
    where r.kind <> 'comment' and ${scope.platform ? sql`r.platform = ${scope.platform}` : sql`true`}
    group by 1, 2, 3 having sum(r.posts) > 0 order by posts desc, key`
}

export type Sampled = {
  key: string
  /** Ascending. */
  values: number[]
  /** The first whole quarter of an hour of which every post was taken in; null: of the whole period. */
  since: Date | string | null
  /** Of the values those published since then, and how many posts there are since then. */
  known: number
  posts: number
}

/**
 * Each group's newest posts near an age, and how many posts of the same time that age of theirs is
 * known of. Index ranges of post_milestones and rollups only.
 */
export function sampleGroups(
  em: EntityManager,
  by: GroupBy,
  groups: readonly Group[],
  scope: Scope,
  age: Age,
  measure: Compared,
): Promise<Sampled[]> {
  const most = mostOfGroup[by]
  const column = columnOf(measure)
  const own = by === 'source' ? sql`m.source_id = g.source_id` : ofKinds(by, scope)
  return rows(
    em,
    sql<Sampled>`with g as (
        select * from json_to_recordset(${JSON.stringify(groups)}::json)
          as g(key text, platform text, kind text, source_id bigint, posts float8)
      ), taken as materialized (
        select g.key, n.value, n.published_at from g cross join lateral (
          select m.${column} as value, m.published_at from post_milestones m
          where ${own} and m.age_hours = ${age} and m.${column} is not null
            and m.published_at >= ${scope.from}::timestamptz
            and m.published_at < ${scope.to}::timestamptz
          order by m.published_at desc limit ${most}) n
      ), spans as (
        select key, json_agg(value order by value) as values,
          case when count(*) = ${most} then quarter_of(min(published_at)) + interval '15 minutes' end
            as since
        from taken group by key
      ), seen as (
        select t.key, count(*) as known from taken t join spans s on s.key = t.key
        where s.since is null or t.published_at >= s.since group by t.key)
      select g.key, coalesce(s.values, '[]') as values, s.since, coalesce(n.known, 0)::int as known,
        case when s.since is null then g.posts
          else (select coalesce(sum(r.posts), 0)::float8 from ${postsSince(by, scope)}
            and r.at >= s.since and r.at < ${scope.to}::timestamptz and r.kind <> 'comment') end
          as posts
      from g left join spans s on s.key = g.key left join seen n on n.key = g.key`,
  )
}

/** Of one source, its own index; else that of platform and kind. */
const ofKinds = (by: 'platform' | 'kind', { source }: Scope) =>
  sql`${
    source ? sql`m.source_id = ${source}::bigint` : sql`true`
  } and m.platform = g.platform and ${by === 'kind' ? sql`m.kind = g.kind` : sql`true`}`

const postsSince = (by: GroupBy, { source }: Scope) => {
  if (by === 'source') return sql`current_source_rollups r where r.source_id = g.source_id`
  const kind = by === 'kind' ? sql`r.kind = g.kind` : sql`true`
  return source
    ? sql`current_source_rollups r where r.source_id = ${source}::bigint and ${kind}`
    : sql`current_workspace_rollups r where r.platform = g.platform and ${kind}`
}
