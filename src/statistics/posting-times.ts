import { fTail } from './beta.ts'
import { chancesOfBest } from './chance-of-best.ts'
import { normalQuantile } from './normal.ts'
import { at, sum } from './series.ts'
import { betweenOf, type Fit, type Margins, marginsOf } from './shrunken-margins.ts'
import { type Columns, columnsOf, fitTwoWay, leftOverOfGroups, type TwoWay } from './two-way.ts'

/**
 * What was seen of one group in one slot: `n` posts and the sum and sum of squares of their
 * ln(1 + engagement at a fixed age). A group is what must not be mistaken for the hour: an author, a
 * kind of content and a month, so that neither a prolific author, nor videos, nor a trend owns a slot.
 */
export type SlotCell = { group: string; slot: number; n: number; total: number; squares: number }

export type SlotEffect = {
  /** 24 · weekday + hour, Monday 0, in the zone of the cells. */
  slot: number
  posts: number
  /** How many times the group's usual engagement: 1 is usual. null: nothing was ever posted then. */
  lift: number | null
  low: number | null
  high: number | null
  /** The probability that this slot is among the best five of those that were tried. */
  inBest: number | null
}

export type PostingTimes = {
  slots: SlotEffect[]
  hours: { hour: number; posts: number; lift: number | null }[]
  weekdays: { weekday: number; posts: number; lift: number | null }[]
  /** null: no reliable difference, and no slot should be preferred. */
  best: { slots: number[]; hours: number[]; weekdays: number[] } | null
  posts: number
  groups: number
  /** The chance of differences this large if all slots were alike. */
  pValue: number | null
  reason: null | 'too_few_posts' | 'no_reliable_difference'
}

const slotCount = 168
const leastPosts = 30
/** Asked again every week, one time in twenty would be too often. */
const sureness = 0.01
/** Nobody gets up for less than one percent. */
const leastEffect = Math.log(1.01)
const bestSlots = 5

/**
 * Slot effects by hierarchical shrinkage: θ = (n·ȳ + k·m) / (n + k), where ȳ is what the slot's posts
 * did beyond their groups, m the sum of the hour's and the weekday's own (shrunken) effects, and k the
 * variance within slots over the variance between them (empirical Bayes). Few posts say little, and a
 * slot without any says nothing.
 */
export function postingTimes(cells: readonly SlotCell[], level = 0.9): PostingTimes {
  const columns = columnsOf(cells)
  const { groups } = columns
  const posts = sum(columns.n)
  if (posts < leastPosts || posts - groups < leastPosts / 2) return nothing(columns, posts)
  const bySlot = fitTwoWay(columns, slotCount, (slot) => slot)
  const fit = centred(bySlot)
  const margins = marginsOf(fit)
  const theta = shrunken(fit, margins)
  const pValue = evidence(columns, bySlot)
  const found = bestOf(fit, margins, theta.mean)
  const reliable = pValue < sureness && found.slots.length > 0
  const chances = chancesBySlot(fit, theta)
  const half = normalQuantile(0.5 + level / 2)
  return {
    slots: fit.n.map((n, slot) => ({
      slot,
      posts: n,
      ...liftOf(n === 0 ? null : at(theta.mean, slot), half * at(theta.spread, slot)),
      inBest: n === 0 ? null : at(chances, slot),
    })),
    hours: margins.hour.map((effect, hour) => told(ofHour(fit.n, hour), effect, { hour })),
    weekdays: margins.weekday.map((effect, weekday) =>
      told(ofWeekday(fit.n, weekday), effect, { weekday }),
    ),
    best: reliable ? found : null,
    posts,
    groups,
    pValue,
    reason: reliable ? null : 'no_reliable_difference',
  }
}

function nothing({ slot: slots, n, groups }: Columns, posts: number): PostingTimes {
  const bySlot = new Array<number>(slotCount).fill(0)
  for (const [index, slot] of slots.entries()) bySlot[slot] = at(bySlot, slot) + at(n, index)
  return {
    slots: bySlot.map((own, slot) => ({
      slot,
      posts: own,
      lift: null,
      low: null,
      high: null,
      inBest: null,
    })),
    hours: placesOf(24, (hour) => ({ hour, posts: ofHour(bySlot, hour), lift: null })),
    weekdays: placesOf(7, (weekday) => ({
      weekday,
      posts: ofWeekday(bySlot, weekday),
      lift: null,
    })),
    best: null,
    posts,
    groups,
    pValue: null,
    reason: 'too_few_posts',
  }
}

const told = <P>(posts: number, effect: number, place: P) => ({
  ...place,
  posts,
  lift: posts === 0 ? null : Math.exp(effect),
})
const placesOf = <T>(count: number, of: (place: number) => T): T[] =>
  Array.from({ length: count }, (_, place) => of(place))
const ofHour = (n: readonly number[], hour: number) =>
  sum(n.filter((_, slot) => slot % 24 === hour))
const ofWeekday = (n: readonly number[], weekday: number) =>
  sum(n.slice(24 * weekday, 24 * weekday + 24))

const liftOf = (effect: number | null, half: number) =>
  effect === null
    ? { lift: null, low: null, high: null }
    : {
        lift: Math.exp(effect),
        low: Math.exp(effect - half),
        high: Math.exp(effect + half),
      }

function centred({ effect, n, squares, degrees }: TwoWay): Fit {
  const own = [...n]
  const middle = sum(own.map((count, slot) => count * at(effect, slot))) / sum(own)
  return {
    n: own,
    mean: own.map((count, slot) => (count === 0 ? 0 : at(effect, slot) - middle)),
    within: Math.max(squares / degrees, 1e-9),
  }
}

type Theta = { mean: number[]; spread: number[] }

function shrunken(fit: Fit, { hour, weekday }: Margins): Theta {
  const expected = fit.n.map((_, slot) => at(hour, slot % 24) + at(weekday, Math.floor(slot / 24)))
  const beyond = fit.n.flatMap((n, slot) =>
    n === 0 ? [] : [{ n, mean: at(fit.mean, slot) - at(expected, slot) }],
  )
  const between = betweenOf(beyond, fit.within)
  const k = fit.within / between
  const posts = sum(fit.n)
  return {
    mean: fit.n.map((n, slot) => (n * at(fit.mean, slot) + k * at(expected, slot)) / (n + k)),
    // What is left unknown of the slot itself, and of the margins that it leans on.
    spread: fit.n.map((n) => {
      const lean = (k / (n + k)) ** 2
      return Math.sqrt(fit.within / (n + k) + lean * fit.within * (30 / Math.max(posts, 30)))
    }),
  }
}

/**
 * How much less is left over when slots, hours or weekdays may differ, by the F test of nested fits;
 * the least likely of the three under "all alike", times three (Bonferroni).
 */
function evidence(columns: Columns, bySlot: TwoWay): number {
  const alone = leftOverOfGroups(columns)
  const chance = ({ n, squares, degrees }: TwoWay) => {
    const more = n.filter((own) => own > 0).length - 1
    return more < 1 || squares <= 0
      ? 1
      : fTail((alone - squares) / more / (squares / degrees), more, degrees)
  }
  const chances = [
    chance(bySlot),
    chance(fitTwoWay(columns, 24, (slot) => slot % 24)),
    chance(fitTwoWay(columns, 7, (slot) => Math.floor(slot / 24))),
  ]
  return Math.min(1, 3 * Math.min(...chances))
}

/** How often each slot is among the best five of those that were tried. */
function chancesBySlot(fit: Fit, theta: Theta): number[] {
  const slots = fit.n.flatMap((n, slot) => (n > 0 ? [slot] : []))
  const beliefs = slots.map((slot) => ({
    mean: at(theta.mean, slot),
    spread: at(theta.spread, slot),
  }))
  const chances = new Array<number>(slotCount).fill(0)
  for (const [place, chance] of chancesOfBest(beliefs, bestSlots).entries()) {
    chances[slots[place] ?? 0] = chance
  }
  return chances
}

function bestOf(fit: Fit, { hour, weekday }: Margins, theta: readonly number[]) {
  const top = (effects: readonly number[], tried: (place: number) => boolean, count: number) =>
    effects
      .map((effect, place) => ({ effect, place }))
      .filter(({ effect, place }) => effect >= leastEffect && tried(place))
      .toSorted((one, other) => other.effect - one.effect)
      .slice(0, count)
      .map(({ place }) => place)
  const posted = (of: (slot: number) => number) => (place: number) =>
    fit.n.some((n, slot) => n > 0 && of(slot) === place)
  return {
    slots: top(theta, (slot) => at(fit.n, slot) > 0, bestSlots),
    hours: top(
      hour,
      posted((slot) => slot % 24),
      5,
    ),
    weekdays: top(
      weekday,
      posted((slot) => Math.floor(slot / 24)),
      3,
    ),
  }
}
