import type { EntityManager } from '@mikro-orm/postgresql'
import { firstRow, rows, sql } from '../../database/sql.ts'
import type { JobGroup } from './budget.forecast.ts'

/** A profile's active jobs, by interval. */
export async function findJobGroups(em: EntityManager, profileId: string): Promise<JobGroup[]> {
  const found = await rows(
    em,
    sql<{ interval_minutes: number; sources: string }>`
      select interval_minutes, count(*) as sources from monitoring_jobs
      where profile_id = ${profileId}::bigint and is_active
      group by interval_minutes order by interval_minutes`,
  )
  return found.map((row) => ({
    intervalMinutes: row.interval_minutes,
    sources: Number(row.sources),
  }))
}

const measuredDays = 7

/** New posts of these kinds, a source and day, over the last 7 days; null: nothing collected yet. */
export async function measurePostsPerDay(
  em: EntityManager,
  profileId: string,
  kinds: readonly string[],
  now: Date,
): Promise<number | null> {
  const since = new Date(now.getTime() - measuredDays * 86_400_000)
  const row = await firstRow(
    em,
    sql<{ sources: string; posts: string }>`
      select count(*) as sources, coalesce(sum(seen.posts), 0) as posts
      from monitoring_jobs j cross join lateral (
        select count(*) as posts from posts p
        where p.source_id = j.source_id and p.published_at > ${since}::timestamptz
          and p.published_at <= ${now}::timestamptz
          and p.kind = any (${[...kinds]}::text[])) seen
      where j.profile_id = ${profileId}::bigint and j.is_active and j.last_success_at is not null`,
  )
  const sources = Number(row?.sources ?? 0)
  return sources === 0 ? null : Number(row?.posts) / sources / measuredDays
}

/** Sources of a profile's active jobs whose comments are collected. */
export async function countCommented(em: EntityManager, profileId: string): Promise<number> {
  const row = await firstRow(
    em,
    sql<{ sources: string }>`
      select count(*) as sources from monitoring_jobs j join sources s on s.id = j.source_id
      where j.profile_id = ${profileId}::bigint and j.is_active and s.collects_comments`,
  )
  return Number(row?.sources ?? 0)
}
