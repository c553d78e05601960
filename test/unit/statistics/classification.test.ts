import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { calibrationOf } from '../../../src/statistics/calibration.ts'
import { confusionOf, majorityBaseline, qualityOf } from '../../../src/statistics/classification.ts'

const pairs = fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { maxLength: 60 })

describe('the quality of guesses', () => {
  test('a worked example: ten texts of three classes', () => {
    const quality = qualityOf([
      [3, 1, 0],
      [1, 2, 1],
      [0, 0, 2],
    ])
    expect(quality.n).toBe(10)
    expect(quality.accuracy).toBeCloseTo(0.7, 12)
    expect(quality.macroRecall).toBeCloseTo((3 / 4 + 2 / 4 + 2 / 2) / 3, 12)
    expect(quality.classes[2]).toMatchObject({ support: 2, guesses: 3, precision: 2 / 3, f1: 0.8 })
    expect(quality.macroF1).toBeCloseTo((6 / 8 + 4 / 7 + 4 / 5) / 3, 12)
  })

  test('classes that do not occur are not counted as failures', () => {
    const quality = qualityOf(
      confusionOf(
        [
          [0, 0],
          [1, 1],
        ],
        3,
      ),
    )
    expect(quality).toMatchObject({ accuracy: 1, macroRecall: 1, macroF1: 1 })
    expect(quality.classes[2]).toMatchObject({ recall: null, precision: null, f1: null })
  })

  test('of nothing nothing is known', () => {
    expect(qualityOf(confusionOf([], 3))).toMatchObject({
      n: 0,
      accuracy: null,
      macroRecall: null,
      macroF1: null,
    })
  })

  test('accuracy and recall are what counting pair by pair says', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const quality = qualityOf(confusionOf(list, 3))
        const hits = list.filter(([truth, guess]) => truth === guess).length
        expect(quality.accuracy).toBe(list.length === 0 ? null : hits / list.length)
        for (const own of [0, 1, 2]) {
          const of = list.filter(([truth]) => truth === own)
          const found = of.filter(([, guess]) => guess === own).length
          expect(quality.classes[own]?.recall ?? null).toBe(of.length ? found / of.length : null)
        }
      }),
    )
  })

  test('always guessing the most frequent class: its share, and a class in K of recall', () => {
    const baseline = majorityBaseline([
      [1, 1, 0],
      [2, 4, 0],
      [0, 0, 2],
    ])
    expect(baseline).toMatchObject({ guess: 1, accuracy: 0.6 })
    expect(baseline.macroRecall).toBeCloseTo(1 / 3, 12)
    expect(baseline.macroF1).toBeCloseTo((2 * 6) / (6 + 10) / 3, 12)
  })
})

describe('calibration', () => {
  test('a worked example', () => {
    const { ece, bins } = calibrationOf([
      { confidence: 0.95, right: true },
      { confidence: 0.95, right: false },
      { confidence: 0.6, right: true },
      { confidence: 0.6, right: false },
    ])
    // |0.95 - 0.5| of one half, |0.6 - 0.5| of the other.
    expect(ece).toBeCloseTo(0.275, 12)
    expect(bins.map(({ n }) => n)).toEqual([0, 0, 0, 0, 0, 2, 0, 0, 0, 2])
    expect(bins[9]).toMatchObject({ accuracy: 0.5 })
    expect(bins[0]).toMatchObject({ n: 0, confidence: null, accuracy: null })
  })

  test('certainty that is always right is off by nothing; of nothing nothing is known', () => {
    expect(calibrationOf([{ confidence: 1, right: true }]).ece).toBe(0)
    expect(calibrationOf([]).ece).toBeNull()
  })
})
