import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRes,
  type RateLimiterStoreAbstract,
} from 'rate-limiter-flexible'
import { type StoreWatch, unanswered } from './store-watch.ts'

export type LimitRule = {
  /** Names the limiter in the store and in metrics: a word of ours, never of a caller. */
  name: string
  points: number
  durationS: number
  /** The longest `block` that will be asked for; what lasts longer is a clock that jumped. */
  longestBlockS?: number
  /**
   * A key over its limit is refused from this process's memory, without asking the store: a flood
   * costs no query. Not for limits that another process may lift early (lockouts).
   */
  refuseFromMemory?: boolean
  /** Refusals are no news: they are not counted in the metrics. */
  uncounted?: boolean
}

/** Where a key stands in its window. */
export type Standing = {
  allowed: boolean
  limit: number
  used: number
  remaining: number
  /** Until the key counts from nothing again. */
  resetMs: number
}

/**
 * Counts points of a key in a window that begins with its first one. Windows pass by the system's
 * time, not by a clock of ours: one that stands still would lock people out for ever.
 */
export type Limiter = {
  rule: LimitRule
  /** Takes points and says whether they were still to be had. Never throws. */
  consume: (key: string, points?: number) => Promise<Standing>
  /** null: nothing counted in the last window. */
  get: (key: string) => Promise<Standing | null>
  /** Refuses the key for so long, whatever it has used. */
  block: (key: string, seconds: number) => Promise<void>
  /** Gives points back. */
  reward: (key: string, points?: number) => Promise<void>
  delete: (key: string) => Promise<void>
}

type Stored = Pick<RateLimiterStoreAbstract, 'consume' | 'get' | 'block' | 'reward' | 'delete'>

export type LimiterParts = {
  stored: Stored
  watch: StoreWatch
  /** A key as the store may keep it: no address, no e-mail. */
  hidden: (key: string) => string
  onRefused: (name: string) => void
}

const standingOf = (rule: LimitRule, found: RateLimiterRes, allowed: boolean): Standing => ({
  allowed,
  limit: rule.points,
  used: found.consumedPoints,
  remaining: allowed ? Math.max(0, rule.points - found.consumedPoints) : 0,
  resetMs: Math.max(0, found.msBeforeNext),
})

async function consumed(
  limiter: Pick<RateLimiterAbstract, 'consume'>,
  key: string,
  points: number,
) {
  try {
    return { found: await limiter.consume(key, points), allowed: true }
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return { found: refusal, allowed: false }
    throw refusal
  }
}

/** A limiter on the store; while that is away, on this process's memory, which forgets at the end. */
export function createLimiter(
  rule: LimitRule,
  parts: LimiterParts,
): Limiter & { reset: () => void } {
  const { stored, watch, hidden, onRefused } = parts
  const { points: most, durationS } = rule
  const insurance = () =>
    new RateLimiterMemory({ points: most, duration: durationS, keyPrefix: '' })
  let memory = insurance()
  const longestMs = Math.max(durationS, rule.longestBlockS ?? 0) * 1_000 + 1_000

  async function ask<T>(work: (limiter: Stored) => Promise<T>): Promise<T> {
    const answer = await watch.ask(() => work(stored))
    return answer === unanswered ? work(memory) : answer
  }
  /** A window that ends later than any window can: the clock was set back since it began. */
  const impossible = (found: RateLimiterRes) => found.msBeforeNext > longestMs

  return {
    rule,
    reset: () => {
      memory = insurance()
    },
    consume: async (key, points = 1) => {
      const name = hidden(key)
      const { found, allowed } = await ask(async (limiter) => {
        const first = await consumed(limiter, name, points)
        if (!impossible(first.found)) return first
        await limiter.delete(name)
        return consumed(limiter, name, points)
      })
      if (!allowed && !rule.uncounted) onRefused(rule.name)
      return standingOf(rule, found, allowed)
    },
    get: async (key) => {
      const found = await ask((limiter) => limiter.get(hidden(key)))
      if (!found || impossible(found)) return null
      return standingOf(rule, found, found.consumedPoints < most)
    },
    block: async (key, seconds) => {
      await ask((limiter) => limiter.block(hidden(key), seconds))
    },
    reward: async (key, points = 1) => {
      await ask((limiter) => limiter.reward(hidden(key), points))
    },
    delete: async (key) => {
      await ask((limiter) => limiter.delete(hidden(key)))
    },
  }
}
