import type { EntityManager } from '@mikro-orm/postgresql'
import type { RawBuilder } from 'kysely'
import { rows, sql } from '../../../database/sql.ts'
import { sumsOfPeriod } from '../../rollups/index.ts'
import type { Scope } from '../frame/scope.ts'

export const postKinds = ['tweet', 'video', 'reddit_post', 'stream', 'comment'] as const
export type PostKind = (typeof postKinds)[number]
/** `kind` left out: all but comments, which are somebody's answer to a post and not a post. */
export type EngagementScope = Scope & { kind?: PostKind | undefined }

const measured = [
  'posts',
  ...['views', 'likes', 'comments', 'shares', 'engagement'].flatMap((name) => [name, `${name}_n`]),
  ...['er_views', 'er_followers', 'like_rate'].flatMap((name) => [
    name,
    ...['n', 'part', 'whole'].map((part) => `${name}_${part}`),
  ]),
  'upvote',
  'upvote_n',
]
type Counted = 'views' | 'likes' | 'comments' | 'shares' | 'engagement'
type Rate = 'er_views' | 'er_followers' | 'like_rate'
type Measure =
  | 'posts'
  | Counted
  | `${Counted}_n`
  | Rate
  | `${Rate}_${'n' | 'part' | 'whole'}`
  | 'upvote'
  | 'upvote_n'

/** Sums over posts; `x_n`: over how many. Rates are in billionths. */
export type Sums = Record<Measure, number>
export type SumRow = Sums & { platform: string; kind: string }

const sums = sql.raw(measured.map((name) => `sum(r.${name}::float8) as ${name}`).join(', '))
export const noSums = Object.fromEntries(measured.map((name) => [name, 0])) as Sums

export const addSums = (all: readonly Sums[]): Sums =>
  Object.fromEntries(
    measured.map((name) => [name, all.reduce((total, one) => total + one[name as keyof Sums], 0)]),
  ) as Sums

const ofKind = (kind: PostKind | undefined) =>
  kind ? sql`r.kind = ${kind}` : sql`r.kind <> 'comment'`

const idOf = (source: string | undefined) => (source ? sql`${source}::bigint` : undefined)

/** From the rollups: [from, to) in whole quarters of an hour. */
export const findSums = (em: EntityManager, scope: EngagementScope): Promise<SumRow[]> =>
  rows(em, sumsOf(scope))

export const sumsOf = (scope: EngagementScope): RawBuilder<SumRow> =>
  scope.source ? sumsOfOneSource(scope, scope.source) : sumsOfAll(scope)

const sumsOfAll = (scope: EngagementScope): RawBuilder<SumRow> =>
  sql<SumRow>`select r.platform, r.kind, ${sums}
    from ${sumsOfPeriod('workspace', measured, scope)} r
    where ${ofKind(scope.kind)} and ${scope.platform ? sql`r.platform = ${scope.platform}` : sql`true`}
    group by r.platform, r.kind having sum(r.posts) > 0 order by r.platform, r.kind`

const sumsOfOneSource = (scope: EngagementScope, source: string): RawBuilder<SumRow> =>
  sql<SumRow>`select s.platform, r.kind, ${sums}
    from ${sumsOfPeriod('source', measured, scope, idOf(source))} r join sources s on s.id = r.source_id
    where ${ofKind(scope.kind)} and ${scope.platform ? sql`s.platform = ${scope.platform}` : sql`true`}
    group by s.platform, r.kind having sum(r.posts) > 0 order by s.platform, r.kind`

export type SourceSums = SumRow & { source_id: string; handle: string; title: string | null }

/** The sources that published most in the period, and how many did at all. */
export async function findSourceSums(em: EntityManager, scope: EngagementScope, most: number) {
  const found = await rows(
    em,
    sql<SourceSums & { sources: string }>`with busiest as materialized (
        select r.source_id, r.posts, count(*) over () as sources
        from (select r.source_id, sum(r.posts) as posts
            from ${sumsOfPeriod('source', ['posts'], scope, idOf(scope.source))} r
            where ${ofKind(scope.kind)} group by r.source_id having sum(r.posts) > 0) r
          join sources s on s.id = r.source_id
        where ${scope.platform ? sql`s.platform = ${scope.platform}` : sql`true`}
        order by r.posts desc, r.source_id limit ${most})
      select b.source_id, s.handle, s.title, s.platform, b.sources, t.*
      from busiest b join sources s on s.id = b.source_id
        cross join lateral (select ${sums}
          from ${sumsOfPeriod('source', measured, scope, sql`b.source_id`)} r
          where ${ofKind(scope.kind)}) t
      order by b.posts desc, b.source_id`,
  )
  return { items: found, sources: Number(found[0]?.sources ?? 0) }
}
