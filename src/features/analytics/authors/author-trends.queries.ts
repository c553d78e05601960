import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../../database/sql.ts'
import type { AuthorRow } from './author-row.ts'

export const findAuthor = (em: EntityManager, id: string) =>
  firstRow(
    em,
    sql<AuthorRow & { followers: string | null }>`
      select id as author_id, handle, display_name, platform, followers from authors
      where id = ${id}::bigint`,
  )

export type AuthorDayRow = {
  day: string
  posts: string
  views: string
  views_n: string
  engagement: string
  engagement_n: string
}

/** Days with a post, in order. */
export const findAuthorDays = (em: EntityManager, authorId: string, firstDay: string) =>
  rows(
    em,
    sql<AuthorDayRow>`
      select day::text as day, sum(posts) as posts, sum(views) as views, sum(views_n) as views_n,
        sum(engagement) as engagement, sum(engagement_n) as engagement_n
      from current_author_rollups
      where author_id = ${authorId}::bigint and day >= ${firstDay}::date and kind <> 'comment'
      group by day having sum(posts) > 0 order by day`,
  )

export type EqualAgeRow = {
  part: number
  read: string
  watched_since: Date | string | null
  n: string
  mean: number | null
  deviation: number | null
}

/** How many of an author's newest posts are compared at equal age at most. */
export const mostCompared = 4_000

/**
 * What posts had at 24 hours, in the last `days` before `end` (part 0) and in as many before those
 * (part 1); and since when all sources that they are from have been watched.
 */
export const compareAtEqualAge = (em: EntityManager, authorId: string, end: string, days: number) =>
  rows(
    em,
    sql<EqualAgeRow>`
      with recent as materialized (
        select id, source_id,
          (published_at < ${end}::timestamptz - make_interval(days => ${days}))::int as part
        from posts where author_id = ${authorId}::bigint and kind <> 'comment'
          and published_at < ${end}::timestamptz
          and published_at >= ${end}::timestamptz - make_interval(days => ${2 * days})
        order by published_at desc limit ${mostCompared + 1}),
      watched as (
        select max(created_at) as since from monitoring_jobs
        where source_id in (select distinct source_id from recent))
      select r.part, (select count(*) from recent) as read, w.since as watched_since,
        count(m.engagement) as n, avg(m.engagement)::float8 as mean,
        stddev_samp(m.engagement)::float8 as deviation
      from recent r cross join watched w
        left join post_milestones m on m.post_id = r.id and m.age_hours = 24
      group by r.part, w.since`,
  )

export type StandingRow = {
  category: string
  /** null: no post tells its engagement. */
  rank: string | null
  authors: string
  total: string
  n: string
}

/** Among the authors of the category that most of this one's posts are in. */
export const findStanding = (em: EntityManager, authorId: string, first: string, last: string) =>
  firstRow(
    em,
    sql<StandingRow>`
      with main as (
        select category from current_author_rollups
        where author_id = ${authorId}::bigint and day >= ${first}::date and day <= ${last}::date
          and kind <> 'comment' and category <> ''
        group by category having sum(posts) > 0
        order by sum(posts) desc, sum(engagement) desc, category limit 1),
      sums as (
        select r.author_id, r.category, sum(r.engagement) as total, sum(r.engagement_n) as n
        from current_author_rollups r join main on r.category = main.category
        where r.day >= ${first}::date and r.day <= ${last}::date and r.kind <> 'comment'
        group by r.author_id, r.category having sum(r.posts) > 0),
      ranked as (
        select *, count(*) over () as authors,
          case when n > 0 then rank() over (order by (n > 0) desc, total desc) end as rank
        from sums)
      select category, rank, authors, total, n from ranked where author_id = ${authorId}::bigint`,
  )
