import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../../database/sql.ts'
import type { AuthorRow } from './author-row.ts'
import { sumsOfAuthors } from './author-sums.queries.ts'
import type { Ranking } from './period.ts'

type Segments = { segments: Record<string, number> }
type NoOpportunity = Segments & { author_id: null }
export type OpportunityRow = AuthorRow &
  Segments & {
    category: string
    posts: string
    n: string
    average: number
    median: number
    median_posts: number
    authors: string
    segment: string
    score: string
    found: string
  }
export type OpportunityFilter = {
  category: string | null
  segment: string | null
  minPosts: number
  limit: number
}

/** Each author's average in each category beside the category's medians: `judged`. */
const judged = (ranking: Ranking, category: string | null) => sql`
  of_authors as materialized (
    select author_id, category, posts, n, total::float8 / n as average
    from (${sumsOfAuthors(ranking, category, true)}) s where n > 0 and category <> ''),
  medians as (
    select category, count(*) as authors,
      percentile_cont(0.5) within group (order by average) as median,
      percentile_cont(0.5) within group (order by posts) as median_posts
    from of_authors group by category),
  judged as materialized (
    select o.*, m.authors, m.median, m.median_posts,
      case when o.posts >= m.median_posts
        then case when o.average >= m.median then 'high_volume_high_engagement'
          else 'high_volume_low_engagement' end
        else case when o.average >= m.median then 'undiscovered_quality'
          else 'low_volume_low_engagement' end end as segment,
      -- Rounded half up; nine digits first, because 42.5 as a float may stand a hair below.
      greatest(0, floor(round(((m.median - o.average) * o.posts)::numeric, 9) + 0.5))::bigint as score
    from of_authors o join medians m on m.category = o.category)`

/**
 * Rows with most to gain first, and how many rows each segment has before any filter. Where nothing
 * fits there is one row with those counts alone.
 */
export const findOpportunities = (
  em: EntityManager,
  ranking: Ranking,
  { category, segment, minPosts, limit }: OpportunityFilter,
) =>
  rows(
    em,
    sql<OpportunityRow | NoOpportunity>`
      with ${judged(ranking, category)}
      select c.segments, j.*, a.handle, a.display_name, a.platform
      from (select coalesce(jsonb_object_agg(segment, judged), '{}') as segments
          from (select segment, count(*) as judged from judged group by segment) g) c
        left join (select *, count(*) over () as found from judged
          where posts >= ${minPosts} ${segment === null ? sql`` : sql`and segment = ${segment}`}
          order by score desc, posts desc, author_id, category limit ${limit}) j on true
        left join authors a on a.id = j.author_id
      order by j.score desc, j.posts desc, j.author_id, j.category`,
  )
