import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { cascadeShape, type Reply } from '../../../src/statistics/cascade.ts'

const reply = (id: number, parent: number | null, more: Partial<Reply> = {}): Reply => ({
  id: `c${id}`,
  parent: parent === null ? null : `c${parent}`,
  author: `a${id % 3}`,
  atS: id,
  engagement: 1,
  ...more,
})
const star = (n: number) => Array.from({ length: n - 1 }, (_, id) => reply(id, null))
const chain = (n: number) =>
  Array.from({ length: n - 1 }, (_, id) => reply(id, id === 0 ? null : id - 1))

describe('structural virality', () => {
  test.each([
    ['a star of 5', star(5), 1.6],
    ['a chain of 5', chain(5), 2],
    ['a full binary tree of 7', binary(), 2.2857],
    ['a star of 100', star(100), 1.98],
    ['a chain of 100', chain(100), 33.6667],
  ])('%s', (_name, replies, virality) => {
    expect(cascadeShape(replies, 0).virality).toBeCloseTo(virality, 4)
  })

  /** Two answers to the post, two to each of them. */
  function binary(): Reply[] {
    return [reply(0, null), reply(1, null), reply(2, 0), reply(3, 0), reply(4, 1), reply(5, 1)]
  }

  test('equals the mean distance of all pairs, whatever the tree', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 40 }), (choices) => {
        const parents = choices.map((choice, id) => (choice % (id + 1)) - 1)
        const replies = parents.map((parent, id) => reply(id, parent < 0 ? null : parent))
        expect(cascadeShape(replies, 0).virality).toBeCloseTo(meanDistance(parents), 9)
      }),
    )
  })

  /** By walking up from both ends of each pair; -1 is the post. */
  function meanDistance(parents: number[]): number {
    const pathOf = (node: number) => {
      const path = [node]
      for (let one = node; one >= 0; ) {
        one = parents[one] ?? -1
        path.push(one)
      }
      return path
    }
    let total = 0
    let pairs = 0
    for (let one = -1; one < parents.length; one++) {
      for (let other = one + 1; other < parents.length; other++) {
        const [a, b] = [pathOf(one), pathOf(other)]
        const meeting = a.find((node) => b.includes(node)) ?? -1
        total += a.indexOf(meeting) + b.indexOf(meeting)
        pairs++
      }
    }
    return total / pairs
  }
})

describe('what a thread looks like', () => {
  test('depth, breadth, speed, people and the longest chain', () => {
    const shape = cascadeShape(
      [reply(0, null), reply(1, 0), reply(2, 0), reply(3, 2, { engagement: null }), reply(9, null)],
      -10,
    )
    expect(shape).toMatchObject({ size: 6, depth: 3, breadth: 2, authors: 3, halfS: 12 })
    expect(shape.chain).toEqual(['c0', 'c2', 'c3'])
    expect(shape.chainEngagement).toBe(2)
  })

  test('nobody answered', () => {
    expect(cascadeShape([], 0)).toEqual({
      size: 1,
      depth: 0,
      breadth: 0,
      virality: null,
      halfS: null,
      authors: 0,
      orphans: 0,
      cycles: 0,
      chain: [],
      chainEngagement: null,
    })
  })

  test('a chain of 100,000 neither overflows nor takes long', () => {
    expect(cascadeShape(chain(100_001), 0)).toMatchObject({ depth: 100_000, breadth: 1 })
  })

  test('circles of parents are cut and counted, and what hangs on them stays', () => {
    const shape = cascadeShape(
      [reply(0, 1), reply(1, 0), reply(2, 1), reply(5, 5), reply(7, 99), reply(8, null)],
      0,
    )
    expect(shape).toMatchObject({ size: 7, cycles: 2, orphans: 1 })
    expect(shape.depth).toBeGreaterThanOrEqual(2)
  })

  test('10,000 circles of two', () => {
    const pairs = Array.from({ length: 10_000 }, (_, at) => [
      reply(2 * at, 2 * at + 1),
      reply(2 * at + 1, 2 * at),
    ]).flat()
    expect(cascadeShape(pairs, 0)).toMatchObject({ cycles: 10_000, depth: 2 })
  })
})
