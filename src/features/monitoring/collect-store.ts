import type { EntityManager } from '@mikro-orm/postgresql'
import type { Context } from '../../context.ts'
import { addToOutbox } from '../../live/outbox.ts'
import type { Collected, Platform } from '../../platforms/platform.ts'
import type { PlatformError } from '../../platforms/platform-error.ts'
import { sampleAgesOf } from '../../platforms/sample-ages.ts'
import { endStreams, type Ingested, ingestPosts, sampleMinute } from '../posts/index.ts'
import { mergeSourceDetails, storeSourceStatistics } from '../sources/index.ts'
import type { DueJob } from './due-jobs.queries.ts'
import { addGap, closeGap, openGap } from './gaps.repository.ts'
import { lockJob, storeFailure, storeSuccess } from './runs.repository.ts'
import { nextSlot, retryAt } from './schedule.ts'

export type RunOf = {
  em: EntityManager
  workspaceId: string
  profileId: string
  platform: Platform
  startedAt: Date
}

const nothing: Ingested = { posts: 0, newPosts: 0, samples: 0 }

/**
 * One source's result in one transaction: authors, posts, samples, cursor, execution, schedule, gaps
 * and the event. Killed before the commit, none of it happened and the job is still due; killed
 * after it, the job is not due. null: the job was deleted meanwhile and the result is dropped.
 */
export async function storeCollected(
  ctx: Pick<Context, 'clock'>,
  run: RunOf,
  job: DueJob,
  collected: Collected,
): Promise<Ingested | null> {
  return run.em.transactional(async (inner) => {
    const em = inner as EntityManager
    const locked = await lockJob(em, job.jobId)
    if (!locked) return null
    const now = ctx.clock.now()
    const source = { workspaceId: run.workspaceId, sourceId: job.sourceId }
    const ingested = await ingest(em, run, job, collected)
    await endStreams(em, job.sourceId, collected.endedStreams)
    if (collected.statistics) {
      const sampledAt = sampleMinute(run.startedAt)
      await storeSourceStatistics(em, source, collected.statistics, sampledAt, run.startedAt)
    }
    if (collected.details) await mergeSourceDetails(em, job.sourceId, collected.details)
    await noteCoverage(em, run, job, collected)
    // Paused while this run went on, perhaps in a gap that ended with it.
    if (!locked.is_active) await openGap(em, source, now, 'paused')
    await storeSuccess(em, runOf(run, job, now), {
      records: ingested.posts,
      cursor: collected.cursor,
      // The rhythm as it is now: it may have been changed while the run went on.
      nextRunAt: nextSlot(job.scheduledFor, locked.interval_minutes, now),
    })
    if (ingested.posts > 0) {
      const payload = { jobId: job.jobId, sourceId: job.sourceId, ...ingested }
      await addToOutbox(em, run.workspaceId, { topic: 'posts.collected', payload }, now)
    }
    return ingested
  })
}

async function ingest(
  em: EntityManager,
  { workspaceId, profileId, platform, startedAt }: RunOf,
  job: DueJob,
  { posts }: Collected,
): Promise<Ingested> {
  if (posts.length === 0) return nothing
  const target = {
    workspaceId,
    sourceId: job.sourceId,
    profileId,
    platform: platform.id,
    refreshableKinds: platform.refreshableKinds,
    sampleAges: sampleAgesOf(platform),
    commentedKinds: job.collectsComments ? (platform.commentedKinds ?? []) : [],
  }
  return ingestPosts(em, target, posts, startedAt)
}

const runOf = (run: RunOf, job: DueJob, completedAt: Date) => ({
  workspaceId: run.workspaceId,
  jobId: job.jobId,
  scheduledFor: job.scheduledFor,
  startedAt: run.startedAt,
  completedAt,
})

/** Writes down which hours of this source were missed, and whether its posts came back. */
async function noteCoverage(em: EntityManager, run: RunOf, job: DueJob, collected: Collected) {
  const source = { workspaceId: run.workspaceId, sourceId: job.sourceId }
  const posts =
    collected.complete && run.platform.id !== 'twitch' ? 'recovered' : 'possibly_missing'
  const least = job.intervalMinutes / 2
  await closeGap(em, job.sourceId, run.startedAt, posts, least)
  const lateMinutes = (run.startedAt.getTime() - job.scheduledFor.getTime()) / 60_000
  if (job.failures === 0 && job.lastSuccessAt && lateMinutes > least) {
    const gap = { from: job.scheduledFor, to: run.startedAt, reason: 'not_running', posts } as const
    await addGap(em, source, gap)
  }
  const oldest = collected.posts.reduce<Date | null>(
    (least, post) => (least === null || post.publishedAt < least ? post.publishedAt : least),
    null,
  )
  if (!collected.complete && job.lastSuccessAt && oldest && oldest > job.lastSuccessAt) {
    await addGap(em, source, {
      from: job.lastSuccessAt,
      to: oldest,
      reason: 'listing_limit',
      posts: 'possibly_missing',
    })
  }
}

/** What a failure of one source, or of the whole credential, means for this job's run. */
export async function storeRunFailure(
  ctx: Pick<Context, 'clock'>,
  run: RunOf,
  job: DueJob,
  error: PlatformError,
): Promise<void> {
  await run.em.transactional(async (inner) => {
    const em = inner as EntityManager
    if (!(await lockJob(em, job.jobId))) return
    const now = ctx.clock.now()
    const waits = error.kind === 'rate_limited' || error.kind === 'budget_exhausted'
    const failures = job.failures + 1
    const nextRunAt =
      waits && error.until
        ? error.until
        : retryAt(failures, job.intervalMinutes, error.kind, now, Math.random())
    await storeFailure(em, runOf(run, job, now), {
      status: waits ? 'rate_limited' : 'failed',
      kind: error.kind,
      message: error.message,
      nextRunAt,
      counts: !waits,
    })
    const source = { workspaceId: run.workspaceId, sourceId: job.sourceId }
    await openGap(em, source, job.scheduledFor, error.kind)
    const payload = { jobId: job.jobId, sourceId: job.sourceId, kind: error.kind }
    await addToOutbox(em, run.workspaceId, { topic: 'job.failed', payload }, now)
  })
}
