import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { draws } from '../../../bench/analytics/planted.ts'
import { type Forecast, forecast } from '../../../src/statistics/forecast/forecast.ts'
import { coverageOf, widthsOf } from '../../../src/statistics/forecast/intervals.ts'
import {
  dampedHolt,
  holtWinters,
  seasonalNaive,
  simpleMovingAverage,
} from '../../../src/statistics/forecast/methods.ts'

const days = (length: number, value: (day: number) => number) =>
  Array.from({ length }, (_, day) => value(day))

describe('methods', () => {
  test('the simple moving average is the mean of the last values', () => {
    expect(simpleMovingAverage(3).forecast([1, 2, 3, 4, 8], 2)).toEqual([5, 5])
    expect(simpleMovingAverage(7).forecast([1, 3], 1)).toEqual([2])
  })

  test('seasonal naive repeats the last season', () => {
    expect(seasonalNaive(3).forecast([9, 9, 9, 1, 2, 3], 5)).toEqual([1, 2, 3, 1, 2])
  })

  test('a damped trend goes on more slowly than the line', () => {
    const said = dampedHolt.forecast(
      days(40, (day) => 10 + 2 * day),
      10,
    )
    expect(said[0]).toBeCloseTo(90, 0)
    expect(said[9]).toBeGreaterThan(said[0] ?? 0)
    expect(said[9]).toBeLessThan(10 + 2 * 49)
  })

  test('Holt-Winters learns a week that repeats exactly', () => {
    const week = [5, 8, 13, 2, 1, 30, 21]
    const said = holtWinters(7).forecast(
      days(70, (day) => week[day % 7] ?? 0),
      14,
    )
    for (const [step, value] of said.entries()) expect(value).toBeCloseTo(week[step % 7] ?? 0, 6)
  })
})

describe('a forecast', () => {
  const noise = (day: number) => ((day * 7919) % 13) - 6
  const weekly = days(120, (day) => 100 + (day % 7) * 10 + noise(day))

  test('names its method, its errors and intervals that hold each other', () => {
    const told = forecast(weekly, { steps: 7, season: 7, least: 0 })
    expect(told.reason).toBeNull()
    expect(told.points).toHaveLength(7)
    for (const point of told.points ?? []) {
      expect(point.low95).toBeLessThanOrEqual(point.low80)
      expect(point.low80).toBeLessThanOrEqual(point.value)
      expect(point.value).toBeLessThanOrEqual(point.high80)
      expect(point.high80).toBeLessThanOrEqual(point.high95)
    }
    const { scores, coverage } = known(told)
    expect(scores.map(({ method }) => method)).toContain('simple_moving_average')
    expect(coverage.tried).toBeGreaterThan(200)
    expect(coverage.covered95).toBeGreaterThanOrEqual(coverage.covered80 ?? 1)
  })

  test('nothing below what is possible', () => {
    const told = forecast(
      days(60, (day) => (day % 9 === 0 ? 1 : 0)),
      { steps: 10, season: 7, least: 0 },
    )
    for (const point of told.points ?? []) expect(point.low95).toBeGreaterThanOrEqual(0)
  })

  test.each([
    ['too short', [1, 2, 3], 'too_short'],
    ['empty', [], 'too_short'],
    ['one value over and over', days(60, () => 4), 'constant'],
    ['nothing known', days(60, () => 0).map(() => null), 'too_many_holes'],
    ['half of it unknown', weekly.map((value, day) => (day % 2 ? value : null)), 'too_many_holes'],
  ])('%s: a reason in place of numbers', (_name, series, reason) => {
    expect(forecast(series, { steps: 7, season: 7 })).toEqual({ points: null, reason })
  })

  test('a channel that posted in its first week and stopped: nothing more, without any doubt', () => {
    const told = known(
      forecast(
        days(60, (day) => (day < 7 ? 3 : 0)),
        { steps: 7, season: 7, least: 0 },
      ),
    )
    const nothing = { value: 0, low80: 0, high80: 0, low95: 0, high95: 0 }
    expect(told.points).toEqual(new Array(7).fill(nothing))
    expect(told.coverage).toMatchObject({ covered80: 1, covered95: 1 })
  })

  test.each([1, 2, 3, 4, 5])('%d days ahead: five forecasts of the past are needed', (steps) => {
    const of = (length: number) => forecast(weekly.slice(0, length), { steps, season: 7, least: 0 })
    expect(of(18)).toEqual({ points: null, reason: 'too_short' })
    const { points, coverage } = known(of(19))
    expect(points.every((point) => Object.values(point).every(Number.isFinite))).toBe(true)
    expect(points.every(({ low80, high80 }) => high80 > low80)).toBe(true)
    expect(coverage).toEqual({ covered80: null, covered95: null, tried: 0 })
  })

  /** All of it: points, scores and what is said of them. */
  function numbersOf(told: Forecast): number[] {
    if (told.points === null) return []
    const { points, scores, backtests, coverage } = told
    return [
      ...points.flatMap((point) => Object.values(point)),
      ...[...scores.map(({ mase }) => mase), ...Object.values(coverage), backtests].filter(
        (value) => value !== null,
      ),
    ]
  }

  const size = fc.integer({ min: 0, max: 1e9 })
  const lively = fc.oneof(
    { arbitrary: size, weight: 8 },
    { arbitrary: fc.constant(0), weight: 2 },
    { arbitrary: fc.constant(null), weight: 1 },
  )
  const sparse = fc.oneof(
    { arbitrary: fc.constant(0), weight: 12 },
    { arbitrary: fc.integer({ min: 1, max: 3 }), weight: 1 },
  )
  const early = fc
    .tuple(fc.array(size, { minLength: 1, maxLength: 7 }), fc.integer({ min: 12, max: 40 }))
    .map(([first, rest]) => [...first, ...new Array<number>(rest).fill(0)])
  // By itself the generator hardly ever makes arrays of more than ten.
  const short = { minLength: 14, maxLength: 25, size: 'max' } as const
  const long = { maxLength: 60, size: 'max' } as const

  test.each([
    ['short', fc.array(lively, short), 6],
    ['short and sparse', fc.array(sparse, short), 6],
    ['sparse', fc.array(sparse, long), 20],
    ['lively', fc.array(lively, long), 20],
    ['gone quiet', early, 10],
  ])('is finite for whatever it is given: %s', (_name, series, most) => {
    let answered = 0
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: most }), (values, steps) => {
        const told = forecast(values, { steps, season: 7, least: 0 })
        if (told.points) answered++
        expect(numbersOf(told).every(Number.isFinite)).toBe(true)
      }),
      { numRuns: 150, seed: 1337 },
    )
    // Or else it would prove nothing.
    expect(answered).toBeGreaterThan(30)
  })
})

function known(told: Forecast): Extract<Forecast, { reason: null }> {
  if (told.points === null) throw new Error(told.reason)
  return told
}

describe('what intervals of the past held', () => {
  /** Forecasts of one step that missed by these. */
  const missedBy = (errors: readonly number[]) =>
    errors.map((error, origin) => ({ origin, errors: [error] }))

  test('the widest miss of all is outside the interval that the others make', () => {
    const past = missedBy([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    // Their own widths hold all of them: that says nothing.
    const { spreads, reach95 } = widthsOf(past, 1)
    expect(reach95 * (spreads[0] ?? 0)).toBeCloseTo(11, 12)
    expect(coverageOf(past, 1)).toEqual({ covered80: 9 / 11, covered95: 10 / 11, tried: 11 })
  })

  test('a method that misses once in a while, and then by far, promises too much', () => {
    // Two misses of ten, next to each other: neither is warned of by the other, nor by the rest.
    const past = Array.from({ length: 20 }, (_, origin) => ({
      origin,
      errors: origin >= 9 && origin <= 13 ? [90, 90, 90, 90, 90] : [1, 1, 1, 1, 1],
    }))
    const { covered80 } = coverageOf(past, 5)
    expect(covered80).toBeCloseTo(15 / 20, 12)
  })

  test('forecasts that share a step do not vouch for each other; too few others say nothing', () => {
    const past = (count: number, steps: number) =>
      Array.from({ length: count }, (_, origin) => ({ origin, errors: repeat(steps) }))
    const repeat = (steps: number) => Array.from({ length: steps }, (_, step) => 1 + (step % 2))
    expect(coverageOf(past(5, 1), 1)).toEqual({ covered80: null, covered95: null, tried: 0 })
    expect(coverageOf(past(6, 1), 1).tried).toBe(6)
    // Of 12 only the first five and the last five have five others that are 7 steps away.
    expect(coverageOf(past(11, 7), 7).tried).toBe(0)
    expect(coverageOf(past(14, 7), 7).tried).toBe(6 * 7)
  })

  test('what is said of the past is what the future does', () => {
    let [said, held, values] = [0, 0, 0]
    const series = 60
    for (let seed = 0; seed < series; seed++) {
      const draw = draws(500 + seed)
      const all = days(
        97,
        (day) => 100 + 20 * Math.sin((2 * Math.PI * day) / 7) + 9 * draw.normal(),
      )
      const { points, coverage } = known(forecast(all.slice(0, 90), { steps: 7, season: 7 }))
      said += (coverage.covered80 ?? 0) / series
      for (const [step, { low80, high80 }] of points.entries()) {
        const actual = all[90 + step] ?? Number.NaN
        held += Number(actual >= low80 && actual <= high80)
        values++
      }
    }
    expect(Math.abs(said - held / values)).toBeLessThan(0.05)
  })
})
