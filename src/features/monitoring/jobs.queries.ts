import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import { decodeCursor, encodeCursor } from '../../core/paging.ts'
import { firstRow, rows, sql } from '../../database/sql.ts'
import type { PlatformId } from '../../platforms/index.ts'
import type { JobFilter, JobView } from './monitoring.schemas.ts'

type JobRow = {
  id: string
  source_id: string
  profile_id: string
  platform: string
  handle: string
  interval_minutes: number
  is_active: boolean
  next_run_at: Date
  last_success_at: Date | null
  failures: number
  last_status: JobView['lastStatus']
  last_error: string | null
  created_at: Date
}

const jobs = sql`select j.id, j.source_id, j.profile_id, s.platform, s.handle, j.interval_minutes,
    j.is_active, j.next_run_at, j.last_success_at, j.failures, e.status as last_status,
    e.error_message as last_error, j.created_at
  from monitoring_jobs j join sources s on s.id = j.source_id
  left join lateral (select status, error_message from job_executions e
    where e.job_id = j.id order by e.scheduled_for desc limit 1) e on true`

const presentJob = (row: JobRow): JobView => ({
  id: row.id,
  sourceId: row.source_id,
  profileId: row.profile_id,
  platform: row.platform as PlatformId,
  handle: row.handle,
  intervalMinutes: row.interval_minutes,
  isActive: row.is_active,
  nextRunAt: row.next_run_at.toISOString(),
  lastSuccessAt: row.last_success_at?.toISOString() ?? null,
  failures: row.failures,
  lastStatus: row.last_status,
  lastError: row.last_error,
  createdAt: row.created_at.toISOString(),
})

export async function findJob(em: EntityManager, id: string): Promise<JobView | null> {
  const row = await firstRow<JobRow>(em, sql<JobRow>`${jobs} where j.id = ${id}::bigint`)
  return row && presentJob(row)
}

const Cursor = z.tuple([z.string().regex(/^\d+$/)])

export async function findJobs(em: EntityManager, filter: JobFilter) {
  const [before] = filter.cursor ? decodeCursor(filter.cursor, Cursor) : [null]
  const active = filter.active === undefined ? null : filter.active === 'true'
  const found = await rows<JobRow>(
    em,
    sql<JobRow>`${jobs}
      where (${filter.platform ?? null}::text is null or s.platform = ${filter.platform ?? null})
        and (${filter.profileId ?? null}::bigint is null or j.profile_id = ${filter.profileId ?? null}::bigint)
        and (${filter.sourceId ?? null}::bigint is null or j.source_id = ${filter.sourceId ?? null}::bigint)
        and (${active}::boolean is null or j.is_active = ${active}::boolean)
        and (${before}::bigint is null or j.id < ${before}::bigint)
      order by j.id desc limit ${filter.limit + 1}`,
  )
  const items = found.slice(0, filter.limit)
  const last = items.at(-1)
  return {
    items: items.map(presentJob),
    nextCursor: found.length > filter.limit && last ? encodeCursor([last.id]) : null,
  }
}

type ExecutionRow = {
  id: string
  scheduled_for: Date
  started_at: Date
  completed_at: Date | null
  status: 'success' | 'failed' | 'rate_limited' | 'skipped'
  records_collected: number
  error_kind: string | null
  error_message: string | null
}

/** A job's runs, the newest first. */
export async function findExecutions(
  em: EntityManager,
  jobId: string,
  page: { limit: number; cursor?: string | undefined },
) {
  const [before] = page.cursor ? decodeCursor(page.cursor, Cursor) : [null]
  const found = await rows<ExecutionRow>(
    em,
    sql<ExecutionRow>`select id, scheduled_for, started_at, completed_at, status, records_collected,
        error_kind, error_message
      from job_executions where job_id = ${jobId}::bigint
        and (${before}::bigint is null or id < ${before}::bigint)
      order by id desc limit ${page.limit + 1}`,
  )
  const items = found.slice(0, page.limit)
  const last = items.at(-1)
  return {
    items: items.map((row) => ({
      id: row.id,
      scheduledFor: row.scheduled_for.toISOString(),
      startedAt: row.started_at.toISOString(),
      completedAt: row.completed_at?.toISOString() ?? null,
      status: row.status,
      recordsCollected: row.records_collected,
      errorKind: row.error_kind,
      errorMessage: row.error_message,
    })),
    nextCursor: found.length > page.limit && last ? encodeCursor([last.id]) : null,
  }
}
