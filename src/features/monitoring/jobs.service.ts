import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { AuditAction } from '../../audit/actions.ts'
import { recordAudit } from '../../audit/audit.ts'
import type { Context } from '../../context.ts'
import { AppError, invalidField, notFound } from '../../core/errors.ts'
import { rows, sql } from '../../database/sql.ts'
import { assertFits, getProfile, platformOf } from '../credentials/index.ts'
import { noteDataChange } from '../rollups/index.ts'
import { getSource } from '../sources/index.ts'
import { nudgeProfile } from './dispatch.service.ts'
import { closeGap, openGap } from './gaps.repository.ts'
import { intervalFor } from './intervals.ts'
import type { CreateJob } from './monitoring.schemas.ts'
import { type MonitoringJob, MonitoringJobEntity } from './monitoring-job.entity.ts'

/** Starts watching a source; the first run is due at once. Returns the job's id. */
export async function createJob(ctx: Context, input: CreateJob): Promise<string> {
  const source = await findSourceForJob(ctx, input)
  const platform = platformOf(ctx, source.platform)
  const intervalMinutes = intervalFor(ctx, platform, input.intervalMinutes, '/intervalMinutes')
  const profile = await getProfile(ctx.em, source.profileId)
  await assertFits(ctx, profile, 1, intervalMinutes)

  const owner = { workspaceId: source.workspaceId, profileId: source.profileId }
  const id = await ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    const created = await insertJobs(em, owner, [source.id], intervalMinutes, ctx.clock.now())
    const id = created.get(source.id)
    if (!id) {
      throw new AppError('conflict', `${source.handle} is already watched: change its job instead`)
    }
    await recordAudit(
      { ...ctx, em },
      { ...auditOf('job.created', owner, id), details: { intervalMinutes } },
    )
    await noteDataChange(em, owner.workspaceId)
    return id
  })
  await nudgeProfile(ctx, source.workspaceId, source.profileId)
  return id
}

async function findSourceForJob(ctx: Context, input: CreateJob) {
  const source = await getSource(ctx.em, input.sourceId)
  if (input.profileId !== undefined && input.profileId !== source.profileId) {
    await getProfile(ctx.em, input.profileId)
    throw invalidField(
      '/profileId',
      `This source belongs to another profile (${source.profileId}); a job runs with its source's own`,
    )
  }
  return source
}

/** One job a source that has none; gives the ids of those created, by source. */
export async function insertJobs(
  em: EntityManager,
  owner: { workspaceId: string; profileId: string },
  sourceIds: string[],
  intervalMinutes: number,
  now: Date,
): Promise<Map<string, string>> {
  const created = await rows<{ id: string; source_id: string }>(
    em,
    sql`insert into monitoring_jobs (workspace_id, profile_id, source_id, interval_minutes, next_run_at,
        created_at, updated_at)
      select ${owner.workspaceId}::bigint, ${owner.profileId}::bigint, source_id, ${intervalMinutes},
        ${now}::timestamptz, ${now}::timestamptz, ${now}::timestamptz
      from unnest(${sourceIds}::bigint[]) source_id
      on conflict (source_id) do nothing returning id, source_id`,
  )
  return new Map(created.map((row) => [row.source_id, row.id]))
}

const auditOf = (action: AuditAction, { workspaceId }: { workspaceId: string }, id: string) => ({
  action,
  workspaceId,
  object: { kind: 'job', id },
})

type Change = (job: MonitoringJob, em: EntityManager) => Promise<boolean> | boolean

/**
 * Changes a job under a lock, so that a run that ends meanwhile sees it before or after, never half.
 * `change` says whether there was anything to change.
 */
const changeJob = (
  ctx: Pick<Context, 'em' | 'clock' | 'origin'>,
  id: string,
  action: AuditAction,
  change: Change,
): Promise<MonitoringJob> =>
  ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    const lockMode = LockMode.PESSIMISTIC_WRITE
    const job = await em.findOne(MonitoringJobEntity, { id }, { lockMode })
    if (!job) throw notFound('Monitoring job')
    const changed = await change(job, em)
    await em.flush()
    if (changed) {
      await recordAudit({ ...ctx, em }, auditOf(action, job, id))
      await noteDataChange(em, job.workspaceId)
    }
    return job
  })

const sourceOf = (job: MonitoringJob) => ({ workspaceId: job.workspaceId, sourceId: job.sourceId })

export async function changeInterval(ctx: Context, id: string, minutes: number): Promise<void> {
  const now = ctx.clock.now()
  await changeJob(ctx, id, 'job.updated', async (job, em) => {
    const source = await getSource(em, job.sourceId)
    const platform = platformOf(ctx, source.platform)
    job.intervalMinutes = intervalFor(ctx, platform, minutes, '/intervalMinutes')
    job.updatedAt = now
    // What is due already (a first run, a run asked for now) is not put off by a longer rhythm.
    if (job.nextRunAt <= now) return true
    // A shorter rhythm starts from the last look, not from the end of the long one.
    const since = job.lastSuccessAt ?? now
    const next = new Date(since.getTime() + job.intervalMinutes * 60_000)
    if (next < job.nextRunAt || job.failures === 0) job.nextRunAt = next > now ? next : now
    return true
  })
}

/** Pausing twice is pausing once. What is missed meanwhile is written down as a gap. */
export async function pauseJob(ctx: Context, id: string): Promise<void> {
  const now = ctx.clock.now()
  await changeJob(ctx, id, 'job.paused', async (job, em) => {
    if (!job.isActive) return false
    job.isActive = false
    job.updatedAt = now
    await openGap(em, sourceOf(job), now, 'paused')
    return true
  })
}

/** Resumes at once: the time of the pause is caught up by one run. */
export async function resumeJob(ctx: Context, id: string): Promise<void> {
  const now = ctx.clock.now()
  const job = await changeJob(ctx, id, 'job.resumed', (found) => {
    if (found.isActive) return false
    found.isActive = true
    found.nextRunAt = now
    found.failures = 0
    found.updatedAt = now
    return true
  })
  await nudgeProfile(ctx, job.workspaceId, job.profileId)
}

export async function runJobNow(ctx: Context, id: string): Promise<void> {
  const now = ctx.clock.now()
  const job = await changeJob(ctx, id, 'job.run', (found) => {
    if (!found.isActive) {
      throw new AppError('conflict', 'This job is paused: resume it, and it runs at once')
    }
    if (found.nextRunAt > now) found.nextRunAt = now
    found.updatedAt = now
    return true
  })
  await nudgeProfile(ctx, job.workspaceId, job.profileId)
}

/** Stops watching; the source and its posts stay. A run on its way finds the job gone and drops it. */
export async function deleteJob(ctx: Context, id: string): Promise<void> {
  await changeJob(ctx, id, 'job.deleted', async (job, em) => {
    await closeGap(em, job.sourceId, ctx.clock.now(), 'possibly_missing', 0)
    em.remove(job)
    return true
  })
}
