import { availableParallelism, constants } from 'node:os'
import { AppError } from '../../../core/errors.ts'
import type { Logger } from '../../../core/logger.ts'
import type { ModelSpec } from './model/model-files.ts'
import { isScorable } from './scorer/text-preparation.ts'
import { ScoringProcess } from './scoring-process.ts'
import { chunkTexts } from './text-chunks.ts'

/** Probabilities that add up to 1; compound = positive - negative, from -1 to 1. */
export type Scores = {
  readonly negative: number
  readonly neutral: number
  readonly positive: number
  readonly compound: number
}

export type SentimentEngine = {
  /** Names the model and the very bytes of it: scores under one id are comparable and cacheable. */
  readonly modelId: string
  /**
   * The scores of `texts`, in their order; each distinct text is computed once. A text's score
   * is its own: other texts move it by float rounding only (under 1e-6).
   * Refuses texts that are not scorable (`isScorable`); rejects with `unavailable` when the
   * scoring process dies, and the next call then starts a fresh one.
   */
  score: (texts: readonly string[], signal?: AbortSignal) => Promise<Scores[]>
  close: () => Promise<void>
}

type EngineOptions = {
  model: ModelSpec
  /** Threads of one inference; one core is left to everything else by default. */
  threads?: number | undefined
  /** The scoring process's, as in `os.setPriority`: by default all other work comes first. */
  priority?: number | undefined
  log: Pick<Logger, 'warn'>
}

// Two chunks on the way: the scorer reads the next one while we take in the last one's scores.
const lanes = 2

/** Scores texts in a process of its own, which is started by the first call. */
export function createSentimentEngine({
  model,
  threads = Math.max(1, availableParallelism() - 1),
  priority = constants.priority.PRIORITY_BELOW_NORMAL,
  log,
}: EngineOptions): SentimentEngine {
  const setup = { model, threads, priority }
  let scorer: ScoringProcess | null = null
  let isClosed = false

  function runningScorer(): ScoringProcess {
    if (isClosed) throw new AppError('unavailable', 'The sentiment engine was closed')
    if (!scorer || scorer.isGone) {
      scorer = new ScoringProcess(setup, (reason) =>
        log.warn({ reason, model: model.id }, 'The scoring process died; the next call starts one'),
      )
    }
    return scorer
  }

  return {
    modelId: model.id,
    async score(texts, signal) {
      signal?.throwIfAborted()
      refuseUnscorable(texts)
      if (texts.length === 0) return []
      const known = new Map<string, Scores>()
      const chunks = chunkTexts(new Set(texts))
      const running = runningScorer()
      const work = async () => {
        for (const chunk of chunks) {
          const flat = await running.score(chunk, signal)
          for (const [index, text] of chunk.entries()) known.set(text, toScores(flat, index))
        }
      }
      await Promise.all(Array.from({ length: lanes }, work))
      return texts.flatMap((text) => known.get(text) ?? [])
    },
    async close() {
      isClosed = true
      await scorer?.close()
    },
  }
}

function refuseUnscorable(texts: readonly string[]): void {
  const index = texts.findIndex((text) => !isScorable(text))
  if (index < 0) return
  throw new AppError('invalid_input', `Text ${index + 1} of ${texts.length} has nothing to score`)
}

function toScores(flat: Float64Array, index: number): Scores {
  const [negative = Number.NaN, neutral = Number.NaN, positive = Number.NaN] = flat.subarray(
    index * 3,
    index * 3 + 3,
  )
  return { negative, neutral, positive, compound: positive - negative }
}
