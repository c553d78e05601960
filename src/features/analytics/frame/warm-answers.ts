import type { Question } from '../../../cache/asked-questions.ts'
import type { Context } from '../../../context.ts'
import { keyOf } from './cached.ts'

export type WarmerParts = Pick<Context, 'answers' | 'metrics' | 'log'> & {
  /** As a request of that workspace would have it. */
  contextIn: (workspaceId: string) => Context
  /** Somebody waits for what an answer needs. */
  isBusy: () => boolean
  signal: AbortSignal
  mostAMinute?: number
}

/** Whether one may be computed now; it counts then. */
function budgetOf(mostAMinute: number): () => boolean {
  let taken: number[] = []
  return () => {
    taken = taken.filter((at) => performance.now() - at < 60_000)
    if (taken.length >= mostAMinute) return false
    taken.push(performance.now())
    return true
  }
}

type Outcome = 'there' | 'warmed' | 'failed' | 'stop'

/**
 * Makes rounds that answer again what workspaces asked lately, where their data or the time moved on:
 * one answer after the other, and none while requests wait. Each round gives how many.
 */
export function createWarmer(parts: WarmerParts): () => Promise<number> {
  const { answers, isBusy, signal, mostAMinute = 30 } = parts
  const allows = budgetOf(mostAMinute)
  const mayGoOn = () => !signal.aborted && !isBusy()
  const see = async (question: Question<Context>): Promise<Outcome> => {
    if (!mayGoOn()) return 'stop'
    const compute = await whatIsCold(parts, question)
    if (!compute) return 'there'
    return mayGoOn() && allows() ? warm(parts, question, compute) : 'stop'
  }
  return async () => {
    let warmed = 0
    for (const question of byTurns(answers.asked.lately())) {
      const outcome = await see(question)
      if (outcome === 'stop') break
      if (outcome === 'warmed') warmed += 1
    }
    return warmed
  }
}

/** The first of each workspace, then the second of each: nobody takes all of a minute. */
function byTurns(ofEach: Question<Context>[][]): Question<Context>[] {
  const most = Math.max(0, ...ofEach.map((theirs) => theirs.length))
  const turns = Array.from({ length: most }, (_, turn) => turn)
  return turns.flatMap((turn) => ofEach.flatMap((theirs) => theirs[turn] ?? []))
}

/** What computes the answer of now; null: it is there. */
async function whatIsCold({ answers, contextIn }: WarmerParts, question: Question<Context>) {
  const ctx = contextIn(question.workspaceId)
  const key = await keyOf(ctx, question)
  return answers.cache.has(key)
    ? null
    : () => answers.cache.answer(key, () => question.compute(ctx))
}

async function warm(
  { answers, metrics, log, signal }: WarmerParts,
  question: Question<Context>,
  compute: () => Promise<unknown>,
): Promise<Outcome> {
  try {
    await compute()
    metrics.answered('warmed')
    return 'warmed'
  } catch (error) {
    if (signal.aborted) return 'stop'
    // Whoever asks it again is told what is wrong; until then nobody needs it.
    answers.asked.forget(question)
    metrics.answered('not_warmed')
    log.warn({ err: error }, 'an answer could not be computed ahead of its question')
    return 'failed'
  }
}
