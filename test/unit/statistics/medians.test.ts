import { describe, expect, test } from '@jest/globals'
import { compareMedians, medianInterval } from '../../../src/statistics/medians.ts'

/** A small generator of our own: the same worlds on every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return (state + 0.5) / 2 ** 32
  }
}
const ascending = (values: number[]) => values.toSorted((one, other) => one - other)
const lognormal = (random: () => number, n: number, shift: number) =>
  ascending(
    Array.from({ length: n }, () => {
      const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random())
      return Math.floor(Math.exp(4 + shift + 1.5 * normal))
    }),
  )

describe('the interval of a median', () => {
  test('is by ranks: known tables of the binomial', () => {
    const of = (n: number) => Array.from({ length: n }, (_, index) => index + 1)
    expect(medianInterval(of(5))).toBeNull()
    expect(medianInterval(of(6))).toEqual({ low: 1, high: 6 })
    expect(medianInterval(of(10))).toEqual({ low: 2, high: 9 })
    expect(medianInterval(of(20))).toEqual({ low: 6, high: 15 })
    expect(medianInterval(of(100))).toEqual({ low: 40, high: 61 })
    expect(medianInterval(of(400))).toEqual({ low: 180, high: 221 })
    expect(medianInterval(of(1_000))).toEqual({ low: 469, high: 532 })
    expect(medianInterval([])).toBeNull()
  })

  test('holds the true median 95 times of 100, whatever the shape', () => {
    const random = seeded(1)
    for (const n of [10, 50, 200]) {
      let held = 0
      for (let run = 0; run < 1_000; run += 1) {
        const interval = medianInterval(ascending(Array.from({ length: n }, () => random() ** 5)))
        if (interval && interval.low <= 0.5 ** 5 && interval.high >= 0.5 ** 5) held += 1
      }
      expect(held).toBeGreaterThan(935)
    }
  })
})

describe('two medians', () => {
  const verdicts = (runs: number, n: number, shift: number, level?: number) => {
    const random = seeded(7 + n)
    const truth = (1 + Math.exp(4 + shift)) / (1 + Math.exp(4))
    let [different, held] = [0, 0]
    for (let run = 0; run < runs; run += 1) {
      const ratio = compareMedians(lognormal(random, n, shift), lognormal(random, n, 0), level)
      const { low, high } = ratio?.interval ?? { low: 1, high: 0 }
      different += Number(low > 1 || high < 1)
      held += Number(low <= truth && high >= truth)
    }
    return { different: different / runs, held: held / runs }
  }

  test('of the same world differ in at most 6 of 100 runs', () => {
    for (const n of [12, 40, 200]) expect(verdicts(500, n, 0).different).toBeLessThan(0.06)
  })

  test('three times apart are told apart, and the interval holds the truth', () => {
    const { different, held } = verdicts(500, 60, Math.log(3))
    expect(different).toBeGreaterThan(0.8)
    expect(held).toBeGreaterThan(0.93)
  })

  test('of few values are not compared', () => {
    expect(compareMedians([1, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8])).toBeNull()
    expect(compareMedians([], [])).toBeNull()
  })

  test('all the same are the same', () => {
    const zeros = Array.from({ length: 20 }, () => 0)
    expect(compareMedians(zeros, zeros)).toMatchObject({
      ratio: 1,
      interval: { low: 1, high: 1 },
    })
  })
})
