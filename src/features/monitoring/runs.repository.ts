import type { EntityManager } from '@mikro-orm/postgresql'
import type { Json } from '../../core/json.ts'
import { firstRow, rows, sql } from '../../database/sql.ts'

export type LockedJob = { is_active: boolean; interval_minutes: number }

/** Holds the job for this transaction; null: it was deleted while it ran. */
export const lockJob = (em: EntityManager, jobId: string): Promise<LockedJob | null> =>
  firstRow<LockedJob>(
    em,
    sql`select is_active, interval_minutes from monitoring_jobs where id = ${jobId}::bigint for update`,
  )

type Run = {
  workspaceId: string
  jobId: string
  scheduledFor: Date
  startedAt: Date
  completedAt: Date
}

/**
 * Ends a good run: history, cursor, failures and schedule. Where somebody moved the schedule while
 * the run went on (run now, a new interval), theirs stands.
 */
export const storeSuccess = (
  em: EntityManager,
  run: Run,
  result: { records: number; cursor: Json; nextRunAt: Date },
) =>
  rows(
    em,
    sql`with execution as (
        insert into job_executions (workspace_id, job_id, scheduled_for, started_at, completed_at,
          status, records_collected)
        values (${run.workspaceId}::bigint, ${run.jobId}::bigint, ${run.scheduledFor}::timestamptz,
          ${run.startedAt}::timestamptz, ${run.completedAt}::timestamptz, 'success', ${result.records})
        on conflict (job_id, scheduled_for) do update set completed_at = excluded.completed_at,
          status = excluded.status, records_collected = excluded.records_collected,
          error_kind = null, error_message = null)
      update monitoring_jobs set cursor = ${JSON.stringify(result.cursor)}::jsonb, failures = 0,
        last_success_at = ${run.startedAt}::timestamptz, updated_at = ${run.completedAt}::timestamptz,
        next_run_at = case when date_trunc('milliseconds', next_run_at) = ${run.scheduledFor}::timestamptz
          then ${result.nextRunAt}::timestamptz else next_run_at end
      where id = ${run.jobId}::bigint`,
  )

export type FailedRun = {
  status: 'failed' | 'rate_limited' | 'skipped'
  kind: string
  message: string
  nextRunAt: Date
  /** Runs that were not even tried (no budget, a pause) do not count as the source's failures. */
  counts: boolean
}

/** Ends a run that failed; told twice (by a run that was taken for dead), it counts once. */
export const storeFailure = (em: EntityManager, run: Run, failure: FailedRun) =>
  rows(
    em,
    sql`with execution as (
        insert into job_executions (workspace_id, job_id, scheduled_for, started_at, completed_at,
          status, error_kind, error_message)
        values (${run.workspaceId}::bigint, ${run.jobId}::bigint, ${run.scheduledFor}::timestamptz,
          ${run.startedAt}::timestamptz, ${run.completedAt}::timestamptz, ${failure.status},
          ${failure.kind}, ${failure.message})
        on conflict (job_id, scheduled_for) do nothing returning id)
      update monitoring_jobs set
        failures = failures + ${failure.counts ? 1 : 0} * (select count(*)::int from execution),
        updated_at = ${run.completedAt}::timestamptz,
        next_run_at = case when date_trunc('milliseconds', next_run_at) = ${run.scheduledFor}::timestamptz
          then ${failure.nextRunAt}::timestamptz else next_run_at end
      where id = ${run.jobId}::bigint`,
  )
