import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../../database/sql.ts'
import type { Surprise } from './listed.ts'

/** When each tag that is listed entered the list. */
export async function openEpisodes(em: EntityManager): Promise<Map<string, Date>> {
  const found = await rows(
    em,
    sql<{ tag: string; started_at: Date }>`select tag, started_at from tag_episodes
      where ended_at is null`,
  )
  return new Map(found.map(({ tag, started_at: startedAt }) => [tag, new Date(startedAt)]))
}

/** Ends the episodes of tags that were not listed since then. */
export const endEpisodes = (em: EntityManager, since: Date) =>
  rows(
    em,
    sql`update tag_episodes set ended_at = seen_at
      where ended_at is null and seen_at < ${since}::timestamptz`,
  )

/** Goes on with each tag's episode or begins one; gives the tags whose episode began. */
export async function noteEpisodes(
  em: EntityManager,
  workspaceId: string,
  { listed, now }: { listed: readonly Surprise[]; now: Date },
): Promise<Set<string>> {
  const found = await rows(
    em,
    sql<{ tag: string; began: boolean }>`insert into tag_episodes as e
        (workspace_id, tag, started_at, seen_at, peak_z, authors, expected, why)
      select ${workspaceId}::bigint, tag, ${now}::timestamptz, ${now}::timestamptz, z, authors,
        expected, why
      from json_to_recordset(${JSON.stringify(listed.map(({ hashtag, ...one }) => ({ tag: hashtag, ...one })))}::json)
        as x (tag text, z float8, authors int, expected float8, why text)
      order by tag
      on conflict (workspace_id, tag) where ended_at is null do update set
        seen_at = greatest(e.seen_at, excluded.seen_at),
        peak_z = greatest(e.peak_z, excluded.peak_z)
      returning tag, xmax = 0 as began`,
  )
  return new Set(found.flatMap(({ tag, began }) => (began ? [tag] : [])))
}
