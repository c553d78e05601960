import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { findAnomalies } from '../../../src/statistics/anomalies.ts'

const wobble = (step: number) => ((step * 7919) % 11) - 5
const weekly = (length: number, value = (step: number) => 100 + (step % 7) * 20) =>
  Array.from({ length }, (_, step) => value(step) + wobble(step))

describe('anomalies of a weekly series', () => {
  test('none where nothing happened', () => {
    expect(findAnomalies(weekly(140), { season: 7 })).toEqual([])
  })

  test('a spike and a dip are told with what was to be expected', () => {
    const series = weekly(140)
    series[50] = 600
    series[90] = 5
    const told = findAnomalies(series, { season: 7 })
    expect(told.map(({ from, to, kind }) => [from, to, kind])).toEqual([
      [50, 50, 'spike'],
      [90, 90, 'dip'],
    ])
    expect(told[0]?.expected).toBeGreaterThan(90)
    expect(told[0]?.expected).toBeLessThan(260)
  })

  test('a level that stays is told once', () => {
    const series = weekly(140, (step) => 100 + (step % 7) * 20 + (step >= 80 ? 200 : 0))
    const told = findAnomalies(series, { season: 7 })
    expect(told).toHaveLength(1)
    expect(told[0]).toMatchObject({ kind: 'level_shift', to: 139 })
    expect(Math.abs((told[0]?.from ?? 0) - 80)).toBeLessThanOrEqual(2)
  })

  test('a hole of ours is none, however long', () => {
    const holed: (number | null)[] = weekly(140)
    holed.fill(null, 60, 75)
    expect(findAnomalies(holed, { season: 7 })).toEqual([])
  })

  test('a dip and the catching up after it are two, and each is what it is', () => {
    const series = weekly(140)
    series.splice(60, 3, 2, 1, 700)
    const told = findAnomalies(series, { season: 7 })
    expect(told.map(({ from, to, kind }) => [from, to, kind])).toEqual([
      [60, 61, 'dip'],
      [62, 62, 'spike'],
    ])
    expect(told.map(({ z }) => Math.sign(z))).toEqual([-1, 1])
  })

  test('a dip over days of any size is a dip', () => {
    // The busy day lacks a third and the quiet one all: means of both together say nothing of it.
    const week = [10_000, 100, 100, 100, 100, 100, 100]
    const series = weekly(140, (step) => week[step % 7] ?? 0)
    series.splice(69, 2, 0, 7_000)
    const told = findAnomalies(series, { season: 7 })
    expect(told).toHaveLength(1)
    expect(told[0]).toMatchObject({ from: 69, to: 70, kind: 'dip', actual: 3_500 })
    expect(told[0]?.z).toBeLessThan(-5)
    expect(told[0]?.expected).toBeGreaterThan(4_900)
    expect(told[0]?.expected).toBeLessThan(5_200)
  })

  test('short, empty, constant and unknown series raise nothing and no NaN', () => {
    const value = fc.oneof(fc.integer({ min: 0, max: 1e6 }), fc.constant(null))
    fc.assert(
      fc.property(fc.array(value, { maxLength: 40 }), (series) => {
        for (const one of findAnomalies(series, { season: 7 })) {
          expect([one.actual, one.expected, one.z].every(Number.isFinite)).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
    expect(findAnomalies(new Array(100).fill(3), { season: 7 })).toEqual([])
  })
})
