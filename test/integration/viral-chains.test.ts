import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  type Chains,
  chain,
  openThreads,
  type ThreadWorld,
  type WrittenComment,
} from '../support/written-threads.ts'

let threads: ThreadWorld
beforeAll(async () => {
  threads = await openThreads()
})
afterAll(() => threads?.close())
beforeEach(async () => void (await threads.startAfresh()))

const chains = (query = '') => threads.ask<Chains>(`/api/comments/viral-chains${query}`)

describe('chains', () => {
  const two: WrittenComment[] = [
    { id: 'long1', parent: null, engagement: 1 },
    { id: 'long2', parent: 'long1', engagement: 2 },
    { id: 'long3', parent: 'long2', engagement: 3 },
    { id: 'long4', parent: 'long3', engagement: 4 },
    { id: 'loud1', parent: null, engagement: 40 },
    { id: 'loud2', parent: 'loud1', engagement: null, body: null },
    { id: 'loud3', parent: 'loud2', engagement: 30 },
  ]

  test('one that is long enough and one that is engaging enough are not the same', async () => {
    const id = await threads.write(two)
    await threads.shapeAll()
    const { items } = await chains('?min_depth=3&min_engagement=70')
    expect(items).toMatchObject([{ thread: { postId: id }, depth: 3, engagement: 70 }])
    expect(items[0]?.nodes).toMatchObject([
      { depth: 1, engagement: 40, text: expect.stringContaining('loud1'), parent: null },
      { depth: 2, engagement: null, text: null },
      { depth: 3, engagement: 30 },
    ])
    // The deep one has 10: no chain has both.
    expect((await chains('?min_depth=4&min_engagement=11')).items).toEqual([])
    expect((await chains('?min_depth=4&min_engagement=10')).items).toMatchObject([{ depth: 4 }])
    // By default 3 and 50.
    expect((await chains()).items).toHaveLength(1)
    expect((await chains('?min_engagement=71')).items).toEqual([])
  })

  test('are those that a look at every path finds, whatever the trees', async () => {
    const tree = fc.array(
      fc.record({ up: fc.nat(), engagement: fc.option(fc.integer({ min: 0, max: 40 })) }),
      { minLength: 1, maxLength: 14 },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(tree, { maxLength: 5 }), async (trees) => {
        await threads.world.client.query('delete from posts')
        const truths = new Map<string, Path[]>()
        for (const nodes of trees) {
          const comments = nodes.map(({ up, engagement }, at): WrittenComment => {
            const parent = (up % (at + 1)) - 1
            return { id: `n${at}`, parent: parent < 0 ? null : `n${parent}`, engagement }
          })
          truths.set(await threads.write(comments), pathsOf(comments))
        }
        await threads.shapeAll()
        for (const [depth, engagement] of [
          ...[[1, 0] as const, [1, 30] as const, [2, 20] as const, [3, 40] as const],
        ]) {
          const query = `?min_depth=${depth}&min_engagement=${engagement}&limit=50`
          const { items } = await chains(query)
          const expected = [...truths].flatMap(([postId, paths]) => {
            const totals = paths.flatMap(({ length, total }) =>
              length >= depth && total !== null ? total : [],
            )
            const most = Math.max(-1, ...totals)
            return most >= engagement ? { postId, most } : []
          })
          expect(
            items
              .map((one) => ({ postId: one.thread.postId, most: one.engagement }))
              .toSorted(byId),
          ).toEqual(expected.toSorted(byId))
        }
      }),
      { numRuns: 25 },
    )
  })

  test('come in pages, the most engagement first, none lost and none twice', async () => {
    for (let at = 0; at < 7; at++) {
      await threads.write(chain(4).map((one) => ({ ...one, engagement: 20 + (at % 3) })))
    }
    await threads.shapeAll()
    const seen: Chains['items'] = []
    for (let cursor = ''; ; ) {
      const page = await chains(`?limit=2${cursor}`)
      seen.push(...page.items)
      if (!page.nextCursor) break
      cursor = `&cursor=${page.nextCursor}`
    }
    expect(new Set(seen.map(({ thread }) => thread.postId)).size).toBe(7)
    expect(seen.map(({ engagement }) => engagement)).toEqual([66, 66, 63, 63, 60, 60, 60])
  })

  test('of very large threads come fewer a page, and none is lost', async () => {
    for (let at = 0; at < 5; at++) {
      await threads.write(chain(4).map((one) => ({ ...one, engagement: 20 + at })))
    }
    await threads.shapeAll()
    // As if there were more comments than are worth writing down. Answers are kept, so each asks anew.
    await threads.world.client.query('update thread_shapes set size = 20000')
    const pages: number[][] = []
    for (let cursor = ''; ; ) {
      const { items, nextCursor } = await chains(`?limit=50${cursor}`)
      pages.push(items.map(({ engagement }) => engagement))
      if (!nextCursor) break
      cursor = `&cursor=${nextCursor}`
    }
    expect(pages).toEqual([[72, 69], [66, 63], [60]])
    await threads.world.client.query('update thread_shapes set size = 60000')
    const { items, nextCursor } = await chains('?limit=49')
    expect([items.length, nextCursor]).toEqual([1, expect.any(String)])
  })

  type Path = { length: number; total: number | null }
  const byId = (one: { postId: string }, other: { postId: string }) =>
    Number(one.postId) - Number(other.postId)

  /** Every path from an answer to the post down to any comment, by walking up from each. */
  function pathsOf(comments: WrittenComment[]): Path[] {
    const byName = new Map(comments.map((one) => [one.id, one]))
    return comments.map((last) => {
      let [length, total] = [0, null as number | null]
      for (let one: WrittenComment | undefined = last; one; one = byName.get(one.parent ?? '')) {
        length += 1
        if (one.engagement != null) total = (total ?? 0) + one.engagement
      }
      return { length, total }
    })
  }
})
