/** A stream of pseudo-random numbers that is the same on every machine for the same key. */
export type Random = {
  /** 0 <= x < 1 */
  float: () => number
  /** 0 <= n < below */
  int: (below: number) => number
  between: (low: number, high: number) => number
  chance: (probability: number) => boolean
  pick: <Item>(items: readonly Item[]) => Item
  /** Standard normal, by Box and Muller. */
  normal: () => number
}

export type Key = readonly (string | number)[]

/** FNV-1a over the parts, finished as in MurmurHash3 so that near keys land far apart. */
export function hash32(...parts: Key): number {
  let h = 0x811c9dc5
  for (const part of parts) {
    const text = typeof part === 'number' ? part.toString(36) : part
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
    h = Math.imul(h ^ 0x2f, 0x01000193)
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

export function randomFor(...key: Key): Random {
  let state = hash32(...key)
  // mulberry32: one 32-bit word of state is plenty for the few draws that one key serves.
  const float = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const int = (below: number) => Math.floor(float() * below)
  return {
    float,
    int,
    between: (low, high) => low + float() * (high - low),
    chance: (probability) => float() < probability,
    pick: (items) => pickFrom(items, int),
    normal: () => Math.sqrt(-2 * Math.log(1 - float())) * Math.cos(2 * Math.PI * float()),
  }
}

function pickFrom<Item>(items: readonly Item[], int: (below: number) => number): Item {
  const item = items[int(items.length)]
  if (item === undefined) throw new RangeError('Cannot pick from an empty list')
  return item
}

/** A heavy tail: most draws near `median`, a few far above it. */
export const logNormal = (random: Random, median: number, spread: number) =>
  median * Math.exp(random.normal() * spread)

const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
export const token = (length: number, ...key: Key) => {
  const random = randomFor(...key)
  return Array.from({ length }, () => base64url[random.int(64)]).join('')
}
