import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { association } from '../../../src/statistics/association.ts'
import { surprise } from '../../../src/statistics/burst.ts'
import { downsample } from '../../../src/statistics/downsample.ts'
import { dailyGrowth, growthRate } from '../../../src/statistics/growth.ts'
import { measuredLift } from '../../../src/statistics/lift.ts'
import { opportunities, opportunityScore } from '../../../src/statistics/opportunity.ts'

describe('opportunity scores', () => {
  const rows: [posts: number, average: number, median: number, score: number][] = [
    [83, 1.04, 1.56, 43],
    [85, 1.08, 1.56, 41],
    [81, 1.25, 1.75, 41],
    [79, 1.3, 1.75, 36],
    [74, 0.95, 1.44, 36],
    [77, 1.29, 1.75, 35],
    [87, 1.16, 1.52, 31],
    [90, 1.42, 1.75, 30],
    [76, 1.26, 1.56, 23],
    [82, 1.27, 1.52, 21],
  ]
  test.each(rows)('%d posts of %d against %d: %d', (posts, average, median, score) => {
    expect(opportunityScore({ posts, average }, median)).toBe(score)
  })

  test('the ten add up to 337, which is 0.7 % of 50,000 and not 15', () => {
    const total = rows.reduce(
      (sum, [posts, average, median]) => sum + opportunityScore({ posts, average }, median),
      0,
    )
    expect(total).toBe(337)
    expect(total / 50_000).toBeCloseTo(0.0067, 4)
  })

  test('segments are told within a category', () => {
    const told = opportunities([
      { author: 'much and little', category: 'Tech', posts: 90, average: 1 },
      { author: 'little and well', category: 'Tech', posts: 5, average: 9 },
      { author: 'middle', category: 'Tech', posts: 20, average: 4 },
      { author: 'alone', category: 'Art', posts: 1, average: 1 },
    ])
    expect(told.map(({ segment, opportunityScore: score }) => [segment, score])).toEqual([
      ['high_volume_low_engagement', 270],
      ['undiscovered_quality', 0],
      ['high_volume_high_engagement', 0],
      ['high_volume_high_engagement', 0],
    ])
  })
})

describe('association of two tags in 20 posts', () => {
  test('by hand', () => {
    const told = association({ total: 20, a: 8, b: 10, both: 6 })
    expect(told).toMatchObject({ rate: 0.75, lift: 1.5, jaccard: 0.5, support: 6 })
    expect(told?.npmi).toBeCloseTo(Math.log(1.5) / -Math.log(0.3), 12)
  })

  test('always and never together, and nothing at all', () => {
    expect(association({ total: 20, a: 20, b: 20, both: 20 })?.npmi).toBe(1)
    expect(association({ total: 20, a: 5, b: 5, both: 5 })?.npmi).toBeCloseTo(1, 12)
    expect(association({ total: 20, a: 5, b: 5, both: 0 })).toMatchObject({ rate: 0, npmi: -1 })
    expect(association({ total: 0, a: 0, b: 0, both: 0 })).toBeNull()
  })
})

describe('surprise', () => {
  const ordinary = { sameHour: [100, 100, 100], usual: 100, hourFactor: 1 }

  test('as many as ever is none; three times as many is a great deal', () => {
    expect(Math.abs(surprise({ ...ordinary, observed: 100 }).z)).toBeLessThan(0.1)
    expect(surprise({ ...ordinary, observed: 300 }).z).toBeGreaterThan(5)
  })

  test('a weekday that is always busy is expected to be', () => {
    const busy = surprise({ observed: 600, sameHour: [600, 590, 610], usual: 100, hourFactor: 1 })
    expect(busy.z).toBeLessThan(3)
  })

  test('weeks that we did not see say nothing', () => {
    const unseen = surprise({ observed: 100, sameHour: [null, null], usual: 100, hourFactor: 1 })
    expect(Math.abs(unseen.z)).toBeLessThan(0.1)
  })

  test('more is never less surprising, and every number is finite', () => {
    const count = fc.integer({ min: 0, max: 5_000 })
    fc.assert(
      fc.property(count, fc.array(count, { maxLength: 6 }), count, (observed, sameHour, usual) => {
        const input = { sameHour, usual, hourFactor: 1 }
        const [less, more] = [
          surprise({ ...input, observed }),
          surprise({ ...input, observed: observed + 1 }),
        ]
        expect(more.z).toBeGreaterThan(less.z)
        expect(more.chance).toBeLessThanOrEqual(less.chance + 1e-12)
        expect([less.z, less.chance, less.expected].every(Number.isFinite)).toBe(true)
      }),
    )
  })
})

describe('growth', () => {
  test('is a share of what was there, and unknown from nothing', () => {
    expect([growthRate(100, 110), growthRate(0, 5), growthRate(null, 5)]).toEqual([0.1, null, null])
  })
  test('a day, compounded', () => {
    expect(dailyGrowth(100, 200, 7)).toBeCloseTo(0.10409, 5)
    expect(dailyGrowth(0, 200, 7)).toBeNull()
  })
})

test('a line of 100,000 points keeps its one peak in 1,000 buckets', () => {
  const points = Array.from({ length: 100_000 }, (_, at) => (at === 54_321 ? 9_999 : at % 7))
  const told = downsample(points, (value) => value)
  expect(told.length).toBeLessThanOrEqual(1_000)
  expect(Math.max(...told.map(({ max }) => max ?? 0))).toBe(9_999)
  expect(told.reduce((total, { n }) => total + n, 0)).toBe(100_000)
  expect(downsample([null, null], (value) => value)[0]).toMatchObject({
    min: null,
    mean: null,
    n: 0,
  })
})

describe('measured lift', () => {
  test('twice as much is told as about 100 %, with an interval', () => {
    const told = measuredLift(
      Array.from({ length: 60 }, (_, at) => 200 + (at % 9) * 10),
      Array.from({ length: 60 }, (_, at) => 100 + (at % 9) * 5),
    )
    if (told.lift === null) throw new Error(told.reason)
    expect(told.lift).toBeCloseTo(1, 1)
    expect(told.interval.low).toBeGreaterThan(0.8)
    expect(told.pValue).toBeLessThan(0.001)
  })
  test('one post is no group', () => {
    expect(measuredLift([5], [1, 2, 3])).toEqual({ lift: null, reason: 'too_few' })
  })
  test('posts that are all alike prove nothing', () => {
    expect(measuredLift([5, 5], [1, 1, 1])).toEqual({ lift: null, reason: 'no_variation' })
  })
})
