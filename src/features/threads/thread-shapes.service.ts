import type { EntityManager } from '@mikro-orm/postgresql'
import type { Context } from '../../context.ts'
import { cascadeShape } from '../../statistics/cascade.ts'
import { bestChains } from '../../statistics/chains.ts'
import { noteDataChange } from '../rollups/index.ts'
import { findReplies, findThreadsAfter, type ThreadRoot } from './replies.queries.ts'
import { storeShape } from './thread-shapes.repository.ts'

/**
 * Computes and keeps the shape of one thread from the comments that are stored. `whole` false: the
 * last look could not read them all, so at least one is missing.
 */
export async function shapeThread(
  em: EntityManager,
  root: ThreadRoot,
  now: Date,
  whole: boolean | null = null,
): Promise<void> {
  const replies = await findReplies(em, { sourceId: root.source_id, externalId: root.external_id })
  const shape = cascadeShape(replies, root.published_at.getTime() / 1_000)
  const untold = Math.max(0, Number(root.comments ?? 0) - (shape.size - 1))
  const missing = whole === true ? 0 : whole === false ? Math.max(1, untold) : untold
  await storeShape(em, root, { ...shape, chains: bestChains(replies), missing }, now)
}

const threadsAPass = 200

/** Every shape of this workspace anew, from the stored comments. Safe beside collection. */
export async function recomputeThreads(
  { em, clock }: Pick<Context, 'em' | 'clock'>,
  onThread: (done: number) => void = () => {},
): Promise<number> {
  let done = 0
  for (let after = '0'; ; ) {
    const roots = await findThreadsAfter(em, after, threadsAPass)
    for (const root of roots) {
      await em.transactional((inner) => shapeThread(inner as EntityManager, root, clock.now()))
      done += 1
      onThread(done)
    }
    const last = roots.at(-1)
    if (!last) return done
    await noteDataChange(em, last.workspace_id)
    after = last.post_id
  }
}
