import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../../database/sql.ts'
import type { AuthorRow, SumsRow } from '../authors/author-row.ts'
import { sumsOfAuthors } from '../authors/author-sums.queries.ts'
import type { Ranking } from '../authors/period.ts'

/** The category '' holds the posts without one. */
export type CategoryRow = SumsRow & {
  category: string
  authors: string
  /** null: no post of it tells what is ranked by. */
  rank: string | null
  /** Posts of all categories together: those whose author is known. */
  attributed: string
  median: number | null
  top_author_id: string | null
  top_handle: string | null
  top_name: string | null
  top_platform: string | null
  top_total: string | null
  top_posts: string | null
}

const sums = (names: readonly string[]) =>
  sql.join(
    names
      .flatMap((name) => [name, `${name}_n`])
      .map((name) => {
        const column = sql.ref(name)
        return sql`sum(${column})::bigint as ${column}`
      }),
  )

/** The categories with most first, those that tell nothing last, and the one without a name whatever it has. */
export const findTopCategories = (em: EntityManager, ranking: Ranking, limit: number) =>
  rows(
    em,
    sql<CategoryRow>`
      with of_authors as materialized (${sumsOfAuthors(ranking)}),
      of_categories as (
        select category, count(*) as authors, sum(posts)::bigint as posts,
          sum(views)::bigint as views, sum(views_n)::bigint as views_n,
          ${sums(['likes', 'comments', 'shares'])}, sum(total)::bigint as total, sum(n)::bigint as n,
          percentile_cont(0.5) within group (order by total::float8 / nullif(n, 0))
            filter (where n > 0) as median,
          row_number() over (
            order by category = '', (sum(n) > 0) desc, sum(total) desc, category) as place,
          sum(sum(posts)) over () as attributed
        from of_authors group by category),
      leaders as (
        select distinct on (category) category, author_id, total, posts from of_authors
        where n > 0 order by category, total desc, author_id)
      select c.*, case when c.n > 0 then c.place end as rank, a.id as top_author_id, a.handle as top_handle, a.display_name as top_name,
        a.platform as top_platform, l.total as top_total, l.posts as top_posts
      from of_categories c left join leaders l on l.category = c.category
        left join authors a on a.id = l.author_id
      where c.place <= ${limit} or c.category = '' order by c.place`,
  )

export type RankedAuthorRow = AuthorRow &
  SumsRow & { rank: string | null; authors: string; median: number | null }

/** A category's authors with most first, without a rank who tells nothing; each row also says how many there are, and their median. */
export const findCategoryAuthors = (
  em: EntityManager,
  ranking: Ranking,
  category: string,
  limit: number,
) =>
  rows(
    em,
    sql<RankedAuthorRow>`
      with of_authors as materialized (${sumsOfAuthors(ranking, category)}),
      whole as (
        select count(*) as authors, percentile_cont(0.5) within group
          (order by total::float8 / nullif(n, 0)) filter (where n > 0) as median
        from of_authors),
      ranked as (
        select *, case when n > 0 then rank() over (order by (n > 0) desc, total desc) end as rank
        from of_authors)
      select r.*, a.handle, a.display_name, a.platform, w.authors, w.median
      from (select * from ranked order by rank, author_id limit ${limit}) r
        join authors a on a.id = r.author_id cross join whole w
      order by r.rank, r.author_id`,
  )
