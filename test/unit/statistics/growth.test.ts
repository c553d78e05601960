import { describe, expect, test } from '@jest/globals'
import { type Draws, draws } from '../../../bench/analytics/planted.ts'
import { type Drawn, growthInterval } from '../../../src/statistics/growth.ts'
import { mean, variance } from '../../../src/statistics/series.ts'

describe('growth from one mean to another', () => {
  /** Posts as they are: few, and some many times what others have. */
  const posts = (draw: Draws, n: number, level: number): Drawn => {
    const values = Array.from({ length: n }, () => level * Math.exp(0.6 * draw.normal()))
    return { mean: mean(values) ?? 0, deviation: Math.sqrt(variance(values) ?? 0), n }
  }

  test.each([
    [5, 8],
    [30, 12],
  ])('its interval holds what it promises, of %d and %d posts', (before, last) => {
    const draw = draws(before)
    const worlds = 1_000
    let held = 0
    for (let index = 0; index < worlds; index++) {
      const told = growthInterval(posts(draw, before, 50), posts(draw, last, 75))
      if (told && told.low <= 0.5 && told.high >= 0.5) held++
    }
    expect(held / worlds).toBeGreaterThan(0.92)
    expect(held / worlds).toBeLessThan(0.98)
  })

  const usual = { mean: 10, deviation: 2, n: 9 }
  test.each([
    ['one post', { ...usual, n: 1 }, usual],
    ['nothing before', { ...usual, mean: 0 }, usual],
    ['nothing now', usual, { mean: 0, deviation: 0, n: 9 }],
    ['posts that are all alike', { ...usual, deviation: 0 }, { ...usual, deviation: 0 }],
  ])('%s: none', (_, before, last) => {
    expect(growthInterval(before, last)).toBeNull()
  })
})
