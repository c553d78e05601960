import { describe, expect, test } from '@jest/globals'
import { type Draws, draws } from '../../../bench/analytics/planted.ts'
import {
  differenceInDifferences,
  type Estimate,
  type LiftCell,
  liftWithin,
  type Unknown,
} from '../../../src/statistics/lift.ts'

type Post = { unit: string; cluster: string; treated: boolean; y: number }

function cellsOf(posts: readonly Post[]): LiftCell[] {
  const groups = Map.groupBy(posts, ({ unit, treated }) => `${unit}:${treated}`)
  return [...groups.values()].map((own) => ({
    unit: own[0]?.unit ?? '',
    cluster: own[0]?.cluster ?? '',
    treated: own[0]?.treated ?? false,
    n: own.length,
    total: own.reduce((total, { y }) => total + y, 0),
    squares: own.reduce((total, { y }) => total + y * y, 0),
  }))
}
/** Where there has to be an answer. */
function known(told: Estimate | Unknown): Estimate {
  if (told.lift === null) throw new Error(told.reason)
  return told
}
const posts = (unit: string, treated: boolean, ys: readonly number[]): Post[] =>
  ys.map((y) => ({ unit, cluster: unit, treated, y }))

describe('lift within units', () => {
  test('of one unit it is the t-test of two samples with one variance', () => {
    // Means 4 and 2, pooled variance 1, n 3 and 3: standard error √(2/3), 4 degrees, t 2.4495.
    const told = known(
      liftWithin(cellsOf([...posts('a', true, [3, 4, 5]), ...posts('a', false, [1, 2, 3])])),
    )
    expect(Math.log1p(told.lift)).toBeCloseTo(2, 12)
    const half = 2.7764451 * Math.sqrt(2 / 3)
    expect(Math.log1p(told.interval.high)).toBeCloseTo(2 + half, 2)
    expect(told.pValue).toBeCloseTo(0.0705, 3)
    expect(told.witnesses).toBe('posts')
  })

  test('a strong unit that is always treated is not taken for the treatment', () => {
    const told = liftWithin(
      cellsOf([
        ...posts('strong', true, [9, 9.5, 10]),
        ...posts('a', true, [1, 2, 3]),
        ...posts('a', false, [1, 2, 3]),
      ]),
    )
    expect(told.lift).toBeCloseTo(0, 12)
  })

  test.each([
    ['nothing', []],
    ['only treated', posts('a', true, [1, 2, 3])],
    ['two sides in two units', [...posts('a', true, [1, 2]), ...posts('b', false, [1, 2])]],
    ['one post a side', [...posts('a', true, [1]), ...posts('a', false, [1])]],
  ])('%s says nothing', (_, own) => {
    expect(liftWithin(cellsOf(own))).toEqual({ lift: null, reason: 'too_few' })
  })

  test.each([1, 12])(
    'posts of %d units that are all alike prove nothing, however many',
    (units) => {
      const y = Math.log1p(7)
      const own = Array.from({ length: units }, (_, unit) => [
        ...posts(`${unit}`, true, [y + 1, y + 1, y + 1]),
        ...posts(`${unit}`, false, [y, y, y, y]),
      ]).flat()
      expect(liftWithin(cellsOf(own))).toEqual({ lift: null, reason: 'no_variation' })
    },
  )

  /** Sources whose treated posts do differently each, as the audiences of sources do. */
  function world(draw: Draws, lift: number): Post[] {
    return Array.from({ length: 20 }, (_, source) => {
      const own = lift + 0.4 * draw.normal()
      const level = 3 + draw.normal()
      return Array.from({ length: 60 }, () => {
        const treated = draw.uniform() < 0.3
        const y = level + (treated ? own : 0) + 0.5 * draw.normal()
        return { unit: `${source}`, cluster: `${source}`, treated, y }
      })
    }).flat()
  }

  test('intervals hold what they promise where sources differ', () => {
    let [held, alarms] = [0, 0]
    const worlds = 300
    for (let index = 0; index < worlds; index++) {
      const told = known(liftWithin(cellsOf(world(draws(4_000 + index), Math.log(1.3)))))
      expect(told.witnesses).toBe('clusters')
      if (told.interval.low <= 0.3 && told.interval.high >= 0.3) held++
      const flat = known(liftWithin(cellsOf(world(draws(9_000 + index), 0))))
      if (flat.pValue < 0.05) alarms++
    }
    expect(held / worlds).toBeGreaterThan(0.91)
    expect(alarms / worlds).toBeLessThan(0.09)
  })
})

describe('difference in differences', () => {
  test('by hand', () => {
    // Treated changed by 2 on average, others by 0.5; spread 1 and 0.5 in three each.
    const told = known(differenceInDifferences([1, 2, 3], [0, 0.5, 1]))
    expect(Math.log1p(told.lift)).toBeCloseTo(1.5, 12)
    const error = Math.sqrt(((2 * 1 + 2 * 0.25) / 4) * (2 / 3))
    expect(Math.log1p(told.interval.low)).toBeCloseTo(1.5 - 2.7764451 * error, 2)
  })

  test('one author is judged by how much others change from time to time', () => {
    const others = [-0.4, -0.1, 0, 0.2, 0.3, -0.2, 0.1, 0.1]
    const lucky = known(differenceInDifferences([0.4], others))
    expect(lucky.interval.low).toBeLessThan(0)
    const changed = known(differenceInDifferences([1.2], others))
    expect(changed.interval.low).toBeGreaterThan(0)
  })

  test.each([
    [[], [1, 2, 3]],
    [[1], []],
    [[1, 2], [3]],
  ])('%j against %j says nothing', (treated, control) => {
    expect(differenceInDifferences(treated, control)).toEqual({ lift: null, reason: 'too_few' })
  })

  test.each([
    ['one author against two who did not change', [0.7], [0, 0]],
    ['several alike on both sides', [0.7, 0.7, 0.7, 0.7, 0.7], [0.1, 0.1, 0.1]],
    ['what only rounding tells apart', [0.7], [0.1 + 0.2, 0.3, 0.3]],
    ['nobody changed at all', [0], [0, 0, 0]],
  ])('%s: nothing says what luck would do', (_, treated, control) => {
    expect(differenceInDifferences(treated, control)).toEqual({
      lift: null,
      reason: 'no_variation',
    })
  })

  test.each([1, 3, 10])('with %d treated, few false alarms and honest intervals', (treated) => {
    let [held, alarms] = [0, 0]
    const worlds = 600
    const draw = draws(77 + treated)
    const changes = (count: number, lift: number) =>
      Array.from({ length: count }, () => lift + 0.3 * draw.normal())
    for (let index = 0; index < worlds; index++) {
      const told = known(differenceInDifferences(changes(treated, 0.2), changes(40, 0)))
      const truth = Math.expm1(0.2)
      if (told.interval.low <= truth && told.interval.high >= truth) held++
      const flat = known(differenceInDifferences(changes(treated, 0), changes(40, 0)))
      if (flat.pValue < 0.05) alarms++
    }
    expect(held / worlds).toBeGreaterThan(0.925)
    expect(held / worlds).toBeLessThan(0.975)
    expect(alarms / worlds).toBeLessThan(0.075)
  })
})
