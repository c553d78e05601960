import type { EntityManager } from '@mikro-orm/postgresql'
import type { Context } from '../../context.ts'
import { forWorkspace } from '../../database/database.ts'
import { rows, sql } from '../../database/sql.ts'
import { enqueue } from '../../queues/task.ts'
import { findUnscoredPosts, storeScores, type UnscoredPost } from './backlog.repository.ts'
import { isScorable, type Scores, type SentimentEngine } from './engine/index.ts'
import { scoreBacklog } from './sentiment.tasks.ts'
import { cacheScores, findCachedScores } from './sentiment-cache.ts'

const postsABatch = 512

/** One task for each workspace that has texts to score; run by every tick, so a lost one comes back. */
export async function dispatchScoring(ctx: Pick<Context, 'em' | 'queues'>): Promise<number> {
  const waiting = await rows<{ workspace_id: string }>(
    ctx.em,
    sql`select workspace_id from workspaces_with_unscored_posts()`,
  )
  for (const { workspace_id: workspaceId } of waiting) {
    const deduplication = { id: `workspace-${workspaceId}` }
    await enqueue(ctx.queues, scoreBacklog, { workspaceId }, { deduplication })
  }
  return waiting.length
}

/** Scores a workspace's backlog to its end, batch by batch. Returns how many posts got a score. */
export async function scoreWorkspace(
  ctx: Context,
  engine: SentimentEngine,
  workspaceId: string,
): Promise<number> {
  const em = forWorkspace(ctx.em, workspaceId)
  let scored = 0
  while (!ctx.signal.aborted) {
    const batch = await findUnscoredPosts(em, postsABatch)
    if (batch.length === 0) break
    scored += await scoreBatch({ ...ctx, em }, engine, workspaceId, batch)
    if (batch.length < postsABatch) break
  }
  return scored
}

async function scoreBatch(
  ctx: Context,
  engine: SentimentEngine,
  workspaceId: string,
  batch: UnscoredPost[],
): Promise<number> {
  const started = performance.now()
  const texts = [...new Set(batch.map((post) => post.text).filter(isScorable))]
  const cached = await findCachedScores(ctx.em, engine.modelId, texts)
  const missing = texts.filter((text) => !cached.has(text))
  const answers = await engine.score(missing, ctx.signal)
  const fresh = new Map(missing.flatMap((text, at) => (answers[at] ? [[text, answers[at]]] : [])))
  ctx.metrics.sentimentCache(cached.size, missing.length)

  const scoreOf = (text: string): Scores | null => cached.get(text) ?? fresh.get(text) ?? null
  const now = ctx.clock.now()
  const scored = batch.map(({ post_id: postId, version, text }) => ({
    postId,
    version,
    scores: scoreOf(text),
  }))
  await ctx.em.transactional(async (inner) => {
    const em = inner as EntityManager
    await cacheScores(em, engine.modelId, fresh, now)
    await storeScores(em, workspaceId, engine.modelId, scored, now)
  })
  ctx.metrics.sentimentScored(missing.length, (performance.now() - started) / 1_000)
  return scored.filter(({ scores }) => scores !== null).length
}
