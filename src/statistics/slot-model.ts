import type { Belief } from './chance-of-best.ts'
import { crossed, entry, inverse, lowerRoot, type Matrix, matrixOf } from './matrix.ts'
import { at, sum } from './series.ts'
import {
  effectivePosts,
  evidenceBy,
  type Fitted,
  hourOf,
  type SlotEvidence,
  weekdayOf,
} from './slot-evidence.ts'
import { spreadsOf } from './slot-spreads.ts'

/** Beyond what is usual. */
export type SlotBeliefs = {
  /** In the order of the slots that were tried. */
  slots: Belief[]
  hours: Belief[]
  weekdays: Belief[]
}

/** An hour is this much like the next one, and that one like the one after it, around the clock. */
const likeness = 0.7
const hoursADay = 24

const hourLikeness = matrixOf(hoursADay, hoursADay, (one, other) => {
  const apart = Math.abs(one - other)
  return (likeness ** apart + likeness ** (hoursADay - apart)) / (1 + likeness ** hoursADay)
})
const hourRoot = lowerRoot(hourLikeness)

/**
 * Slots as sums of an hour's effect, a weekday's and their own, each drawn towards 0 as far as chance
 * alone would spread them: the mixed model whose slots are θ = (n·ȳ + k·m) / (n + k), with m the sum of
 * hour and weekday and k the variance of posts over that between slots. What stays unsure of hours and
 * weekdays is in the spread of their slots.
 */
export function slotBeliefs(fit: Fitted, evidence: SlotEvidence, within: number): SlotBeliefs {
  const { tried, information } = evidence
  const byHour = matrixOf(tried.length, hoursADay, (row, hour) =>
    entry(hourRoot, hourOf(at(tried, row)), hour),
  )
  const byDay = matrixOf(tried.length, 7, (row, day) => (weekdayOf(at(tried, row)) === day ? 1 : 0))
  const { hour, weekday, own } = spreadsOf(fit, { byHour, byDay }, within)
  const prior = matrixOf(
    tried.length,
    tried.length,
    (row, other) =>
      hour * entry(hourLikeness, hourOf(at(tried, row)), hourOf(at(tried, other))) +
      (weekdayOf(at(tried, row)) === weekdayOf(at(tried, other)) ? weekday : 0) +
      (row === other ? own : 0),
  )
  const precision = inverse(added(prior, scaled(fit.unsureness, within)))
  const pull = crossed(precision, fit.effects)
  const countsBy = (count: number, of: (slot: number) => number) =>
    effectivePosts(evidenceBy(evidence, count, of).information)
  const posterior = (cross: Matrix, before: Matrix, weights: readonly number[]) =>
    beyondUsual(
      crossed(cross, pull),
      less(before, crossed(crossed(precision, cross), cross)),
      weights,
    )
  const ofHours = matrixOf(
    tried.length,
    hoursADay,
    (row, at24) => hour * entry(hourLikeness, hourOf(at(tried, row)), at24),
  )
  return {
    slots: posterior(prior, prior, effectivePosts(information)),
    hours: posterior(ofHours, scaled(hourLikeness, hour), countsBy(hoursADay, hourOf)),
    weekdays: posterior(
      scaled(byDay, weekday),
      matrixOf(7, 7, (one, other) => (one === other ? weekday : 0)),
      countsBy(7, weekdayOf),
    ),
  }
}

const scaled = ({ rows, columns, values }: Matrix, factor: number): Matrix => ({
  rows,
  columns,
  values: values.map((value) => value * factor),
})
const added = (one: Matrix, other: Matrix): Matrix => ({
  ...one,
  values: one.values.map((value, index) => value + at(other.values, index)),
})
const less = (one: Matrix, other: Matrix): Matrix => added(one, scaled(other, -1))

/** Each place against the mean of all posts that can be compared: what is usual. */
function beyondUsual(mean: Matrix, covariance: Matrix, weights: readonly number[]): Belief[] {
  // Where all posts are at one hour, or on one day, they differ by nothing.
  const all = Math.max(sum(weights), 1e-9)
  const share = matrixOf(weights.length, 1, (row) => at(weights, row) / all)
  const usual = at(crossed(mean, share).values, 0)
  const withUsual = crossed(covariance, share)
  const unsure = at(crossed(withUsual, share).values, 0)
  return weights.map((_, place) => ({
    mean: at(mean.values, place) - usual,
    spread: Math.sqrt(
      Math.max(entry(covariance, place, place) - 2 * at(withUsual.values, place) + unsure, 0),
    ),
  }))
}
