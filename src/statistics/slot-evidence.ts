import { fTail } from './beta.ts'
import { crossed, entry, inverse, type Matrix, matrixOf } from './matrix.ts'
import { at, sum } from './series.ts'
import type { SlotCell } from './slot-cells.ts'

const slotCount = 168
export const hourOf = (slot: number) => slot % 24
export const weekdayOf = (slot: number) => Math.floor(slot / 24)

/** What posts say of slots, beyond the levels of their groups. */
export type SlotEvidence = {
  posts: number
  groups: number
  /** Posts of each of the 168. */
  n: number[]
  /** Slots in which anything was posted; the rows of what follows. */
  tried: number[]
  /**
   * diag(n) less what the groups' own levels take: a group that only ever posts in one slot says
   * nothing of it, however much it posts. So the diagonal is how many posts each slot really has.
   */
  information: Matrix
  /** Sums of y beyond the means of the groups. */
  score: Matrix
  /** What is left over when groups alone are told apart. */
  squares: number
}

export function slotEvidence(cells: readonly SlotCell[]): SlotEvidence {
  const n = new Array<number>(slotCount).fill(0)
  for (const cell of cells) n[cell.slot] = at(n, cell.slot) + cell.n
  const tried = n.flatMap((own, slot) => (own > 0 ? [slot] : []))
  const place = new Map(tried.map((slot, index) => [slot, index]))
  const information = matrixOf(tried.length, tried.length, () => 0)
  const score = matrixOf(tried.length, 1, () => 0)
  const groups = [...Map.groupBy(cells, ({ group }) => group).values()].map(groupOf)
  const ofPooled = weightOfPooled(groups)
  let squares = 0
  for (const group of groups) {
    const weight = group.pooled ? ofPooled : 1
    squares += weight * group.squares
    addGroup(information, score, group, weight, place)
  }
  return { posts: sum(n), groups: groups.length, n, tried, information, score, squares }
}

type Group = {
  cells: readonly SlotCell[]
  pooled: boolean
  posts: number
  mean: number
  squares: number
}

function groupOf(cells: readonly SlotCell[]): Group {
  const posts = sum(cells.map(({ n }) => n))
  const mean = sum(cells.map(({ total }) => total)) / posts
  const squares = Math.max(sum(cells.map((cell) => cell.squares)) - posts * mean ** 2, 0)
  return { cells, pooled: cells[0]?.pooled ?? false, posts, mean, squares }
}

/**
 * Posts of pooled authors vary by whose they are as well. Taken for as sure as others they would make
 * the slots that only they try look like something.
 */
function weightOfPooled(groups: readonly Group[]): number {
  const variance = (own: readonly Group[]) => {
    const degrees = sum(own.map(({ posts }) => posts - 1))
    return degrees > 0 ? sum(own.map(({ squares }) => squares)) / degrees : 0
  }
  const single = variance(groups.filter(({ pooled }) => !pooled))
  const mixed = variance(groups.filter(({ pooled }) => pooled))
  return single > 0 && mixed > single ? single / mixed : 1
}

function addGroup(
  information: Matrix,
  score: Matrix,
  { cells, posts, mean }: Group,
  weight: number,
  place: ReadonlyMap<number, number>,
): void {
  const places = cells.map(({ slot }) => place.get(slot) ?? 0)
  for (const [index, { n, total }] of cells.entries()) {
    const row = at(places, index)
    const start = row * information.columns
    score.values[row] = at(score.values, row) + weight * (total - n * mean)
    information.values[start + row] = at(information.values, start + row) + weight * n
    for (const [other, { n: beside }] of cells.entries()) {
      const to = start + at(places, other)
      information.values[to] = at(information.values, to) - (weight * n * beside) / posts
    }
  }
}

/** A millionth of a post: keeps what nothing is known of (the level of all slots) within numbers. */
const nextToNothing = 1e-6

/** The least-squares effects of places, how surely each is known, and what they explain. */
export type Fitted = { effects: Matrix; unsureness: Matrix; explained: number; degrees: number }

export function fitted({
  information,
  score,
}: Pick<SlotEvidence, 'information' | 'score'>): Fitted {
  const size = information.rows
  const unsureness = inverse(
    matrixOf(
      size,
      size,
      (row, other) => entry(information, row, other) + (row === other ? nextToNothing : 0),
    ),
  )
  const effects = crossed(unsureness, score)
  const unknown = sum(Array.from({ length: size }, (_, row) => entry(unsureness, row, row)))
  return {
    effects,
    unsureness,
    explained: at(crossed(effects, score).values, 0),
    degrees: Math.round(size - nextToNothing * unknown),
  }
}

/** The same evidence of hours or weekdays: what falls together is added up. */
export function evidenceBy(
  { information, score, tried }: SlotEvidence,
  count: number,
  of: (slot: number) => number,
): Pick<SlotEvidence, 'information' | 'score'> {
  const belongs = matrixOf(tried.length, count, (row, place) =>
    of(at(tried, row)) === place ? 1 : 0,
  )
  return {
    information: crossed(crossed(information, belongs), belongs),
    score: crossed(belongs, score),
  }
}

/** How many posts each place really has: those that can be compared with their groups' others. */
export const effectivePosts = (information: Matrix): number[] =>
  Array.from({ length: information.rows }, (_, row) => Math.max(entry(information, row, row), 0))

/** The variance of single posts, and how many degrees of freedom it stands on. */
export function withinOf({ posts, groups, squares }: SlotEvidence, slots: Fitted) {
  const degrees = Math.max(1, posts - groups - slots.degrees)
  return { within: Math.max((squares - slots.explained) / degrees, 1e-9), degrees }
}

/**
 * How much less is left over when slots, hours or weekdays may differ, by the F test of nested fits;
 * the least likely of the three under "all alike", times three (Bonferroni).
 */
export function chanceOfAlike(evidence: SlotEvidence, slots: Fitted): number {
  const { posts, groups, squares } = evidence
  if (squares <= 1e-9 * posts) return 1
  const chance = ({ explained, degrees }: Fitted) => {
    const left = posts - groups - degrees
    if (degrees < 1 || left < 1) return 1
    const rest = Math.max(squares - explained, 1e-9 * posts)
    return fTail(explained / degrees / (rest / left), degrees, left)
  }
  const hours = fitted(evidenceBy(evidence, 24, hourOf))
  const weekdays = fitted(evidenceBy(evidence, 7, weekdayOf))
  return Math.min(1, 3 * Math.min(...[slots, hours, weekdays].map(chance)))
}
