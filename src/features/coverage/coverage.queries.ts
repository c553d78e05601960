import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import { CursorTime } from '../../core/instant.ts'
import { decodeCursor, encodeCursor } from '../../core/paging.ts'
import { firstRow, rows, sql } from '../../database/sql.ts'
import type { CoverageSummary } from './coverage.schemas.ts'

export type CoveragePeriod = {
  platform?: string | undefined
  source?: string | undefined
  /** ISO 8601, UTC. */
  from: string
  to: string
}

export function watchedSources({ platform, source, to }: CoveragePeriod) {
  const conditions = [
    sql`j.created_at < ${to}::timestamptz`,
    ...(platform ? [sql`s.platform = ${platform}`] : []),
    ...(source ? [sql`s.id = ${source}::bigint`] : []),
  ]
  return sql`sources s join monitoring_jobs j on j.source_id = s.id
    where ${sql.join(conditions, sql` and `)}`
}

type SummaryRow = {
  sources: string
  source_seconds: number
  missed_seconds: number
  gaps: string
  recovered: string
  possibly_missing: string
}

/**
 * The share of source-hours that were observed. A source counts from the later of the period's start
 * and the creation of its monitoring job: before it nobody looked, and that is no gap. All gaps count
 * as missed, recovered ones too: their posts are here, how their numbers grew then is not.
 */
export async function summarizeCoverage(
  em: EntityManager,
  period: CoveragePeriod,
): Promise<CoverageSummary> {
  const found = await firstRow(
    em,
    sql<SummaryRow>`with spans as (
        select s.id, greatest(j.created_at, ${period.from}::timestamptz) as from_at,
          ${period.to}::timestamptz as to_at
        from ${watchedSources(period)}
      ), missed as (
        select w.id, count(*) as gaps,
          count(*) filter (where g.posts = 'recovered') as recovered,
          count(*) filter (where g.posts = 'possibly_missing') as possibly_missing,
          range_agg(tstzrange(greatest(g.from_at, w.from_at),
            least(coalesce(g.to_at, 'infinity'), w.to_at))) as ranges
        from spans w join coverage_gaps g on g.source_id = w.id
          and g.from_at < w.to_at and coalesce(g.to_at, 'infinity') > w.from_at
        group by w.id)
      select count(*) as sources,
        coalesce(sum(extract(epoch from w.to_at - w.from_at)), 0)::float8 as source_seconds,
        coalesce(sum((select sum(extract(epoch from upper(r) - lower(r)))
          from unnest(m.ranges) r)), 0)::float8 as missed_seconds,
        coalesce(sum(m.gaps), 0) as gaps, coalesce(sum(m.recovered), 0) as recovered,
        coalesce(sum(m.possibly_missing), 0) as possibly_missing
      from spans w left join missed m on m.id = w.id`,
  )
  return summaryOf(found)
}

const floored = (value: number, digits: number) => Math.floor(value * 10 ** digits) / 10 ** digits
const hours = (seconds: number) => Math.round(seconds / 36) / 100

function summaryOf(row: SummaryRow | null): CoverageSummary {
  const total = row?.source_seconds ?? 0
  const missed = row?.missed_seconds ?? 0
  return {
    // Down, so that only a period without any gap is called 1.
    ratio: total > 0 ? floored((total - missed) / total, 4) : null,
    sources: Number(row?.sources ?? 0),
    sourceHours: hours(total),
    observedHours: hours(total - missed),
    missedHours: hours(missed),
    gaps: Number(row?.gaps ?? 0),
    recovered: Number(row?.recovered ?? 0),
    possiblyMissing: Number(row?.possibly_missing ?? 0),
  }
}

export type GapRow = {
  id: string
  source_id: string
  source_handle: string
  source_title: string | null
  platform: string
  from_at: Date | string
  to_at: Date | string | null
  reason: string
  posts: string
  key: string
}

const Cursor = z.tuple([CursorTime, z.string().regex(/^\d{1,18}$/)])

/** Gaps that touch the period, newest first. */
export async function findGaps(
  em: EntityManager,
  period: CoveragePeriod,
  page: { limit: number; cursor?: string | undefined },
) {
  const after = page.cursor ? decodeCursor(page.cursor, Cursor) : null
  const conditions = [
    sql`g.from_at < ${period.to}::timestamptz`,
    sql`coalesce(g.to_at, 'infinity') > ${period.from}::timestamptz`,
    ...(period.platform ? [sql`s.platform = ${period.platform}`] : []),
    ...(period.source ? [sql`g.source_id = ${period.source}::bigint`] : []),
    ...(after ? [sql`(g.from_at, g.id) < (${after[0]}::timestamptz, ${after[1]}::bigint)`] : []),
  ]
  const found = await rows<GapRow>(
    em,
    sql<GapRow>`select g.id, s.id as source_id, s.handle as source_handle, s.title as source_title,
        s.platform, g.from_at, g.to_at, g.reason, g.posts,
        to_char(g.from_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as key
      from coverage_gaps g join sources s on s.id = g.source_id
      where ${sql.join(conditions, sql` and `)}
      order by g.from_at desc, g.id desc limit ${page.limit + 1}`,
  )
  const items = found.slice(0, page.limit)
  const last = items.at(-1)
  const more = found.length > page.limit && last
  return { items, nextCursor: more ? encodeCursor([last.key, last.id]) : null }
}
