import { contextOf, type Parts } from './compose.ts'
import { taskOrigin } from './core/origin.ts'
import { forWorkspace } from './database/database.ts'
import { createWarmer } from './features/analytics/index.ts'

const everyMs = 5_000

export type Warming = {
  /** One round now; gives how many answers it computed. */
  round: () => Promise<number>
  /** Rounds from now on, one after the other. */
  start: () => void
  /** Ends once the answer that is being computed has ended. */
  stop: () => Promise<void>
}

/** Keeps the answers of this process warm: they are its own, so each API process has a warmer. */
export function openWarming(parts: Parts, options: { mostAMinute?: number } = {}): Warming {
  const stopping = new AbortController()
  const { signal } = stopping
  const round = createWarmer({
    ...options,
    signal,
    answers: parts.answers,
    metrics: parts.metrics,
    log: parts.log,
    isBusy: () => isBusy(parts),
    contextIn: (workspaceId) => {
      const ctx = contextOf(parts, signal, taskOrigin('warming'))
      return { ...ctx, em: forWorkspace(ctx.em, workspaceId) }
    },
  })
  let timer: NodeJS.Timeout | undefined
  let running: Promise<unknown> = Promise.resolve()
  const next = () => {
    if (signal.aborted) return
    timer = setTimeout(() => {
      running = round()
        .catch((error: Error) => parts.log.warn({ err: error }, 'answers could not be kept warm'))
        .finally(next)
    }, everyMs)
  }
  return {
    round,
    start: next,
    stop: async () => {
      stopping.abort(new Error('The process stops.'))
      clearTimeout(timer)
      await running
    },
  }
}

/** Requests wait for a connection, or would have to if one more were taken. */
function isBusy({ database: { pool }, config }: Parts): boolean {
  const taken = pool.totalCount - pool.idleCount
  return pool.waitingCount > 0 || taken >= config.database.poolMax - 1
}
