import type { Context } from '../../context.ts'
import { ahead } from '../../core/ahead.ts'
import { AppError } from '../../core/errors.ts'
import { forWorkspace } from '../../database/database.ts'
import { withProfileLock } from '../../database/profile-lock.ts'
import type { Collected, CollectFailure, OpenPlatform } from '../../platforms/platform.ts'
import { PlatformError } from '../../platforms/platform-error.ts'
import {
  type CredentialProfile,
  clearUnauthorized,
  collectionNeeds,
  findProfile,
  openProfile,
  pauseProfile,
  recordUnauthorized,
} from '../credentials/index.ts'
import { type RunOf, storeCollected, storeRunFailure } from './collect-store.ts'
import { collectDueComments } from './comments.service.ts'
import { type DueJob, findDueJobs } from './due-jobs.queries.ts'
import { refreshDueSamples } from './refresh.service.ts'
import { asUnstorable } from './unstorable.ts'

/** Jobs that one pass takes: enough for the platforms' batches, little enough to stand in memory. */
const jobsAPass = 500

export type ProfileRun = {
  outcome: 'done' | 'busy' | 'idle' | 'stopped'
  sources: number
  failed: number
  posts: number
  samples: number
  comments: number
}

const nothing = { sources: 0, failed: 0, posts: 0, samples: 0, comments: 0 }
const idle: ProfileRun = { outcome: 'idle', ...nothing }

/**
 * Everything that is due for one profile: new posts of its sources, then fresh numbers of known
 * posts, then comments. One run a profile at a time; a second one finds the lock taken and leaves.
 */
export async function collectProfile(
  ctx: Context,
  workspaceId: string,
  profileId: string,
): Promise<ProfileRun> {
  const em = forWorkspace(ctx.em, workspaceId)
  const run = await withProfileLock(ctx.em, profileId, () =>
    collectLocked({ ...ctx, em }, workspaceId, profileId),
  )
  return run ?? { ...idle, outcome: 'busy' }
}

/** The profile, unless it is gone, disabled or has to wait. */
async function findReadyProfile(ctx: Context, profileId: string) {
  const profile = await findProfile(ctx.em, profileId)
  if (profile?.state !== 'active') return null
  return profile.pausedUntil && profile.pausedUntil > ctx.clock.now() ? null : profile
}

async function collectLocked(ctx: Context, workspaceId: string, profileId: string) {
  const profile = await findReadyProfile(ctx, profileId)
  const platform = profile && ctx.platforms[profile.platform]
  if (!profile || !platform) return idle

  const open = await openOrRest(ctx, profile)
  if (!open) return idle
  const totals: ProfileRun = { ...idle, outcome: 'done' }
  const runOf = (): RunOf => ({
    em: ctx.em,
    workspaceId,
    profileId,
    platform,
    startedAt: ctx.clock.now(),
  })
  for (;;) {
    const due = await findDueJobs(ctx.em, profileId, ctx.clock.now(), jobsAPass)
    if (due.length === 0 || ctx.signal.aborted) break
    const stopped = await collectPass(ctx, runOf(), open, due, totals)
    if (stopped) return { ...totals, outcome: 'stopped' as const }
  }
  // Only a call that went through says that the credential is good.
  if (totals.sources > 0) await clearUnauthorized(ctx.em, profileId)
  await afterPosts(ctx, runOf, open, profile, totals)
  return totals
}

/** Once every source was looked at: fresh numbers of known posts, and last of all comments. */
async function afterPosts(
  ctx: Context,
  runOf: () => RunOf,
  open: OpenPlatform,
  profile: CredentialProfile,
  totals: ProfileRun,
): Promise<void> {
  const refreshed = await refreshDueSamples(ctx, runOf(), open)
  totals.samples += refreshed.samples
  if (refreshed.error) {
    await stopProfile(ctx, runOf(), refreshed.error)
    return
  }
  const read = await collectDueComments(ctx, runOf(), () => openSparing(ctx, profile))
  totals.comments = read.comments
  if (read.error) await stopProfile(ctx, runOf(), read.error)
}

/** Where the store of its secret is away, the profile rests a minute: it would be asked each second. */
async function openOrRest(ctx: Context, profile: CredentialProfile): Promise<OpenPlatform | null> {
  try {
    return await openProfile(ctx, profile, 'collect')
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'unavailable')) throw error
    ctx.log.warn({ profileId: profile.id }, error.message)
    const until = new Date(ctx.clock.now().getTime() + 60_000)
    await pauseProfile(ctx.em, profile.id, until, error.message)
    return null
  }
}

/** The same platform on the part of its budget that the posts of this window will not need. */
const openSparing = async (ctx: Context, profile: CredentialProfile) =>
  openProfile(ctx, profile, 'collect', await collectionNeeds(ctx, profile))

/** One pass over due jobs; true when the credential as a whole may not go on. */
async function collectPass(
  ctx: Context,
  run: RunOf,
  open: OpenPlatform,
  due: DueJob[],
  totals: ProfileRun,
): Promise<boolean> {
  const waiting = new Map(due.map((job) => [job.jobId, job]))
  try {
    for await (const result of ahead(open.collect(due.map((job) => job.target)), 2)) {
      const job = waiting.get(result.ref)
      waiting.delete(result.ref)
      if (job) await storeResult(ctx, run, job, result, totals)
    }
  } catch (error) {
    if (ctx.signal.aborted) return true
    if (!(error instanceof PlatformError)) throw error
    totals.failed += waiting.size
    const handled = await stopProfile(ctx, run, error)
    for (const job of waiting.values()) await storeRunFailure(ctx, run, job, handled)
    return true
  }
  const { name, id, sourceKind } = run.platform
  const silent = new PlatformError(
    id,
    'changed_shape',
    `${name} said nothing about this ${sourceKind}`,
  )
  for (const job of waiting.values()) await storeRunFailure(ctx, run, job, silent)
  return false
}

async function storeResult(
  ctx: Context,
  run: RunOf,
  job: DueJob,
  result: Collected | CollectFailure,
  totals: ProfileRun,
) {
  totals.sources += 1
  if ('error' in result) {
    totals.failed += 1
    await storeRunFailure(ctx, run, job, result.error)
    return
  }
  const stored = await storeCollected(ctx, run, job, result).catch(asUnstorable)
  if (stored instanceof Error) {
    ctx.log.error({ jobId: job.jobId, err: stored }, 'an answer could not be stored')
    totals.failed += 1
    const { id, name } = run.platform
    const told = `${name} sent something that cannot be stored; the workers' log says what`
    await storeRunFailure(ctx, run, job, new PlatformError(id, 'changed_shape', told))
    return
  }
  if (!stored) return
  totals.posts += stored.posts
  totals.samples += stored.samples
  ctx.metrics.postsCollected(run.platform.id, stored.newPosts)
  ctx.metrics.samplesTaken(run.platform.id, stored.samples)
}

/** How long a credential rests when the platform says that it may not go on but not until when. */
const restMinutes = { rate_limited: 1, budget_exhausted: 15, forbidden: 60 } as const

/**
 * The credential as a whole was refused. Its jobs wait with it, so that the next call is made when
 * it can succeed; only a second "unauthorized" in a row disables it.
 */
async function stopProfile(ctx: Context, run: RunOf, error: PlatformError): Promise<PlatformError> {
  const { em, profileId } = run
  ctx.log.warn({ profileId, kind: error.kind, until: error.until }, error.message)
  if (error.kind === 'rate_limited') ctx.metrics.rateLimited(run.platform.id)
  if (error.kind === 'unauthorized') {
    const isDisabled = await recordUnauthorized(em, profileId, error.message)
    // A second look in the same moment would prove nothing.
    const until = new Date(ctx.clock.now().getTime() + 60_000)
    if (!isDisabled) await pauseProfile(em, profileId, until, error.message)
    return error
  }
  if (error.kind in restMinutes) {
    const minutes = restMinutes[error.kind as keyof typeof restMinutes]
    const until = error.until ?? new Date(ctx.clock.now().getTime() + minutes * 60_000)
    await pauseProfile(em, profileId, until, error.message)
    return new PlatformError(run.platform.id, error.kind, error.message, { until })
  }
  return error
}
