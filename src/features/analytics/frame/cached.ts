import type { CacheKey } from '../../../cache/answer-cache.ts'
import type { Question } from '../../../cache/asked-questions.ts'
import type { Context } from '../../../context.ts'
import type { Actor } from '../../../core/actor.ts'
import { dataVersion } from '../../rollups/index.ts'

const usualStepMs = 300_000

/**
 * An analytic's answer, computed once for each state of the workspace's data. A question whose period
 * ends now is another one at every step, because the period moves on. `compute` uses the context that
 * it is given, and nothing else of the request: it runs again when nobody asks (see warm-answers).
 */
export async function cached<T>(
  ctx: Context,
  { workspaceId }: Pick<Actor, 'workspaceId'>,
  name: string,
  query: object,
  compute: (ctx: Context) => Promise<T>,
  stepMs = usualStepMs,
): Promise<T> {
  const question = { workspaceId, text: JSON.stringify([name, query]), stepMs, compute }
  const key = await keyOf(ctx, question)
  let outcome: 'hit' | 'miss' = 'hit'
  const answer = await ctx.answers.cache.answer(key, () => {
    outcome = 'miss'
    return compute(ctx)
  })
  ctx.metrics.answered(outcome)
  // What fails is not asked again by ourselves.
  ctx.answers.asked.note(question)
  return answer
}

/** Under what the answer to a question is kept, as of now. */
export async function keyOf(
  { em, clock }: Pick<Context, 'em' | 'clock'>,
  { workspaceId, text, stepMs }: Question<Context>,
): Promise<CacheKey> {
  const step = Math.floor(clock.now().getTime() / stepMs)
  return { workspaceId, version: await dataVersion(em), question: `${text} ${step}` }
}

/**
 * The same, but computed each time where a question tells promoted posts from others: marking a post
 * changes no sum, so it drops no answer.
 */
export const unlessPromoted = <T>(
  ctx: Context,
  actor: Pick<Actor, 'workspaceId'>,
  name: string,
  query: { promoted?: string | undefined; [name: string]: unknown },
  compute: (ctx: Context) => Promise<T>,
): Promise<T> =>
  query.promoted === undefined ? cached(ctx, actor, name, query, compute) : compute(ctx)
