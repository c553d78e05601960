import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { logGamma, lowerGamma } from '../../../src/statistics/gamma.ts'
import { ofMean, poisson, redditConfidence, wilson } from '../../../src/statistics/intervals.ts'
import { normalQuantile, normalShare } from '../../../src/statistics/normal.ts'
import { median, medianAndSpread, quantile } from '../../../src/statistics/quantile.ts'
import { controversy, redditHot } from '../../../src/statistics/ranking.ts'

describe('ranking', () => {
  test.each([
    [100, 0, 1_134_073_003, 3],
    [1, 1, 1_134_028_003, 0],
    [0, 10, 1_134_118_003, 1],
    [1_000, 10, 1_700_000_000, 12_580.1511241],
  ])('hot(%d, %d, %d)', (ups, downs, at, hot) => {
    expect(redditHot(ups, downs, at)).toBe(hot)
  })

  test('controversy', () => {
    expect([controversy(5, 5), controversy(100, 90)]).toEqual([10, 19])
  })

  const votes = [
    [1, 0],
    [10, 0],
    [10, 1],
    [100, 10],
    [60, 40],
  ] as const
  test('confidence, and the lower end of Wilson at 95 %', () => {
    const fixed = (values: number[]) => values.map((value) => value.toFixed(4))
    expect(fixed(votes.map(([up, down]) => redditConfidence(up, down)))).toEqual([
      '0.3784',
      '0.8589',
      '0.7395',
      '0.8677',
      '0.5361',
    ])
    expect(fixed(votes.map(([up, down]) => wilson(up, up + down)?.low ?? Number.NaN))).toEqual([
      '0.2065',
      '0.7225',
      '0.6226',
      '0.8407',
      '0.5020',
    ])
  })
})

describe('intervals', () => {
  test('28 and 14 seen: the two overlap', () => {
    const [one, other] = [poisson(28), poisson(14)]
    expect([one.low.toFixed(1), one.high.toFixed(1)]).toEqual(['18.6', '40.5'])
    expect([other.low.toFixed(1), other.high.toFixed(1)]).toEqual(['7.7', '23.5'])
    expect(other.high).toBeGreaterThan(one.low)
  })

  test('none seen: from 0 to 3.69', () => {
    expect(poisson(0)).toEqual({ low: 0, high: expect.closeTo(3.6889, 3) })
  })

  test('of a mean, as a table of Student has it', () => {
    expect(ofMean([1])).toBeNull()
    const interval = ofMean([4, 6, 8, 10, 12])
    // Mean 8, s = 3.1623, t(4) = 2.776.
    expect(interval?.low).toBeCloseTo(8 - 3.926, 2)
  })

  test('of nothing there is none', () => {
    expect([wilson(0, 0), median([]), medianAndSpread([]), quantile([], 0.5)]).toEqual(
      Array(4).fill(null),
    )
  })
})

test('the normal share and its inverse', () => {
  expect(normalShare(1.96)).toBeCloseTo(0.9750021, 6)
  expect(normalQuantile(0.9)).toBeCloseTo(1.2815516, 5)
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), (share) => {
      expect(normalShare(normalQuantile(share))).toBeCloseTo(share, 6)
    }),
  )
})

test('gamma', () => {
  expect(Math.exp(logGamma(5))).toBeCloseTo(24, 8)
  expect(lowerGamma(1, 2)).toBeCloseTo(1 - Math.exp(-2), 10)
  expect(lowerGamma(10, 30)).toBeCloseTo(0.9999929, 6)
})

test('quantiles are those of PERCENTILE_CONT', () => {
  expect([0, 0.25, 0.5, 0.9, 1].map((share) => quantile([15, 20, 35, 40, 50], share))).toEqual([
    15, 20, 35, 46, 50,
  ])
})
