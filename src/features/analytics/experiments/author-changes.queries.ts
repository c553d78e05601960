import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../../database/sql.ts'
import { sampledTimes } from '../frame/sampled.queries.ts'
import type { TimeSample } from '../frame/time-sample.ts'
import type { Window } from './treated-posts.queries.ts'

const mostControls = 100

/** Other authors of the same platforms, as they come by in a sample of the time. */
export async function findControlAuthors(
  em: EntityManager,
  treated: readonly string[],
  sample: TimeSample,
): Promise<string[]> {
  const found = await rows(
    em,
    sql<{ author_id: string }>`with picked as materialized (${sampledTimes(sample)}),
      platforms as materialized (
        select distinct platform from authors where id = any (${[...treated]}::bigint[]))
      select author_id from (
        select distinct author_id from picked cross join lateral (
          select author_id from posts
          where published_at >= from_at and published_at < to_at and kind <> 'comment'
            and platform in (select platform from platforms)) seen
        where author_id is not null and author_id <> all (${[...treated]}::bigint[])) others
      order by hashint8(author_id) limit ${mostControls}`,
  )
  return found.map(({ author_id: id }) => id)
}

export type AuthorChange = {
  authorId: string
  before: { n: number; mean: number }
  after: { n: number; mean: number }
}

type Row = { id: string; n_before: string; before: number; n_after: string; after: number }

/** Fewer posts on a side say next to nothing of an author. */
const leastPosts = 2

/** What each author's posts did before and after a moment, as means of logarithms. */
export async function findAuthorChanges(
  em: EntityManager,
  authorIds: readonly string[],
  { from, to, metric }: Window,
  changedAt: string,
): Promise<AuthorChange[]> {
  const after = sql`p.published_at >= ${changedAt}::timestamptz`
  const found = await rows(
    em,
    sql<Row>`select a.id, c.* from unnest(${[...authorIds]}::bigint[]) a(id) cross join lateral (
        select count(*) filter (where not ${after}) as n_before,
          avg(ln(1 + m.${sql.ref(metric)}::float8)) filter (where not ${after}) as before,
          count(*) filter (where ${after}) as n_after,
          avg(ln(1 + m.${sql.ref(metric)}::float8)) filter (where ${after}) as after
        from posts p join post_milestones m on m.post_id = p.id and m.age_hours = 24
        where p.author_id = a.id and p.published_at >= ${from}::timestamptz
          and p.published_at < ${to}::timestamptz and m.${sql.ref(metric)} is not null) c
      where c.n_before >= ${leastPosts} and c.n_after >= ${leastPosts}`,
  )
  return found.map((row) => ({
    authorId: row.id,
    before: { n: Number(row.n_before), mean: row.before },
    after: { n: Number(row.n_after), mean: row.after },
  }))
}
