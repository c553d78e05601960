/**
 * The same numbers on every machine and in every version of Node.js: whole 32-bit arithmetic, and of
 * floats only what IEEE 754 rounds in one way (no logarithms, no powers, no clock, no locale).
 */
export type Random = {
  /** 0 to less than 1, in steps of 2⁻³². */
  unit: () => number
  /** 0 to `below` - 1. */
  int: (below: number) => number
  chance: (share: number) => boolean
  pick: <T>(list: readonly T[]) => T
  /** An index, as often as its weight says. */
  weighted: (weights: readonly number[]) => number
}

/** A stream of its own for each name, so that what one part draws moves no other. */
export function randomOf(seed: number, name: string): Random {
  const next = sfc32(hash(`${seed}/${name}/a`), hash(`${seed}/${name}/b`), hash(name), seed | 0)
  for (let warm = 0; warm < 12; warm++) next()
  const unit = () => next() / 4_294_967_296
  const int = (below: number) => Math.floor(unit() * below)
  return {
    unit,
    int,
    chance: (share) => unit() < share,
    pick: (list) => {
      const one = list[int(list.length)]
      if (one === undefined) throw new Error('There is nothing to pick from.')
      return one
    },
    weighted: (weights) => {
      let rest = unit() * weights.reduce((sum, one) => sum + one, 0)
      const index = weights.findIndex((one) => {
        rest -= one
        return rest < 0
      })
      return index < 0 ? weights.length - 1 : index
    },
  }
}

/** FNV-1a over UTF-16 units. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  }
  return value | 0
}

/** Doty-Humphrey's Small Fast Chaotic generator with a counter (PractRand). */
function sfc32(one: number, two: number, three: number, start: number): () => number {
  let [a, b, c, counter] = [one, two, three, start]
  return () => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    c |= 0
    return sum >>> 0
  }
}
