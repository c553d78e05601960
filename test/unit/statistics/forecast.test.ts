import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { forecast } from '../../../src/statistics/forecast/forecast.ts'
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
    if (told.points === null) return
    expect(told.scores.map(({ method }) => method)).toContain('simple_moving_average')
    expect(told.covered80).toBeGreaterThanOrEqual(0.8)
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

  test('is finite for whatever it is given', () => {
    const value = fc.oneof(fc.integer({ min: 0, max: 1e9 }), fc.constant(0), fc.constant(null))
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        (series, steps) => {
          const told = forecast(series, { steps, season: 7, least: 0 })
          const numbers = (told.points ?? []).flatMap((point) => Object.values(point))
          expect(numbers.every(Number.isFinite)).toBe(true)
        },
      ),
      { numRuns: 40 },
    )
  })
})
