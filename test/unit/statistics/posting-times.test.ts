import { describe, expect, test } from '@jest/globals'
import { type Draws, draws } from '../../../bench/analytics/planted.ts'
import { type Lift, postingTimes } from '../../../src/statistics/posting-times.ts'
import { type SlotCell, slotCells, type TimedPost } from '../../../src/statistics/slot-cells.ts'

const cell = (group: string, slot: number, values: number[]): SlotCell => ({
  group,
  slot,
  n: values.length,
  total: values.reduce((sum, value) => sum + value, 0),
  squares: values.reduce((sum, value) => sum + value ** 2, 0),
})

describe('posting times', () => {
  test('few posts are too few to say anything', () => {
    const told = postingTimes([cell('a', 9, [1, 2, 3])])
    expect(told).toMatchObject({ best: null, reason: 'too_few_posts', pValue: null })
    expect(told.slots).toHaveLength(168)
    expect(told.slots.every(({ lift }) => lift === null)).toBe(true)
  })

  test('a slot that is really better is found, though a famous author posts elsewhere', () => {
    const spread = [-0.6, -0.3, 0, 0.3, 0.6]
    const at = (level: number) =>
      Array.from({ length: 4 }, () => spread)
        .flat()
        .map((one) => level + one)
    const cells = [
      ...[9, 14, 33, 60].map((slot) => cell('small', slot, at(slot === 33 ? 4 : 2))),
      ...[14, 60, 33].map((slot) => cell('famous', slot, at(slot === 33 ? 11 : 9))),
    ]
    const told = postingTimes(cells)
    expect(told.best?.slots[0]).toBe(33)
    const lifts = new Map(told.slots.map(({ slot, lift }) => [slot, lift]))
    expect(lifts.get(33)).toBeGreaterThan(lifts.get(14) ?? 0)
    expect(lifts.get(100)).toBeNull()
  })

  test('no difference is an answer', () => {
    const values = [1, 2, 3, 2, 1, 3, 2, 2]
    const told = postingTimes([9, 33, 60, 80, 100].map((slot) => cell('a', slot, values)))
    expect(told).toMatchObject({ best: null, reason: 'no_reliable_difference' })
  })

  test('nobody who posted at two times: there is nothing to compare', () => {
    const draw = draws(4)
    const values = Array.from({ length: 40 }, () => draw.normal())
    const told = postingTimes([cell('a', 9, values), cell('b', 20, values)])
    expect(told).toMatchObject({ best: null, reason: 'nothing_to_compare', pValue: null })
    expect(told.hours[9]).toMatchObject({ posts: 40, effectivePosts: 0, lift: null })
  })

  test('posts that all had the same raise no NaN and no advice', () => {
    const told = postingTimes([9, 33, 60].map((slot) => cell('a', slot, new Array(20).fill(2))))
    expect(told.best).toBeNull()
    expect(JSON.stringify(told)).not.toMatch(/NaN|Infinity/)
    expect(told.slots.every(({ lift }) => lift === null || Math.abs(lift - 1) < 1e-6)).toBe(true)
  })

  test('an author who only ever posts in one slot says nothing of it, however much', () => {
    const draw = draws(3)
    const some = (count: number, level: number) =>
      Array.from({ length: count }, () => level + draw.normal())
    const others = Array.from({ length: 24 }, (_, hour) => cell('others', hour, some(10, 2)))
    const before = postingTimes(others).slots[9]
    const after = postingTimes([...others, cell('prolific', 9, some(2_000, 8))]).slots[9]
    expect(before?.posts).toBe(10)
    expect(after?.posts).toBe(2_010)
    expect(after?.effectivePosts).toBe(before?.effectivePosts)
    const width = ({ low, high }: Lift) => Math.log((high ?? 0) / (low ?? 1))
    expect(after && width(after)).toBeGreaterThan(0.8 * (before ? width(before) : 9))
    expect(Math.abs(Math.log(after?.lift ?? 9))).toBeLessThan(0.5)
  })
})

describe('hours are smoothed without counting posts twice', () => {
  const noise = 0.8
  const aSlot = 6
  /** The same posts in each hour of the week, and hours that are far apart. */
  const posts = (draw: Draws, effects: readonly number[]): SlotCell[] =>
    Array.from({ length: 168 }, (_, slot) =>
      cell(
        'a',
        slot,
        Array.from({ length: aSlot }, () => (effects[slot % 24] ?? 0) + noise * draw.normal()),
      ),
    )

  test('an hour is as sure as its own posts make it', () => {
    const draw = draws(17)
    const effects = Array.from({ length: 24 }, () => 1.5 * draw.normal())
    const { hours } = postingTimes(posts(draw, effects), 0.9)
    const honest = noise * Math.sqrt((1 / (7 * aSlot)) * (23 / 24))
    const spreads = hours.map(({ low, high }) => Math.log((high ?? 0) / (low ?? 1)) / 2 / 1.645)
    const mean = spreads.reduce((sum, one) => sum + one, 0) / 24
    // Half of each neighbour’s posts as one’s own would make it 0.71 of that.
    expect(mean / honest).toBeGreaterThan(0.9)
    expect(mean / honest).toBeLessThan(1.2)
  })

  test('neighbours lend an hour with few posts some of what they know', () => {
    const draw = draws(18)
    const bump = Array.from({ length: 24 }, (_, hour) => Math.cos(((hour - 20) / 12) * Math.PI))
    const cells = posts(draw, bump).filter(({ slot }) => slot % 24 !== 20)
    const few = [...cells, cell('a', 20, [1])]
    const hour = postingTimes(few).hours[20]
    expect(hour?.posts).toBe(1)
    expect(Math.log(hour?.lift ?? 0)).toBeGreaterThan(0.5)
  })
})

describe('intervals hold what was planted as often as they say', () => {
  const worlds = 25
  type World = { posts: TimedPost[]; hour: number[]; weekday: number[]; slot: number[] }

  /** Authors with levels, growth and hours of their own; effects of every size, also none. */
  function planted(seed: number): World {
    const draw = draws(seed)
    const size = (most: number) => most * draw.uniform()
    const [hours, days, slots] = [size(0.6), size(0.3), size(0.2)]
    const peak = draw.whole(24)
    const hour = Array.from(
      { length: 24 },
      (_, at) => hours * Math.cos(((at - peak) / 12) * Math.PI) + 0.2 * hours * draw.normal(),
    )
    const weekday = Array.from({ length: 7 }, () => days * draw.normal())
    const slot = Array.from(
      { length: 168 },
      (_, at) => (hour[at % 24] ?? 0) + (weekday[Math.floor(at / 24)] ?? 0) + slots * draw.normal(),
    )
    const posts = Array.from({ length: 10 }, (_, author) => {
      const [level, growth, usual] = [3 + draw.normal(), 0.3 * draw.normal(), draw.whole(24)]
      return Array.from({ length: 40 + draw.whole(160) }, () => {
        const at = (usual + Math.round(5 * draw.normal()) + 240) % 24
        const own = 24 * draw.whole(7) + at
        const month = draw.whole(3)
        return {
          source: '1',
          author: `${author}`,
          kind: 'tweet',
          month,
          slot: own,
          y: level + growth * month + (slot[own] ?? 0) + 0.9 * draw.normal(),
        }
      })
    }).flat()
    return { posts, hour, weekday, slot }
  }

  const held = (told: readonly (Lift & { effectivePosts: number })[], truth: readonly number[]) => {
    const all = told.reduce((sum, one) => sum + one.effectivePosts, 0)
    const usual =
      told.reduce((sum, one, place) => sum + one.effectivePosts * (truth[place] ?? 0), 0) / all
    return told.flatMap(({ low, high }, place) => {
      const lift = Math.exp((truth[place] ?? 0) - usual)
      return low === null || high === null ? [] : [lift >= low && lift <= high]
    })
  }
  const share = (all: readonly boolean[]) => all.filter(Boolean).length / all.length

  const all = Array.from({ length: worlds }, (_, index) => planted(4_000 + index))

  test.each([[0.8], [0.95]])('%d', (level) => {
    const kept = { slots: [] as boolean[], hours: [] as boolean[], weekdays: [] as boolean[] }
    for (const { posts, slot, hour, weekday } of all) {
      const told = postingTimes(slotCells(posts), level)
      kept.slots.push(...held(told.slots, slot))
      kept.hours.push(...held(told.hours, hour))
      kept.weekdays.push(...held(told.weekdays, weekday))
    }
    const shares = [share(kept.slots), share(kept.hours), share(kept.weekdays)]
    for (const one of shares) {
      expect(one).toBeGreaterThan(level - 0.04)
      expect(one).toBeLessThan(Math.min(level + 0.1, 0.995))
    }
  })
})
