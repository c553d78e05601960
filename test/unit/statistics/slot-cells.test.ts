import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { slotCells, type TimedPost } from '../../../src/statistics/slot-cells.ts'

type Given = Partial<TimedPost>
const post = (given: Given): TimedPost => ({
  source: '1',
  author: 'ada',
  kind: 'tweet',
  month: 0,
  slot: 9,
  y: 1,
  ...given,
})
const times = (count: number, given: Given) => Array.from({ length: count }, () => post(given))

/** Sizes of the groups, in order. */
const sizes = (posts: readonly TimedPost[]) =>
  [...Map.groupBy(slotCells(posts), ({ group }) => group).values()].map((cells) =>
    cells.reduce((total, { n }) => total + n, 0),
  )

describe('groups of posts', () => {
  test('authors, kinds, months and sources are kept apart', () => {
    const posts = [
      ...times(3, {}),
      ...times(4, { author: 'bob' }),
      ...times(5, { kind: 'video' }),
      ...times(6, { month: 1 }),
      ...times(7, { source: '2' }),
    ]
    expect(sizes(posts).toSorted()).toEqual([3, 4, 5, 6, 7])
  })

  test('who has fewer than three posts is pooled with the others of the source', () => {
    const rare = ['b', 'c', 'd'].flatMap((author) => times(2, { author }))
    const elsewhere = times(2, { author: 'e', source: '2' })
    expect(sizes([...times(3, {}), ...rare, ...times(1, { author: null }), ...elsewhere])).toEqual([
      3, 7, 2,
    ])
  })

  test('thin months are put together with their neighbours', () => {
    const of = (...counts: number[]) => counts.flatMap((count, month) => times(count, { month }))
    expect(sizes(of(1, 1, 1, 4, 2))).toEqual([3, 6])
    expect(sizes(of(5, 1, 3))).toEqual([5, 4])
    expect(sizes(of(1, 2).toReversed())).toEqual([3])
  })

  test('no post is lost or counted twice, and none is alone among its author’s many', () => {
    const posts = fc.array(
      fc.record({
        source: fc.constantFrom('1', '2'),
        author: fc.constantFrom('a', 'b', 'c', null),
        kind: fc.constantFrom('tweet', 'video'),
        month: fc.nat(3),
        slot: fc.nat(167),
        y: fc.nat(20),
      }),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(posts, (given) => {
        const cells = slotCells(given)
        const sum = (of: (cell: (typeof cells)[number]) => number) =>
          cells.reduce((total, cell) => total + of(cell), 0)
        expect(sum(({ n }) => n)).toBe(given.length)
        expect(sum(({ total }) => total)).toBe(given.reduce((total, { y }) => total + y, 0))
        expect(sum(({ squares }) => squares)).toBe(given.reduce((total, { y }) => total + y * y, 0))
        const small = sizes(given).filter((size) => size < 3).length
        expect(small).toBeLessThanOrEqual(4)
      }),
      { numRuns: 100 },
    )
  })
})
