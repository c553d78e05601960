import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { mastodonDecay, mastodonScore } from '../../../bench/analytics/trend-detectors.ts'
import { discoveries } from '../../../src/statistics/false-discovery.ts'
import { rateRatio } from '../../../src/statistics/rate-ratio.ts'

describe("Mastodon's formulas, which the bench measures against", () => {
  test.each([
    [0, 5, 16],
    [10, 20, 10],
    [20, 10, 0],
    [100, 130, 9],
    [3, 12, 27],
    [1, 4, 0],
  ])('%d accounts yesterday, %d today: %d', (expected, observed, score) => {
    expect(mastodonScore(expected, observed)).toBe(score)
  })
  test('a peak of 10 is 2.5 after 8 hours, and forgotten after two days', () => {
    expect(mastodonDecay(10, 480)).toBe(2.5)
    expect(mastodonDecay(10, 2 * 1440 + 1)).toBe(0)
  })
})

describe('a ratio of two rates', () => {
  const even = (now: number, before: number) =>
    rateRatio({ count: now, exposure: 1 }, { count: before, exposure: 1 })

  test('1 -> 3 is three times and nothing at all; 100 -> 300 is three times', () => {
    const [few, many] = [even(3, 1), even(300, 100)]
    expect([few?.ratio, many?.ratio]).toEqual([3, 3])
    expect(few?.low).toBeLessThan(1)
    // P(X >= 3 of 4 at 1/2) = 5/16
    expect(few?.chance).toBeCloseTo(5 / 16, 10)
    expect(many?.low).toBeGreaterThan(2.3)
    expect(many?.chance).toBeLessThan(1e-15)
  })
  test('from nothing there is no ratio, and no upper end; of nothing there is nothing', () => {
    expect(even(5, 0)).toMatchObject({
      ratio: null,
      high: null,
      chance: expect.closeTo(1 / 32, 10),
    })
    expect(even(5, 0)?.low).toBeGreaterThan(1)
    expect(even(0, 0)).toBeNull()
    expect(rateRatio({ count: 3, exposure: 1 }, { count: 1, exposure: 0 })).toBeNull()
  })
  test('what was observed half as long counts double', () => {
    const told = rateRatio({ count: 20, exposure: 2 }, { count: 10, exposure: 1 })
    expect(told?.ratio).toBe(1)
    expect(told?.chance).toBeGreaterThan(0.4)
  })
  test('always finite, the ratio always within', () => {
    const count = fc.integer({ min: 0, max: 100_000 })
    fc.assert(
      fc.property(count, count, (now, before) => {
        const told = even(now, before)
        if (!told) return now + before === 0
        const { ratio, low, high, chance } = told
        expect([ratio, low, high, chance].every((x) => x === null || Number.isFinite(x))).toBe(true)
        if (ratio !== null) expect(ratio).toBeGreaterThanOrEqual(low - 1e-9)
        if (ratio !== null && high !== null) expect(ratio).toBeLessThanOrEqual(high + 1e-9)
        expect(chance).toBeGreaterThanOrEqual(0)
        expect(chance).toBeLessThanOrEqual(1)
        return true
      }),
    )
  })
})

describe('discoveries', () => {
  test("the example of Benjamini and Hochberg's paper: four of fifteen", () => {
    const chances = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719,
      0.6528, 0.759, 1,
    ]
    const stands = discoveries(chances.toReversed(), chances.length)
    expect(stands.toReversed().filter(Boolean)).toHaveLength(4)
    expect(discoveries([], 0)).toEqual([])
  })
})
