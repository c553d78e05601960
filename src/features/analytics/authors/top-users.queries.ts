import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../../database/sql.ts'
import type { AuthorRow } from './author-row.ts'

export type TopUserRow = AuthorRow & { posts: string; engagement: string; n: string }

/**
 * Authors by engagement of all time, exact at any moment. What is not folded in yet can only move the
 * authors that it names: so the best of the folded sums, as many more as there are such authors, and
 * those authors hold every answer between them.
 */
export const findTopUsers = (em: EntityManager, platform: string | null, limit: number) =>
  rows(
    em,
    sql<TopUserRow>`
      with waiting as materialized (
        select author_id, sum(posts) as posts, sum(engagement) as engagement,
          sum(engagement_n) as n
        from rollup_deltas where author_id is not null and kind <> 'comment'
          ${ofPlatform(platform, 'platform')}
        group by author_id),
      candidates as (
        (select t.author_id from author_totals t ${joined(platform)}
          where t.posts > 0 order by t.workspace_id, t.engagement desc, t.author_id
          limit ${limit} + (select count(*) from waiting))
        union select author_id from waiting),
      summed as (
        select c.author_id, coalesce(t.posts, 0) + coalesce(w.posts, 0) as posts,
          coalesce(t.engagement, 0) + coalesce(w.engagement, 0) as engagement,
          coalesce(t.engagement_n, 0) + coalesce(w.n, 0) as n
        from candidates c left join author_totals t on t.author_id = c.author_id
          left join waiting w on w.author_id = c.author_id)
      select s.author_id, s.posts, s.engagement, s.n, a.handle, a.display_name, a.platform
      from summed s join authors a on a.id = s.author_id
      where s.posts > 0
      order by s.engagement desc, s.author_id limit ${limit}`,
  )

const ofPlatform = (platform: string | null, column: string) =>
  platform === null ? sql`` : sql`and ${sql.ref(column)} = ${platform}`
const joined = (platform: string | null) =>
  platform === null
    ? sql``
    : sql`join authors a on a.id = t.author_id ${ofPlatform(platform, 'a.platform')}`

/** How many authors have a post. */
export async function countUsers(em: EntityManager, platform: string | null): Promise<number> {
  const row = await firstRow(
    em,
    sql<{ users: string }>`
      with waiting as (
        select author_id, sum(posts) as posts from rollup_deltas
        where author_id is not null and kind <> 'comment' ${ofPlatform(platform, 'platform')}
        group by author_id),
      changed as (
        select count(*) filter (where coalesce(t.posts, 0) + w.posts > 0)
          - count(*) filter (where t.posts > 0) as users
        from waiting w left join author_totals t on t.author_id = w.author_id)
      select (select count(*) from author_totals t ${joined(platform)} where t.posts > 0)
        + (select users from changed) as users`,
  )
  return Number(row?.users ?? 0)
}
