import { crossed, entry, inverse, type Matrix, matrixOf, squaresOf } from './matrix.ts'
import { at } from './series.ts'
import type { Fitted } from './slot-evidence.ts'

/** Variances of the true effects of hours, of weekdays, and of slots beyond both. */
export type Spreads = { hour: number; weekday: number; own: number }

/** How slots draw from hours (through the root of their likeness) and from weekdays. */
type Parts = { byHour: Matrix; byDay: Matrix }

const rounds = 12
/** Of a logarithm: a tenth more or less of a variance moves no effect that one could see. */
const enough = 0.1
/** Of the variance of single posts. */
const [least, start, most] = [1e-5, 0.05, 10]
const largestStep = 1.5

/**
 * Restricted maximum likelihood by Fisher scoring on the logarithms, under a flat prior on the standard
 * deviations (Gelman 2006): without it a spread that chance makes look like 0 would be taken for 0, and
 * seven weekdays for known exactly.
 */
export function spreadsOf(fit: Fitted, parts: Parts, within: number): Spreads {
  const size = fit.effects.rows
  let spreads = [start, start, start].map((share) => share * within)
  const [hours, days] = [outer(parts.byHour), outer(parts.byDay)]
  for (let round = 0; round < rounds; round++) {
    const [hour = 0, weekday = 0, own = 0] = spreads
    const precision = inverse(
      matrixOf(
        size,
        size,
        (row, other) =>
          within * entry(fit.unsureness, row, other) +
          hour * entry(hours, row, other) +
          weekday * entry(days, row, other) +
          (row === other ? own : 0),
      ),
    )
    const steps = stepsOf(precision, fit.effects, parts, spreads)
    spreads = spreads.map((spread, index) =>
      Math.min(most * within, Math.max(least * within, spread * Math.exp(at(steps, index)))),
    )
    if (steps.every((step) => Math.abs(step) < enough)) break
  }
  const [hour = 0, weekday = 0, own = 0] = spreads
  return { hour, weekday, own }
}

const transposed = (matrix: Matrix): Matrix =>
  matrixOf(matrix.columns, matrix.rows, (row, column) => entry(matrix, column, row))
const outer = (matrix: Matrix): Matrix => crossed(transposed(matrix), transposed(matrix))

/** Steps of the logarithms of the three variances towards the top of their posterior. */
function stepsOf(
  precision: Matrix,
  effects: Matrix,
  { byHour, byDay }: Parts,
  spreads: readonly number[],
): number[] {
  const pull = crossed(precision, effects)
  const [ofHours, ofDays] = [crossed(precision, byHour), crossed(precision, byDay)]
  const [hours, days] = [crossed(byHour, ofHours), crossed(byDay, ofDays)]
  const explained = [
    squaresOf(crossed(byHour, pull)) - trace(hours),
    squaresOf(crossed(byDay, pull)) - trace(days),
    squaresOf(pull) - trace(precision),
  ]
  const both = squaresOf(crossed(byHour, ofDays))
  const known = [
    [squaresOf(hours), both, squaresOf(ofHours)],
    [both, squaresOf(days), squaresOf(ofDays)],
    [squaresOf(ofHours), squaresOf(ofDays), squaresOf(precision)],
  ]
  const slope = matrixOf(3, 1, (row) => (at(spreads, row) * at(explained, row) + 1) / 2)
  // Where next to nothing is known, steps would be endless: a little is added.
  const curvature = matrixOf(
    3,
    3,
    (row, other) =>
      (at(spreads, row) * at(spreads, other) * at(known[row] ?? [], other)) / 2 +
      (row === other ? 0.25 : 0),
  )
  const steps = crossed(inverse(curvature), slope).values
  return [...steps].map((step) => Math.max(-largestStep, Math.min(largestStep, step)))
}

function trace(matrix: Matrix): number {
  let total = 0
  for (let row = 0; row < matrix.rows; row++) total += entry(matrix, row, row)
  return total
}
