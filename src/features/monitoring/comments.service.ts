import type { Context } from '../../context.ts'
import { firstRow, sql } from '../../database/sql.ts'
import type {
  CollectFailure,
  CommentThread,
  OpenPlatform,
  PostKind,
} from '../../platforms/platform.ts'
import { PlatformError } from '../../platforms/platform-error.ts'
import {
  type DueThread,
  endLooks,
  findDueThreads,
  passQuietThreads,
  planNextLook,
  postponeThreads,
  storeThread,
} from '../threads/index.ts'
import type { RunOf } from './collect-store.ts'
import { asUnstorable } from './unstorable.ts'

const threadsAPass = 20
/** When threads are asked for again that found no budget, or no answer. */
const unansweredMinutes = 15
/** Refusals of the credential as a whole: whoever has it must stop. Else only comments wait. */
const concernsCollection = ['unauthorized', 'forbidden', 'rate_limited']

export type CommentRun = { comments: number; error: PlatformError | null }
/** Opens the platform on what collection can spare; asked only when a thread is due. */
type OpenSparing = () => Promise<OpenPlatform>

/**
 * The comments of posts whose next look is due, as the last part of a run: on the budget that posts
 * leave, and no longer than until a job falls due. Each thread is stored with its shape and its next
 * look in one transaction.
 */
export async function collectDueComments(
  ctx: Context,
  run: RunOf,
  openSparing: OpenSparing,
): Promise<CommentRun> {
  const total: CommentRun = { comments: 0, error: null }
  if (!run.platform.commentedKinds) return total
  await passQuietThreads(run.em, run.profileId, run.startedAt)
  const first = await findDueThreads(run.em, run.profileId, run.startedAt, threadsAPass)
  if (first.length === 0) return total
  try {
    const open = await openSparing()
    for (let due = first; due.length > 0; ) {
      if (!(await readThreads(ctx, run, open, due, total))) break
      due = await findDueThreads(run.em, run.profileId, run.startedAt, threadsAPass)
    }
  } catch (error) {
    total.error = await refusalOf(ctx, run, error)
  }
  return total
}

/** false: no more now; what is left is due at the next run. */
async function readThreads(
  ctx: Context,
  run: RunOf,
  open: OpenPlatform,
  due: DueThread[],
  total: CommentRun,
): Promise<boolean> {
  const waiting = new Map(due.map((thread) => [thread.post_id, thread]))
  const targets = due.map((thread) => ({
    ref: thread.post_id,
    externalId: thread.external_id,
    kind: thread.kind as PostKind,
  }))
  for await (const answer of open.comments?.(targets) ?? none()) {
    const thread = waiting.get(answer.ref)
    waiting.delete(answer.ref)
    if (thread) await storeAnswer(ctx, run, thread, answer, total)
    if (ctx.signal.aborted || (await isCollectionDue(ctx, run))) return false
  }
  // Asked and not answered: asked again at once, they would be for ever.
  for (const thread of waiting.values()) await planNextLook(run.em, thread.post_id, ctx.clock.now())
  return true
}

async function* none(): AsyncGenerator<never, void> {}

async function storeAnswer(
  ctx: Context,
  run: RunOf,
  thread: DueThread,
  answer: CommentThread | CollectFailure,
  total: CommentRun,
): Promise<void> {
  const now = ctx.clock.now()
  if ('error' in answer) {
    const { kind, message } = answer.error
    ctx.log.info({ postId: thread.post_id, kind }, `No comments: ${message}`)
    if (kind === 'not_found') await endLooks(run.em, thread.post_id)
    else await planNextLook(run.em, thread.post_id, now)
    return
  }
  const stored = await storeThread(run.em, run, thread, answer, now).catch(asUnstorable)
  if (stored instanceof Error) {
    ctx.log.error({ postId: thread.post_id, err: stored }, 'comments could not be stored')
    await planNextLook(run.em, thread.post_id, now)
    return
  }
  total.comments += stored?.posts ?? 0
  ctx.metrics.postsCollected(run.platform.id, stored?.newPosts ?? 0)
  ctx.metrics.samplesTaken(run.platform.id, stored?.samples ?? 0)
}

async function isCollectionDue({ clock }: Context, { em, profileId }: RunOf): Promise<boolean> {
  const due = await firstRow(
    em,
    sql`select 1 from monitoring_jobs where profile_id = ${profileId}::bigint and is_active
      and next_run_at <= ${clock.now()}::timestamptz limit 1`,
  )
  return due !== null
}

/** What the credential as a whole was refused for; null where only comments have to wait. */
async function refusalOf(ctx: Context, run: RunOf, error: unknown): Promise<PlatformError | null> {
  if (ctx.signal.aborted) return null
  if (!(error instanceof PlatformError)) throw error
  if (concernsCollection.includes(error.kind)) return error
  ctx.log.info({ profileId: run.profileId, kind: error.kind }, `Comments wait: ${error.message}`)
  const soon = new Date(ctx.clock.now().getTime() + unansweredMinutes * 60_000)
  await postponeThreads(run.em, run.profileId, run.startedAt, error.until ?? soon)
  return null
}
