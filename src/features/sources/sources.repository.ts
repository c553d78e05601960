import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../database/sql.ts'
import type { SourceProfile, SourceStatistics } from '../../platforms/platform.ts'
import { type SourceRow, sourceColumns } from './sources.queries.ts'
import type { ChangeSource } from './sources.schemas.ts'

/** Whose the new sources are, and whether their comments are collected. */
export type NewSources = {
  workspaceId: string
  profileId: string
  platform: string
  collectsComments: boolean
}

/** Inserts what is new and leaves what is there; gives the created rows. */
export const insertSources = (
  em: EntityManager,
  owner: NewSources,
  found: SourceProfile[],
  now: Date,
): Promise<SourceRow[]> => {
  const input = found.map((source) => ({
    external_id: source.externalId,
    handle: source.handle,
    title: source.title,
    url: source.url,
    details: source.details,
    followers: source.statistics?.followers ?? null,
    is_live: source.statistics?.isLive ?? null,
  }))
  return rows<SourceRow>(
    em,
    sql`insert into sources (workspace_id, profile_id, platform, external_id, handle, title, url,
        details, followers, is_live, collects_comments, created_at)
      select ${owner.workspaceId}::bigint, ${owner.profileId}::bigint, ${owner.platform}, x.*,
        ${owner.collectsComments}::boolean, ${now}::timestamptz
      from json_to_recordset(${JSON.stringify(input)}::json) as x(external_id text, handle text,
        title text, url text, details jsonb, followers bigint, is_live boolean)
      on conflict (workspace_id, platform, external_id) do nothing
      returning ${sourceColumns}`,
  )
}

/**
 * Keeps a source's own numbers: the latest on the source, and a sample by the minute. A figure that
 * was not asked for this time (null) leaves the latest one standing.
 */
export async function storeSourceStatistics(
  em: EntityManager,
  source: { workspaceId: string; sourceId: string },
  statistics: SourceStatistics,
  sampledAt: Date,
  now: Date,
): Promise<void> {
  await rows(
    em,
    sql`with sample as (
        insert into source_samples (source_id, sampled_at, workspace_id, followers, total_views,
          total_posts, online, is_live)
        values (${source.sourceId}::bigint, ${sampledAt}::timestamptz, ${source.workspaceId}::bigint,
          ${statistics.followers}, ${statistics.totalViews}, ${statistics.totalPosts},
          ${statistics.online}, ${statistics.isLive})
        on conflict (source_id, sampled_at) do update set
          followers = coalesce(excluded.followers, source_samples.followers),
          total_views = coalesce(excluded.total_views, source_samples.total_views),
          total_posts = coalesce(excluded.total_posts, source_samples.total_posts),
          online = excluded.online, is_live = excluded.is_live)
      update sources set
        followers = coalesce(${statistics.followers}::bigint, followers),
        is_live = coalesce(${statistics.isLive}::boolean, is_live),
        statistics_at = case when ${statistics.followers !== null || statistics.totalPosts !== null}
          then ${now}::timestamptz else statistics_at end
      where id = ${source.sourceId}::bigint`,
  )
}

/** Merges what the adapter wants remembered of a source (its uploads playlist, a new name ...). */
export const mergeSourceDetails = (em: EntityManager, sourceId: string, details: object) =>
  rows(
    em,
    sql`update sources set details = details || ${JSON.stringify(details)}::jsonb
      where id = ${sourceId}::bigint`,
  )

/** What is undefined stays as it is. Null where there is no such source. */
export const updateSource = (
  em: EntityManager,
  sourceId: string,
  { collectsComments, audienceZone }: ChangeSource,
): Promise<SourceRow | null> =>
  firstRow<SourceRow>(
    em,
    sql`update sources set
        collects_comments = coalesce(${collectsComments ?? null}::boolean, collects_comments),
        audience_zone = case when ${audienceZone === undefined}::boolean then audience_zone
          else ${audienceZone ?? null}::text end
      where id = ${sourceId}::bigint returning ${sourceColumns}`,
  )
