import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../../database/sql.ts'
import { binned, tagsIn } from './tags-in.queries.ts'

/** Workspaces with hours that wait to be counted. */
export async function workspacesToRecount(em: EntityManager): Promise<string[]> {
  const found = await rows(em, sql<{ workspace_id: string }>`select * from workspaces_to_recount()`)
  return found.map(({ workspace_id: id }) => id)
}

export async function workspacesCountedSince(em: EntityManager, since: Date): Promise<string[]> {
  const found = await rows(
    em,
    sql<{ workspace_id: string }>`select * from workspaces_counted_since(${since}::timestamptz)`,
  )
  return found.map(({ workspace_id: id }) => id)
}

/** One counter a workspace, until the end of the transaction. */
export async function lockCounting(em: EntityManager, workspaceId: string): Promise<boolean> {
  const row = await firstRow(
    em,
    sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(
      hashtextextended('earshot.tags', ${workspaceId}::bigint)) as mine`,
  )
  return row?.mine ?? false
}

/** Takes the newest hours that wait. What is noted after this is not lost: it waits again. */
export async function takeHours(em: EntityManager, most: number): Promise<Date[]> {
  const found = await rows(
    em,
    sql<{ at: Date }>`with taken as materialized (
        select distinct at from tag_recounts order by at desc limit ${most}
      ), gone as (delete from tag_recounts r using taken s where r.at = s.at)
      select at from taken order by at`,
  )
  return found.map(({ at }) => new Date(at))
}

/** Notes every hour of a period that has tags, or a sum of some: it will be counted anew. */
export async function noteHours(
  em: EntityManager,
  { workspaceId, from, to }: { workspaceId: string; from: Date; to: Date },
): Promise<number> {
  const found = await rows(
    em,
    sql`insert into tag_recounts (workspace_id, at)
      select ${workspaceId}::bigint, at from (
        select ${binned('1 hour', sql`published_at`)} as at
        from post_tags where published_at >= ${from}::timestamptz and published_at < ${to}::timestamptz
        union select at from tag_hours
        where at > ${from}::timestamptz - interval '1 hour' and at < ${to}::timestamptz) hours
      returning at`,
  )
  return found.length
}

/** Counts hours anew and carries the differences into the days and the totals. */
export const recountHours = (em: EntityManager, workspaceId: string, hours: Date[]) =>
  rows(
    em,
    sql`with fresh as materialized (
        select t.tag collate "C" as tag, ${binned('1 hour', sql`t.published_at`)} as at, p.platform,
          count(*)::int as posts, count(distinct p.author_id)::int as authors
        from ${tagsIn(hours)} t join posts p on p.id = t.post_id
        group by 1, 2, 3
      ), old as materialized (
        select tag, at, platform, posts from tag_hours where at = any (${hours}::timestamptz[])
      ), gone as (
        delete from tag_hours t using old o
        where (t.tag, t.at, t.platform) = (o.tag, o.at, o.platform)
          and not exists (select from fresh f
            where (f.tag, f.at, f.platform) = (o.tag, o.at, o.platform))
      ), written as (
        insert into tag_hours as t (workspace_id, tag, at, platform, posts, authors)
        select ${workspaceId}::bigint, tag, at, platform, posts, authors from fresh
        on conflict (workspace_id, tag, at, platform) do update
          set posts = excluded.posts, authors = excluded.authors
          where (t.posts, t.authors) <> (excluded.posts, excluded.authors)
      ), change as materialized (
        select tag, at, platform, coalesce(f.posts, 0) - coalesce(o.posts, 0) as posts
        from fresh f full join old o using (tag, at, platform)
        where f.posts is distinct from o.posts
      ), days as (
        insert into tag_days as t (workspace_id, tag, at, platform, posts)
        select ${workspaceId}::bigint, tag,
          ${binned('1 day', sql`at`)}, platform, sum(posts)
        from change group by 2, 3, 4
        on conflict (workspace_id, tag, at, platform) do update set posts = t.posts + excluded.posts
      )
      insert into tag_totals as t (workspace_id, platform, tag, posts)
      select ${workspaceId}::bigint, coalesce(platform, ''), tag, sum(posts)
      from change group by grouping sets ((tag, platform), (tag))
      on conflict (workspace_id, platform, tag) do update set posts = t.posts + excluded.posts`,
  )

/** Gives the version before. */
export async function noteVersion(
  em: EntityManager,
  { workspaceId, version, now }: { workspaceId: string; version: string; now: Date },
): Promise<string | null> {
  const before = await firstRow(em, sql<{ version: string }>`select version from tag_counters`)
  await rows(
    em,
    sql`insert into tag_counters (workspace_id, version, counted_at)
      values (${workspaceId}::bigint, ${version}::uuid, ${now}::timestamptz)
      on conflict (workspace_id) do update set version = excluded.version,
        counted_at = excluded.counted_at`,
  )
  return before?.version ?? null
}
