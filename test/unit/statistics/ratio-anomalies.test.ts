import { describe, expect, test } from '@jest/globals'
import { draws } from '../../../bench/analytics/planted.ts'
import { findAnomalies } from '../../../src/statistics/anomalies.ts'

describe('anomalies of a ratio', () => {
  const length = 140
  const ratio = (seed: number, value: (day: number) => number) => {
    const draw = draws(seed)
    return Array.from({ length }, (_, day) => value(day) + 0.05 * draw.normal())
  }
  const shifted = ratio(1, (day) => (day < 80 ? 0.1 : 0.4))
  const found = (series: readonly (number | null)[]) =>
    findAnomalies(series, { season: 7, counts: false })

  test('a mood that turns for good is one shift of level', () => {
    const told = found(shifted)
    expect(told).toHaveLength(1)
    expect(told[0]).toMatchObject({ kind: 'level_shift', to: length - 1 })
    expect(Math.abs((told[0]?.from ?? 0) - 80)).toBeLessThanOrEqual(2)
    expect(told[0]?.expected).toBeCloseTo(0.1, 1)
    expect(told[0]?.actual).toBeCloseTo(0.4, 1)
  })

  test('a mood that only wavers is none', () => {
    const alarms = Array.from({ length: 50 }, (_, seed) => found(ratio(100 + seed, () => 0.1)))
    expect(alarms.flat().length).toBeLessThanOrEqual(1)
  })

  test.each([
    ['three weeks of days', 21, 7],
    ['a month of days', 30, 7],
    ['four weeks of hours', 672, 168],
  ])('%s that only waver: next to nothing is told of them', (_, steps, season) => {
    const worlds = 60
    let [alarmed, shifts] = [0, 0]
    for (let seed = 0; seed < worlds; seed++) {
      const draw = draws(31 * seed + steps)
      const series = Array.from({ length: steps }, () => 0.1 + 0.05 * draw.normal())
      const told = findAnomalies(series, { season, counts: false })
      alarmed += Number(told.length > 0)
      shifts += Number(told.some(({ kind }) => kind === 'level_shift'))
    }
    expect(alarmed / worlds).toBeLessThanOrEqual(0.05)
    expect(shifts).toBeLessThanOrEqual(2)
  })

  test('a value that hardly ever changes turns only where it changes for good', () => {
    const steady = Array.from({ length }, (_, day) => (day < 80 ? 0.1 : 0.4))
    expect(found(steady)).toMatchObject([{ kind: 'level_shift', from: 80 }])
    const loud = draws(3)
    const louder = steady.map((_, day) => (day < 80 ? 0.1 : 0.1 + 0.05 * loud.normal()))
    expect(found(louder).filter(({ kind }) => kind === 'level_shift')).toEqual([])
  })

  test.each([100, 0.001])('the unit does not matter: the same times %d', (factor) => {
    const series = ratio(7, (day) => (day === 30 ? 0.9 : day < 80 ? 0.1 : 0.4))
    const places = (values: readonly number[]) =>
      found(values).map(({ from, to, kind, z }) => ({ from, to, kind, z: z.toFixed(6) }))
    const told = places(series)
    expect(told.map(({ kind }) => kind)).toEqual(['spike', 'level_shift'])
    expect(places(series.map((value) => value * factor))).toEqual(told)
  })
})
