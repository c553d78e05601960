import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../../database/sql.ts'
import { dayMs, minuteMs, type Range } from '../counts/period.ts'

/** The two windows that are judged: a short burst and a long one. */
export const lengths = [15, 60] as const
export type Length = (typeof lengths)[number]

/** Of one tag, by length of the window that ends now. */
export type Told = Record<Length, { posts: number; authors: number; byOne: number }>

type TellingRow = Record<'posts' | 'authors' | 'one', string> &
  Record<'p15' | 'a15' | 'o15', string>

/** More tags than this are not judged at once; those with most authors are. */
const mostTags = 500

const at = (ms: number) => sql`${new Date(ms)}::timestamptz`
const ofPlatform = (platform: string | undefined) =>
  platform ? sql` and p.platform = ${platform}` : sql``

/** Tags of the last hour with so many distinct authors. Who wrote without a name is nobody. */
export async function findBusyTags(
  em: EntityManager,
  { to, platform, least }: { to: number; platform?: string | undefined; least: number },
): Promise<Map<string, Told>> {
  const found = await rows(
    em,
    sql<TellingRow & { tag: string }>`with by_author as (
        select t.tag, p.author_id, count(*) as posts,
          count(*) filter (where t.published_at >= ${at(to - 15 * minuteMs)}) as p15
        from post_tags t join posts p on p.id = t.post_id
        where t.published_at >= ${at(to - 60 * minuteMs)} and t.published_at < ${at(to)}
          ${ofPlatform(platform)}
        group by 1, 2)
      select tag, sum(posts) as posts, count(author_id) as authors,
        coalesce(max(posts) filter (where author_id is not null), 0) as one,
        sum(p15) as p15, count(author_id) filter (where p15 > 0) as a15,
        coalesce(max(p15) filter (where author_id is not null), 0) as o15
      from by_author group by tag having count(author_id) >= ${least}
      order by 3 desc, tag limit ${mostTags}`,
  )
  return new Map(
    found.map((row) => [
      row.tag,
      {
        15: { posts: Number(row.p15), authors: Number(row.a15), byOne: Number(row.o15) },
        60: { posts: Number(row.posts), authors: Number(row.authors), byOne: Number(row.one) },
      },
    ]),
  )
}

export type Past = Record<Length, number>

/** Distinct authors of these tags in the hour that ended so many weeks before, and in its last 15 minutes. */
export async function findPastAuthors(
  em: EntityManager,
  question: { to: number; weeks: number; tags: string[]; platform?: string | undefined },
): Promise<Map<string, Past>[]> {
  const { to, weeks, tags, platform } = question
  const ends = Array.from({ length: weeks }, (_, week) => to - (week + 1) * 7 * dayMs)
  const found = await rows(
    em,
    sql<{ week: number; tag: string; all: string; late: string }>`${sql.join(
      ends.map(
        (end, week) => sql`select ${week}::int as week, t.tag, count(distinct p.author_id) as all,
          count(distinct p.author_id)
            filter (where t.published_at >= ${at(end - 15 * minuteMs)}) as late
        from post_tags t join posts p on p.id = t.post_id ${ofPlatform(platform)}
        where t.tag = any (${tags}::text[])
          and t.published_at >= ${at(end - 60 * minuteMs)} and t.published_at < ${at(end)}
        group by t.tag`,
      ),
      sql` union all `,
    )}`,
  )
  const past = ends.map(() => new Map<string, Past>())
  for (const { week, tag, all, late } of found) {
    past[week]?.set(tag, { 15: Number(late), 60: Number(all) })
  }
  return past
}

/** Posts of everything in each of these periods, from sums of quarters of an hour. Comments are none. */
export async function countPosts(
  em: EntityManager,
  periods: readonly Range[],
  { platform }: { platform?: string | undefined } = {},
): Promise<number[]> {
  const found = await rows(
    em,
    sql<{ posts: string }>`select (select coalesce(sum(r.posts), 0) from current_workspace_rollups r
        where r.kind <> 'comment' and r.at >= w.from_at and r.at < w.to_at
          ${platform ? sql` and r.platform = ${platform}` : sql``}) as posts
      from unnest(${periods.map(({ from }) => new Date(from))}::timestamptz[],
          ${periods.map(({ to }) => new Date(to))}::timestamptz[])
        with ordinality as w (from_at, to_at, place) order by place`,
  )
  return found.map(({ posts }) => Number(posts))
}

/** Since when there are tags at all; null: there are none. */
export async function findFirstTag(em: EntityManager): Promise<Date | null> {
  const [row] = await rows(
    em,
    sql<{
      at: Date | null
    }>`select published_at as at from post_tags order by published_at limit 1`,
  )
  return row?.at ?? null
}
