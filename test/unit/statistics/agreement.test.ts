import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { incompleteBeta } from '../../../src/statistics/beta.ts'
import { chiSquare, stabilityIndex } from '../../../src/statistics/drift.ts'
import { kappa } from '../../../src/statistics/kappa.ts'
import { moderatedMean } from '../../../src/statistics/moderated-mean.ts'

const square = fc.array(fc.array(fc.nat(50), { minLength: 3, maxLength: 3 }), {
  minLength: 3,
  maxLength: 3,
})

describe('kappa', () => {
  test('the textbook table of fifty proposals: 0.4', () => {
    const found = kappa([
      [20, 5],
      [10, 15],
    ])
    expect(found?.value).toBeCloseTo(0.4, 12)
  })

  test('its interval is the one of numerical differentiation (the delta method)', () => {
    fc.assert(
      fc.property(square, (table) => {
        const found = kappa(table)
        const n = table.flat().reduce((total, count) => total + count, 0)
        if (!found || n < 30) return
        const se = deltaError(table, n)
        const clipped = (value: number) => Math.max(-1, Math.min(1, value))
        expect(found.low).toBeCloseTo(clipped(found.value - 1.959964 * se), 4)
        expect(found.high).toBeCloseTo(clipped(found.value + 1.959964 * se), 4)
      }),
    )
  })

  test('nothing, and one and the same word for all, say nothing', () => {
    expect(
      kappa([
        [0, 0],
        [0, 0],
      ]),
    ).toBeNull()
    expect(
      kappa([
        [9, 0],
        [0, 0],
      ]),
    ).toBeNull()
    expect(
      kappa([
        [5, 0],
        [0, 5],
      ]),
    ).toMatchObject({ value: 1, low: 1, high: 1 })
  })
})

/** Standard error of kappa by central differences of the multinomial's shares. */
function deltaError(table: number[][], n: number): number {
  const shares = table.flat().map((count) => count / n)
  const kappaOf = (flat: number[]) => {
    const total = flat.reduce((sum, share) => sum + share, 0)
    const p = (i: number, j: number) => (flat[i * 3 + j] ?? 0) / total
    const axis = [0, 1, 2]
    const agreed = axis.reduce((sum, i) => sum + p(i, i), 0)
    const chance = axis.reduce(
      (sum, i) =>
        sum + axis.reduce((row, j) => row + p(i, j), 0) * axis.reduce((row, j) => row + p(j, i), 0),
      0,
    )
    return (agreed - chance) / (1 - chance)
  }
  const step = 1e-5
  const slopes = shares.map((_, cell) => {
    const moved = (by: number) => kappaOf(shares.map((s, other) => (other === cell ? s + by : s)))
    return (moved(step) - moved(-step)) / (2 * step)
  })
  const mean = shares.reduce((sum, share, cell) => sum + share * (slopes[cell] ?? 0), 0)
  const square = shares.reduce((sum, share, cell) => sum + share * (slopes[cell] ?? 0) ** 2, 0)
  return Math.sqrt(Math.max(0, square - mean ** 2) / n)
}

describe('drift', () => {
  test('a worked example: the definition term by term, and of two degrees p is e^(-x/2)', () => {
    const found = chiSquare([90, 60, 104], [30, 50, 51])
    // The definition, term by term.
    const [a, b] = [254, 131]
    const expected = [120, 110, 155].map((total) => [(total * a) / 385, (total * b) / 385] as const)
    const seen = [
      [90, 30],
      [60, 50],
      [104, 51],
    ] as const
    const statistic = expected.reduce(
      (sum, [one, two], k) =>
        sum + ((seen[k]?.[0] ?? 0) - one) ** 2 / one + ((seen[k]?.[1] ?? 0) - two) ** 2 / two,
      0,
    )
    expect(found?.statistic).toBeCloseTo(statistic, 10)
    expect(found?.degrees).toBe(2)
    expect(found?.p).toBeCloseTo(Math.exp(-statistic / 2), 10)
  })

  test('the same shares do not drift, and each way is as far', () => {
    expect(stabilityIndex([100, 200, 300], [200, 400, 600])).toBeCloseTo(0, 4)
    const far = stabilityIndex([700, 200, 100], [100, 200, 700]) ?? 0
    expect(far).toBeCloseTo(2 * 0.6 * Math.log(7), 1)
    expect(stabilityIndex([100, 200, 700], [700, 200, 100])).toBeCloseTo(far, 12)
  })

  test('a class that is new drifts far, not infinitely; of nothing nothing is known', () => {
    expect(stabilityIndex([100, 0, 0], [0, 0, 100])).toBeLessThan(20)
    expect(stabilityIndex([], [])).toBeNull()
    expect(stabilityIndex([0, 0, 0], [1, 2, 3])).toBeNull()
    expect(chiSquare([3, 1, 0], [2, 2, 0])).toBeNull()
    expect(chiSquare([50, 0, 0], [60, 0, 0])).toBeNull()
  })
})

describe('the moderated mean', () => {
  const limits = { least: -1, most: 1 }
  const of = (values: number[]) => ({
    n: values.length,
    sum: values.reduce((sum, value) => sum + value, 0),
    squares: values.reduce((sum, value) => sum + value ** 2, 0),
  })

  test('two equal values prove little, one has an interval, none has nothing', () => {
    const two = moderatedMean(of([0.9, 0.9]), 0.3, limits)
    expect((two?.high ?? 0) - (two?.low ?? 0)).toBeGreaterThan(0.8)
    expect(moderatedMean(of([0.9]), 0.3, limits)?.low).toBeLessThan(0)
    expect(moderatedMean(of([]), 0.3, limits)).toBeNull()
  })

  test('of many values it is the plain interval', () => {
    const values = Array.from({ length: 4_000 }, (_, index) => Math.sin(index))
    const found = moderatedMean(of(values), 0.1, limits)
    const spread = Math.sqrt(of(values).squares / 4_000)
    expect(found?.high).toBeCloseTo((found?.value ?? 0) + (1.96 * spread) / Math.sqrt(4_000), 3)
  })

  test('it holds the truth nine times of ten down to two values, and as promised from thirty on', () => {
    // Moods: mostly sure of themselves, so far from normal. A fixed walk through the unit interval.
    let state = 1
    const draw = () => {
      state = (state * 48_271) % 2_147_483_647
      return state / 2_147_483_647
    }
    const mood = () => (draw() < 0.6 ? 0.8 : draw() < 0.5 ? -0.7 : 0.05)
    const truth = 0.6 * 0.8 + 0.4 * 0.5 * (-0.7 + 0.05)
    const spread = 0.6 * 0.64 + 0.2 * (0.49 + 0.0025) - truth ** 2
    const holds = (n: number) => {
      const found = moderatedMean(of(Array.from({ length: n }, mood)), spread, limits)
      return found !== null && found.low <= truth && truth <= found.high
    }
    for (const [n, least] of [
      [2, 0.895],
      [5, 0.895],
      [10, 0.895],
      [30, 0.935],
    ] as const) {
      const held = Array.from({ length: 2_000 }, () => holds(n)).filter(Boolean).length
      expect(held / 2_000).toBeGreaterThan(least)
    }
  })
})

test('the tail of chi-square of one degree is the normal’s', () => {
  const found = chiSquare([60, 40], [40, 60])
  expect(found?.statistic).toBeCloseTo(8, 10)
  // P(|Z| > √8) through Student's with very many degrees.
  const tail = incompleteBeta(5e5, 0.5, 1e6 / (1e6 + 8))
  expect(found?.p).toBeCloseTo(tail, 5)
})
