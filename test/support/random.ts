import { randomInt } from 'node:crypto'

export type Random = {
  /** Printed when a test fails; handed in again by SEED it repeats the choices. */
  seed: number
  /** A whole number from `low` to `high`, both included. */
  between: (low: number, high: number) => number
  chance: (probability: number) => boolean
}

/** mulberry32: small, fast and the same everywhere. */
export function seededRandom(seed = Number(process.env.SEED ?? randomInt(2 ** 31))): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    seed,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
  }
}
