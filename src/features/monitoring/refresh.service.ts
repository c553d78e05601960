import type { EntityManager } from '@mikro-orm/postgresql'
import type { Context } from '../../context.ts'
import { ahead } from '../../core/ahead.ts'
import type { OpenPlatform, PostKind } from '../../platforms/platform.ts'
import { PlatformError } from '../../platforms/platform-error.ts'
import { sampleAgesOf } from '../../platforms/sample-ages.ts'
import { storeFreshNumbers } from '../posts/index.ts'
import type { RunOf } from './collect-store.ts'
import { type DueSample, findDueSamples } from './due-jobs.queries.ts'
import { postponeDueSamples } from './samples.repository.ts'
import { asUnstorable } from './unstorable.ts'

const postsAPass = 1_000

/** When posts are asked about again that the platform gave no answer for. */
const unansweredMinutes = 15

/** Refusals of the credential as a whole: whoever has it must stop. Else only these looks wait. */
const concernsCollection = ['unauthorized', 'forbidden', 'rate_limited']

/**
 * Fresh numbers of every post whose next look is due. Each batch is stored, and its next look
 * planned, in one transaction: killed in between, a batch is asked for again and written once. Looks
 * that got no answer wait, so that they do not wake the profile again at the next tick; `error` is
 * what the credential as a whole was refused for. Without budget for looks, collection goes on.
 */
export async function refreshDueSamples(
  ctx: Context,
  run: RunOf,
  open: OpenPlatform,
): Promise<{ samples: number; error: PlatformError | null }> {
  const total = { samples: 0, answered: 0 }
  try {
    await refreshAll(ctx, run, open, total)
    if (!ctx.signal.aborted) await postpone(ctx, run, null)
    return { samples: total.samples, error: null }
  } catch (error) {
    return { samples: total.samples, error: await refusalOf(ctx, run, error) }
  } finally {
    ctx.metrics.samplesTaken(run.platform.id, total.samples)
  }
}

type Total = { samples: number; answered: number }

async function refreshAll(ctx: Context, run: RunOf, open: OpenPlatform, total: Total) {
  while (!ctx.signal.aborted) {
    const due = await findDueSamples(run.em, run.profileId, run.startedAt, postsAPass)
    const answered = total.answered
    await refreshPass(ctx, run, open, due, total)
    // A pass without a single answer would ask the same again for ever.
    if (due.length < postsAPass || total.answered === answered) return
  }
}

/** What the credential as a whole was refused for; null where only the looks have to wait. */
async function refusalOf(ctx: Context, run: RunOf, error: unknown): Promise<PlatformError | null> {
  if (ctx.signal.aborted) return null
  if (!(error instanceof PlatformError)) throw error
  if (concernsCollection.includes(error.kind)) return error
  ctx.log.info({ profileId: run.profileId, kind: error.kind }, `Numbers wait: ${error.message}`)
  await postpone(ctx, run, error.until)
  return null
}

const postpone = (ctx: Context, run: RunOf, until: Date | null) =>
  postponeDueSamples(
    run.em,
    run.profileId,
    run.startedAt,
    until ?? new Date(ctx.clock.now().getTime() + unansweredMinutes * 60_000),
  )

async function refreshPass(
  ctx: Context,
  run: RunOf,
  open: OpenPlatform,
  due: DueSample[],
  total: Total,
): Promise<void> {
  const targets = due.map((row) => ({
    ref: row.post_id,
    externalId: row.external_id,
    kind: row.kind as PostKind,
  }))
  for await (const batch of ahead(open.refresh(targets), 2)) {
    const fresh = batch.map(({ ref, metrics }) => ({ postId: ref, metrics }))
    const stored = await run.em
      .transactional((inner) =>
        storeFreshNumbers(
          inner as EntityManager,
          run.workspaceId,
          fresh,
          ctx.clock.now(),
          sampleAgesOf(run.platform),
        ),
      )
      .catch(asUnstorable)
    if (stored instanceof Error) {
      ctx.log.error({ profileId: run.profileId, err: stored }, 'numbers could not be stored')
      continue
    }
    total.answered += batch.length
    total.samples += stored
  }
}
