import type { EntityManager } from '@mikro-orm/postgresql'
import type { Json } from '../../core/json.ts'
import { rows, sql } from '../../database/sql.ts'
import type { CollectTarget } from '../../platforms/platform.ts'

type DueRow = {
  job_id: string
  source_id: string
  interval_minutes: number
  next_run_at: Date
  failures: number
  cursor: Json
  last_success_at: Date | null
  external_id: string
  handle: string
  details: { [key: string]: Json }
  statistics_at: Date | null
  collects_comments: boolean
}

export type DueJob = {
  jobId: string
  sourceId: string
  intervalMinutes: number
  scheduledFor: Date
  failures: number
  lastSuccessAt: Date | null
  collectsComments: boolean
  target: CollectTarget
}

/** Due jobs of a profile, the latest first; paged, so that a thousand do not stand in memory. */
export async function findDueJobs(
  em: EntityManager,
  profileId: string,
  now: Date,
  most: number,
): Promise<DueJob[]> {
  const due = await rows<DueRow>(
    em,
    sql`select j.id as job_id, j.source_id, j.interval_minutes, j.next_run_at, j.failures, j.cursor,
        j.last_success_at, s.external_id, s.handle, s.details, s.statistics_at, s.collects_comments
      from monitoring_jobs j join sources s on s.id = j.source_id
      where j.profile_id = ${profileId}::bigint and j.is_active
        and j.next_run_at <= ${now}::timestamptz
      order by j.next_run_at, j.id limit ${most}`,
  )
  return due.map((row) => ({
    jobId: row.job_id,
    sourceId: row.source_id,
    intervalMinutes: row.interval_minutes,
    scheduledFor: row.next_run_at,
    failures: row.failures,
    lastSuccessAt: row.last_success_at,
    collectsComments: row.collects_comments,
    target: {
      ref: row.job_id,
      externalId: row.external_id,
      handle: row.handle,
      details: row.details,
      cursor: row.cursor,
      statisticsAt: row.statistics_at,
    },
  }))
}

export type DueSample = { post_id: string; external_id: string; kind: string }

/** Posts whose next look is due, the most overdue first. */
export const findDueSamples = (
  em: EntityManager,
  profileId: string,
  now: Date,
  most: number,
): Promise<DueSample[]> =>
  rows<DueSample>(
    em,
    sql`select d.post_id, p.external_id, p.kind from sample_schedule d join posts p on p.id = d.post_id
      where d.profile_id = ${profileId}::bigint and d.due_at <= ${now}::timestamptz
      order by d.due_at, d.post_id limit ${most}`,
  )
