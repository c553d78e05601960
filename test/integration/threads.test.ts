import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import {
  binary,
  type Chains,
  chain,
  type Depths,
  openThreads,
  type PostThread,
  star,
  type ThreadWorld,
} from '../support/written-threads.ts'

let threads: ThreadWorld
beforeAll(async () => {
  threads = await openThreads()
})
afterAll(() => threads?.close())
beforeEach(async () => void (await threads.startAfresh()))

const depths = (query = '') => threads.ask<Depths>(`/api/comments/depth-analysis${query}`)
const chains = (query = '') => threads.ask<Chains>(`/api/comments/viral-chains${query}`)

describe('structural virality, through the database', () => {
  test.each([
    ['a star of 5', star(5), 1.6],
    ['a chain of 5', chain(5), 2],
    ['a full binary tree of 7', binary(), 2.2857],
    ['a star of 100', star(100), 1.98],
    ['a chain of 100', chain(100), 33.6667],
  ])('%s', async (_name, comments, virality) => {
    const id = await threads.write(comments)
    expect(await threads.shapeAll()).toBe(1)
    const { items } = await depths()
    expect(items).toMatchObject([{ postId: id, size: comments.length + 1 }])
    expect(items[0]?.virality).toMatchObject({
      ...{ definition: 'structural_virality', n: comments.length + 1 },
      value: expect.closeTo(virality, 4),
    })
    const { shape } = await threads.ask<PostThread>(`/api/posts/${id}/thread`)
    expect(shape.virality.value).toBeCloseTo(virality, 4)
  })

  test('nobody answered: null with the reason', async () => {
    const id = await threads.write([])
    const { shape, items, nextCursor } = await threads.ask<PostThread>(`/api/posts/${id}/thread`)
    expect([items, nextCursor]).toEqual([[], null])
    expect(shape).toMatchObject({ size: 1, depth: 0, breadth: 0, missing: null, halfTimeS: null })
    expect(shape.reasons).toEqual({ halfTimeS: 'no_comments', missing: 'never_looked' })
    expect(shape.virality).toEqual({
      ...{ value: null, n: 1, definition: 'structural_virality', reason: 'fewer_than_two_nodes' },
    })
  })
})

test('of comments that tell nothing the chain has nothing, and both say why', async () => {
  const id = await threads.write(chain(3).map((one) => ({ ...one, engagement: null })))
  await threads.shapeAll()
  const { items } = await depths()
  expect(items).toMatchObject([
    { bestChainEngagement: null, reasons: { bestChainEngagement: 'not_reported' } },
  ])
  const page = await threads.ask<PostThread>(`/api/posts/${id}/thread`)
  expect(page.items).toMatchObject(
    [1, 2].map(() => ({ engagement: null, reasons: { engagement: 'not_reported' } })),
  )
  expect(page.shape.reasons).toEqual({})
})

describe('bad data', () => {
  test('a chain 10,000 deep is read, shaped, listed and shown in part', async () => {
    const id = await threads.write(chain(10_001))
    await threads.shapeAll()
    const { deepest } = await depths()
    expect(deepest).toMatchObject([{ postId: id, depth: 10_000, size: 10_001 }])
    // (n + 1) / 3 of a path of n nodes.
    expect(deepest[0]?.virality.value).toBeCloseTo(10_002 / 3, 6)
    const [found] = (await chains('?min_depth=10000&min_engagement=10000')).items
    expect(found).toMatchObject({ depth: 10_000, engagement: 10_000, leftOut: 9_900 })
    expect(found?.nodes.map(({ depth }) => depth)).toEqual(
      Array.from({ length: 100 }, (_, at) => at + 1),
    )
    expect((await chains('?min_depth=10001&min_engagement=0')).items).toEqual([])
    const page = await threads.ask<PostThread>(`/api/posts/${id}/thread?limit=1000`)
    expect(page.items.at(-1)).toMatchObject({ depth: 1_000 })
  })

  test('circles of parents and answers to nobody neither hang nor are lost', async () => {
    const id = await threads.write([
      { id: 'a', parent: 'c' },
      { id: 'b', parent: 'a' },
      { id: 'c', parent: 'b' },
      { id: 'd', parent: 'c' },
      { id: 'self', parent: 'self' },
      { id: 'orphan', parent: 'nobody' },
    ])
    await threads.shapeAll()
    expect((await depths()).items).toMatchObject([{ size: 7, cycles: 2, orphans: 1 }])
    const { shape, items } = await threads.ask<PostThread>(`/api/posts/${id}/thread`)
    expect(shape).toMatchObject({ size: 7, cycles: 2, orphans: 1 })
    expect(items).toHaveLength(6)
    for (const { depth } of items) expect(depth).toBeGreaterThanOrEqual(1)
    expect((await chains('?min_depth=3&min_engagement=3')).items).toHaveLength(1)
  })
})

test("a comment's thread is its post's, in pages by time", async () => {
  const id = await threads.write(binary().map((one, at) => ({ ...one, minutes: 60 - at })))
  const first = await threads.ask<PostThread>(`/api/posts/${id}/thread?limit=4`)
  expect(first.items.map(({ externalId }) => externalId.split('.')[1])).toEqual([
    ...['b5', 'b4', 'b3', 'b2'],
  ])
  expect(first.items.map(({ depth }) => depth)).toEqual([2, 2, 2, 2])
  const rest = await threads.ask<PostThread>(
    `/api/posts/${first.items[0]?.id}/thread?limit=4&cursor=${first.nextCursor}`,
  )
  expect(rest).toMatchObject({ postId: id, nextCursor: null, items: [{ parent: null }, {}] })
})
