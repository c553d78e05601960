import type { EntityManager } from '@mikro-orm/postgresql'
import type { Context } from '../../context.ts'
import { ahead } from '../../core/ahead.ts'
import type { OpenPlatform, PostKind } from '../../platforms/platform.ts'
import { PlatformError } from '../../platforms/platform-error.ts'
import { sampleAgesOf } from '../../platforms/sample-ages.ts'
import { storeFreshNumbers } from '../posts/index.ts'
import type { RunOf } from './collect-store.ts'
import { type DueSample, findDueSamples } from './due-jobs.queries.ts'

const postsAPass = 1_000

/**
 * Fresh numbers of every post whose next look is due. Each batch is stored, and its next look
 * planned, in one transaction: killed in between, a batch is asked for again and written once.
 */
export async function refreshDueSamples(
  ctx: Context,
  run: RunOf,
  open: OpenPlatform,
): Promise<{ samples: number; error: PlatformError | null }> {
  const total = { samples: 0, answered: 0 }
  try {
    while (!ctx.signal.aborted) {
      const due = await findDueSamples(run.em, run.profileId, run.startedAt, postsAPass)
      const answered = total.answered
      await refreshPass(ctx, run, open, due, total)
      // A pass without a single answer would ask the same again for ever.
      if (due.length < postsAPass || total.answered === answered) break
    }
    return { samples: total.samples, error: null }
  } catch (error) {
    if (ctx.signal.aborted) return { samples: total.samples, error: null }
    if (!(error instanceof PlatformError)) throw error
    return { samples: total.samples, error }
  } finally {
    ctx.metrics.samplesTaken(run.platform.id, total.samples)
  }
}

async function refreshPass(
  ctx: Context,
  run: RunOf,
  open: OpenPlatform,
  due: DueSample[],
  total: { samples: number; answered: number },
): Promise<void> {
  const targets = due.map((row) => ({
    ref: row.post_id,
    externalId: row.external_id,
    kind: row.kind as PostKind,
  }))
  for await (const batch of ahead(open.refresh(targets), 2)) {
    const fresh = batch.map(({ ref, metrics }) => ({ postId: ref, metrics }))
    total.answered += batch.length
    total.samples += await run.em.transactional((inner) =>
      storeFreshNumbers(
        inner as EntityManager,
        run.workspaceId,
        fresh,
        ctx.clock.now(),
        sampleAgesOf(run.platform),
      ),
    )
  }
}
