import type { Logger } from '../core/logger.ts'
import { within } from '../telemetry/timing.ts'

const patienceMs = 1_000
/** A store that is away is not asked again by every request. */
const restMs = 2_000
const oneLineMs = 60_000

export const unanswered = Symbol('the store did not answer')

export type StoreWatch = {
  /** What the store says, or `unanswered`: whatever the work throws is an outage. */
  ask: <T>(work: () => Promise<T>) => Promise<T | typeof unanswered>
  away: () => boolean
}

type Options = {
  name: string
  /** What the store is for, and what happens without it: for the log. */
  says?: { store: string; meanwhile: string }
  log: Logger
  onFailure: () => void
  onReturn: () => void
}

const ofLimits = {
  store: 'the store of the rate limits',
  meanwhile: 'this process counts by itself meanwhile',
}

/** Asks a store, and notices when it is away and when it is back. */
export function watchStore(options: Options): StoreWatch {
  const { name, says = ofLimits, log, onFailure, onReturn } = options
  let askAgainAt: number | null = null
  let saidAt = Number.NEGATIVE_INFINITY
  const failed = (error: unknown) => {
    onFailure()
    askAgainAt = performance.now() + restMs
    if (performance.now() - saidAt < oneLineMs) return
    saidAt = performance.now()
    const said = { store: name, error: (error as Error).message }
    log.warn(said, `${says.store} is away: ${says.meanwhile}`)
  }
  const answered = () => {
    if (askAgainAt === null) return
    askAgainAt = null
    saidAt = Number.NEGATIVE_INFINITY
    onReturn()
    log.info({ store: name }, `${says.store} is back`)
  }
  return {
    away: () => askAgainAt !== null,
    ask: async (work) => {
      if (askAgainAt !== null && performance.now() < askAgainAt) return unanswered
      try {
        const answer = await within(patienceMs, work())
        answered()
        return answer
      } catch (error) {
        failed(error)
        return unanswered
      }
    },
  }
}
