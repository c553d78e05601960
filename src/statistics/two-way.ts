import { at } from './series.ts'

/** Cells as columns: what one group did in one slot. */
export type Columns = {
  /** Of each cell: place of its group, from 0. */
  group: Int32Array
  slot: Uint8Array
  n: Float64Array
  total: Float64Array
  squares: Float64Array
  groups: number
}

export type Cell = { group: string; slot: number; n: number; total: number; squares: number }

/** Read once into columns: a thousand groups have 168,000 cells, which are gone over many times. */
export function columnsOf(cells: readonly Cell[]): Columns {
  const places = new Map<string, number>()
  const size = cells.length
  const columns = {
    group: new Int32Array(size),
    slot: new Uint8Array(size),
    n: new Float64Array(size),
    total: new Float64Array(size),
    squares: new Float64Array(size),
  }
  for (const [index, { group, slot, n, total, squares }] of cells.entries()) {
    let place = places.get(group)
    if (place === undefined) {
      place = places.size
      places.set(group, place)
    }
    columns.group[index] = place
    columns.slot[index] = slot
    columns.n[index] = n
    columns.total[index] = total
    columns.squares[index] = squares
  }
  return { ...columns, groups: places.size }
}

export type TwoWay = {
  /** Of each place beyond the groups. */
  effect: Float64Array
  n: Float64Array
  /** What is left over. */
  squares: number
  degrees: number
}

const rounds = 8

/**
 * Groups and places (slots, hours or weekdays) are mixed, because an author has habits: each is
 * estimated beyond the other, in turns, until neither changes.
 */
export function fitTwoWay(
  columns: Columns,
  count: number,
  placeOfSlot: (slot: number) => number,
): TwoWay {
  const place = columns.slot.map(placeOfSlot)
  const groupN = sumsBy(columns.group, columns.n, columns.groups)
  const n = sumsBy(place, columns.n, count)
  const groupTotal = sumsBy(columns.group, columns.total, columns.groups)
  const placeTotal = sumsBy(place, columns.total, count)
  const effect = new Float64Array(count)
  let groupEffect = new Float64Array(columns.groups)
  for (let round = 0; round < rounds; round++) {
    groupEffect = beyond(groupTotal, groupN, columns.group, place, columns.n, effect)
    effect.set(beyond(placeTotal, n, place, columns.group, columns.n, groupEffect))
  }
  const tried = n.reduce((places, own) => places + (own > 0 ? 1 : 0), 0)
  const posts = n.reduce((all, own) => all + own, 0)
  return {
    effect,
    n,
    squares: leftOver(columns, place, groupEffect, effect),
    degrees: Math.max(1, posts - columns.groups - tried + 1),
  }
}

/** What is left over when groups alone are told apart. */
export function leftOverOfGroups({ group, n, total, squares, groups }: Columns): number {
  const [own, totals] = [sumsBy(group, n, groups), sumsBy(group, total, groups)]
  let left = 0
  for (const value of squares) left += value
  for (let index = 0; index < groups; index++) left -= at(totals, index) ** 2 / at(own, index)
  return left
}

function sumsBy(key: ArrayLike<number>, values: Float64Array, count: number): Float64Array {
  const sums = new Float64Array(count)
  for (let index = 0; index < values.length; index++) {
    const own = key[index] ?? 0
    sums[own] = (sums[own] ?? 0) + (values[index] ?? 0)
  }
  return sums
}

/** The means by `key` of what the effects of `other` do not explain. */
function beyond(
  totals: Float64Array,
  counts: Float64Array,
  key: ArrayLike<number>,
  other: ArrayLike<number>,
  n: Float64Array,
  effects: Float64Array,
): Float64Array<ArrayBuffer> {
  const means = new Float64Array(totals)
  for (let index = 0; index < n.length; index++) {
    const own = key[index] ?? 0
    means[own] = (means[own] ?? 0) - (n[index] ?? 0) * (effects[other[index] ?? 0] ?? 0)
  }
  for (let own = 0; own < means.length; own++) {
    const count = counts[own] ?? 0
    means[own] = count > 0 ? (means[own] ?? 0) / count : 0
  }
  return means
}

function leftOver(
  { group, n, total, squares }: Columns,
  place: ArrayLike<number>,
  groupEffect: Float64Array,
  effect: Float64Array,
): number {
  let left = 0
  for (let index = 0; index < n.length; index++) {
    const own = (groupEffect[group[index] ?? 0] ?? 0) + (effect[place[index] ?? 0] ?? 0)
    left += (squares[index] ?? 0) - 2 * own * (total[index] ?? 0) + (n[index] ?? 0) * own * own
  }
  return left
}
