import { createAnswerCache } from '../../../cache/answer-cache.ts'
import type { Context } from '../../../context.ts'
import type { Actor } from '../../../core/actor.ts'
import { dataVersion } from '../../rollups/index.ts'

/** One a process, keyed by workspace, version of its data, and question. */
const answers = createAnswerCache()

const stepMs = 300_000

/**
 * An analytic's answer, computed once for each state of the workspace's data. A question whose period
 * ends now is another one every five minutes, because the period moves on.
 */
export async function cached<T>(
  { em, clock }: Pick<Context, 'em' | 'clock'>,
  { workspaceId }: Pick<Actor, 'workspaceId'>,
  name: string,
  query: object,
  compute: () => Promise<T>,
): Promise<T> {
  const step = Math.floor(clock.now().getTime() / stepMs)
  const question = JSON.stringify([name, query, step])
  return answers.answer({ workspaceId, version: await dataVersion(em), question }, compute)
}

/**
 * The same, but computed each time where a question tells promoted posts from others: marking a post
 * changes no sum, so it drops no answer.
 */
export const unlessPromoted = <T>(
  ctx: Pick<Context, 'em' | 'clock'>,
  actor: Pick<Actor, 'workspaceId'>,
  name: string,
  query: { promoted?: string | undefined; [name: string]: unknown },
  compute: () => Promise<T>,
): Promise<T> =>
  query.promoted === undefined ? cached(ctx, actor, name, query, compute) : compute()
