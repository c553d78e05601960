import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../database/sql.ts'

type Source = { workspaceId: string; sourceId: string }

/**
 * Notes that a source is not being observed from a moment on, unless that is noted already. A gap of
 * that very moment that was closed meanwhile is open again.
 */
export const openGap = (em: EntityManager, source: Source, from: Date, reason: string) =>
  rows(
    em,
    sql`insert into coverage_gaps (workspace_id, source_id, from_at, reason)
      select ${source.workspaceId}::bigint, ${source.sourceId}::bigint, ${from}::timestamptz, ${reason}
      where not exists (select from coverage_gaps
        where source_id = ${source.sourceId}::bigint and to_at is null)
      on conflict (source_id, from_at) do update set to_at = null, reason = excluded.reason,
        posts = 'unknown'`,
  )

/** What became of the posts of a missed time. */
export type GapPosts = 'recovered' | 'possibly_missing'

/**
 * The source is observed again. A gap shorter than `leastMinutes` was a hiccup between two looks and
 * is forgotten: nothing was due in it. One that began after `to` stands: the job was paused while
 * the run that tells us of this look went on.
 */
export const closeGap = (
  em: EntityManager,
  sourceId: string,
  to: Date,
  posts: GapPosts,
  leastMinutes: number,
) =>
  rows(
    em,
    sql`with forgotten as (
        delete from coverage_gaps where source_id = ${sourceId}::bigint and to_at is null
          and from_at <= ${to}::timestamptz
          and from_at >= ${to}::timestamptz - ${leastMinutes} * interval '1 minute')
      update coverage_gaps set to_at = ${to}::timestamptz, posts = ${posts}
      where source_id = ${sourceId}::bigint and to_at is null
        and from_at < ${to}::timestamptz - ${leastMinutes} * interval '1 minute'`,
  )

/** A time that we learn about only afterwards: nothing ran, or a listing ended too early. */
export const addGap = (
  em: EntityManager,
  source: Source,
  gap: { from: Date; to: Date; reason: string; posts: GapPosts },
) =>
  rows(
    em,
    sql`insert into coverage_gaps (workspace_id, source_id, from_at, to_at, reason, posts)
      values (${source.workspaceId}::bigint, ${source.sourceId}::bigint, ${gap.from}::timestamptz,
        ${gap.to}::timestamptz, ${gap.reason}, ${gap.posts})
      on conflict (source_id, from_at) do update set
        to_at = greatest(coverage_gaps.to_at, excluded.to_at), posts = excluded.posts`,
  )
