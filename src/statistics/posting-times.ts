import { type Belief, chancesOfBest } from './chance-of-best.ts'
import { studentFactor } from './intervals.ts'
import { sum } from './series.ts'
import type { SlotCell } from './slot-cells.ts'
import {
  chanceOfAlike,
  effectivePosts,
  evidenceBy,
  fitted,
  hourOf,
  type SlotEvidence,
  slotEvidence,
  weekdayOf,
  withinOf,
} from './slot-evidence.ts'
import { type SlotBeliefs, slotBeliefs } from './slot-model.ts'

/** How many times the group's usual engagement: 1 is usual. null: nothing was ever posted then. */
export type Lift = { lift: number | null; low: number | null; high: number | null }

type Seen = {
  posts: number
  /** So many of them can be compared with others of their groups. */
  effectivePosts: number
}

export type SlotEffect = Lift &
  Seen & {
    /** 24 · weekday + hour, Monday 0, in the zone of the cells. */
    slot: number
    /** The probability that this slot is among the best five of those that were tried. */
    inBest: number | null
  }

export type PostingTimes = {
  slots: SlotEffect[]
  /** Beyond weekdays. */
  hours: (Lift & Seen & { hour: number })[]
  /** Beyond hours. */
  weekdays: (Lift & Seen & { weekday: number })[]
  /** null: no reliable difference, and no slot should be preferred. */
  best: { slots: number[]; hours: number[]; weekdays: number[] } | null
  /** Of every interval. */
  level: number
  posts: number
  groups: number
  /** The chance of differences this large if all slots were alike. */
  pValue: number | null
  reason: 'too_few_posts' | 'nothing_to_compare' | 'no_reliable_difference' | null
}

const leastPosts = 30
/** Asked again every week, one time in twenty would be too often. */
const sureness = 0.01
/** Nobody gets up for less than one percent. */
const leastLift = 1.01
const bestSlots = 5

/** When posts did best beyond what their groups do anyway, by the model of `slotBeliefs`. */
export function postingTimes(cells: readonly SlotCell[], level = 0.9): PostingTimes {
  const evidence = slotEvidence(cells)
  const { posts, groups } = evidence
  if (posts < leastPosts || posts - groups < leastPosts / 2) {
    return toldOf(evidence, level, 'too_few_posts')
  }
  const fit = fitted(evidence)
  if (fit.degrees < 1) return toldOf(evidence, level, 'nothing_to_compare')
  const { within, degrees } = withinOf(evidence, fit)
  const beliefs = slotBeliefs(fit, evidence, within)
  const factor = studentFactor(degrees, level)
  const pValue = chanceOfAlike(evidence, fit)
  const told = toldOf(evidence, level, 'no_reliable_difference', { beliefs, factor, pValue })
  const best = {
    slots: top(told.slots, bestSlots).map(({ slot }) => slot),
    hours: top(told.hours, 5).map(({ hour }) => hour),
    weekdays: top(told.weekdays, 3).map(({ weekday }) => weekday),
  }
  return pValue < sureness && best.slots.length > 0 ? { ...told, best, reason: null } : told
}

type Known = { beliefs: SlotBeliefs; factor: number; pValue: number }

function toldOf(
  evidence: SlotEvidence,
  level: number,
  reason: PostingTimes['reason'],
  known: Known | null = null,
): PostingTimes {
  const { n, tried, posts, groups } = evidence
  const lift = (own: number, belief: Belief | undefined) =>
    own > 0 && belief && known ? liftOf(belief, known.factor) : unknown
  const chances = known ? chancesOfBest(known.beliefs.slots, bestSlots) : []
  const place = new Map(tried.map((slot, index) => [slot, index]))
  const ofSlots = effectivePosts(evidence.information)
  const seen = (own: number, effective: number | undefined) => ({
    posts: own,
    effectivePosts: Math.round(10 * (effective ?? 0)) / 10,
  })
  const placesOf = (count: number, of: (slot: number) => number, beliefs?: readonly Belief[]) => {
    const effective = effectivePosts(evidenceBy(evidence, count, of).information)
    return effective.map((own, index) => {
      const all = sum(n.filter((_, slot) => of(slot) === index))
      return { ...seen(all, own), ...lift(all, beliefs?.[index]) }
    })
  }
  return {
    slots: n.map((own, slot) => {
      const row = place.get(slot) ?? -1
      const told = { ...seen(own, ofSlots[row]), ...lift(own, known?.beliefs.slots[row]) }
      return { slot, ...told, inBest: chances[row] ?? null }
    }),
    hours: placesOf(24, hourOf, known?.beliefs.hours).map((one, hour) => ({ hour, ...one })),
    weekdays: placesOf(7, weekdayOf, known?.beliefs.weekdays).map((one, weekday) => ({
      weekday,
      ...one,
    })),
    best: null,
    level,
    posts,
    groups,
    pValue: known?.pValue ?? null,
    reason,
  }
}

const unknown: Lift = { lift: null, low: null, high: null }

const liftOf = ({ mean, spread }: Belief, factor: number): Lift => ({
  lift: Math.exp(mean),
  low: Math.exp(mean - factor * spread),
  high: Math.exp(mean + factor * spread),
})

const top = <T extends Lift>(places: readonly T[], count: number): T[] =>
  places
    .filter(({ lift }) => (lift ?? 0) >= leastLift)
    .toSorted((one, other) => (other.lift ?? 0) - (one.lift ?? 0))
    .slice(0, count)
