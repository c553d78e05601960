import type { EntityManager } from '@mikro-orm/postgresql'
import { rows, sql } from '../../database/sql.ts'

export type OpenWindow = {
  bucket: string
  used: number
  /** The platform's own limit where it said so in this window. */
  seenLimit: number | null
  startedAt: Date
  resetsAt: Date
}

type WindowRow = {
  bucket: string
  used: string
  seen_limit: string | null
  started_ms: number
  resets_ms: number
}

/** A profile's windows that are still running, by bucket; a bucket without one is full. */
export async function findOpenWindows(
  em: EntityManager,
  profileId: string,
  now: Date,
): Promise<Map<string, OpenWindow>> {
  const found = await rows<WindowRow>(
    em,
    sql`select bucket, used, seen_limit,
        (extract(epoch from started_at) * 1000)::float8 as started_ms,
        (extract(epoch from resets_at) * 1000)::float8 as resets_ms
      from budget_windows
      where profile_id = ${profileId}::bigint and resets_at > ${now}::timestamptz`,
  )
  return new Map(found.map((row) => [row.bucket, windowOf(row)]))
}

const windowOf = (row: WindowRow): OpenWindow => ({
  bucket: row.bucket,
  used: Number(row.used),
  seenLimit: row.seen_limit === null ? null : Number(row.seen_limit),
  startedAt: new Date(row.started_ms),
  resetsAt: new Date(row.resets_ms),
})
