import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import {
  type Bucket,
  type Chains,
  chain,
  type Depths,
  openThreads,
  star,
  type ThreadWorld,
} from '../support/written-threads.ts'

let threads: ThreadWorld
beforeAll(async () => {
  threads = await openThreads()
})
afterAll(() => threads?.close())
let sourceId: string
beforeEach(async () => {
  sourceId = await threads.startAfresh()
})

const depths = (query = '') => threads.ask<Depths>(`/api/comments/depth-analysis${query}`)
const chains = (query = '') => threads.ask<Chains>(`/api/comments/viral-chains${query}`)

describe('the analysis of a period', () => {
  test('means, medians, buckets and the deepest are those of its threads', async () => {
    const outside = await threads.write(chain(50), '2026-10-01T00:00:00Z')
    const inside = [
      await threads.write(star(3)),
      await threads.write(chain(5)),
      await threads.write(chain(13)),
    ]
    await threads.shapeAll()
    const found = await depths()
    expect(found.threads).toBe(3)
    expect(found.deepest.map(({ postId }) => postId)).toEqual(inside.toReversed())
    expect(found.depth).toMatchObject({
      mean: { value: 17 / 3, n: 3, definition: 'thread_depth' },
      median: { value: 4 },
      max: { value: 12 },
    })
    expect(found.size).toMatchObject({
      mean: { value: 7 },
      median: { value: 5 },
      max: { value: 13 },
    })
    expect(found.virality.median).toMatchObject({ value: 2, n: 3 })
    expect(found.virality.mean.value).toBeCloseTo((4 / 3 + 2 + 14 / 3) / 3, 9)
    const filled = (buckets: Bucket[]) => buckets.filter(({ threads }) => threads > 0)
    expect(filled(found.distribution.depth)).toEqual([
      { from: 1, to: 1, threads: 1 },
      { from: 4, to: 4, threads: 1 },
      { from: 10, to: 19, threads: 1 },
    ])
    expect(filled(found.distribution.size)).toEqual([
      { from: 2, to: 5, threads: 2 },
      { from: 11, to: 25, threads: 1 },
    ])
    const all = await depths('?days=90')
    expect([all.threads, all.deepest[0]?.postId]).toEqual([4, outside])
    expect((await depths(`?platform=youtube`)).threads).toBe(0)
    expect((await depths(`?source=${sourceId}`)).threads).toBe(3)
  })

  test('pages lose nothing and repeat nothing', async () => {
    const ids = []
    for (let at = 0; at < 5; at++) ids.push(await threads.write(star(2 + at)))
    await threads.shapeAll()
    const seen: string[] = []
    for (let cursor = ''; ; ) {
      const page = await depths(`?limit=2${cursor}`)
      seen.push(...page.items.map(({ postId }) => postId))
      if (!page.nextCursor) break
      cursor = `&cursor=${page.nextCursor}`
    }
    expect(seen).toEqual(ids.toReversed())
  })

  test('without a thread everything is null with a reason, and no number is made up', async () => {
    const found = await depths()
    expect([found.threads, found.items, found.deepest]).toEqual([0, [], []])
    for (const spread of [found.depth, found.size, found.breadth]) {
      for (const one of Object.values(spread)) {
        expect(one).toMatchObject({ value: null, n: 0, reason: 'no_threads' })
      }
    }
    expect(found.virality.mean).toMatchObject({ value: null, reason: 'fewer_than_two_nodes' })
    expect((await chains()).items).toEqual([])
  })

  test.each([
    ['/api/comments/depth-analysis?from=2030-01-01', '/from'],
    ['/api/comments/depth-analysis?days=0', '/days'],
    ['/api/comments/depth-analysis?platform=myspace', '/platform'],
    ['/api/comments/viral-chains?min_depth=0', '/min_depth'],
    ['/api/comments/viral-chains?min_engagement=-1', '/min_engagement'],
    ['/api/comments/viral-chains?min_depth=x', '/min_depth'],
    ['/api/comments/viral-chains?cursor=nonsense', '/cursor'],
    ['/api/posts/1/thread?cursor=nonsense', '/cursor'],
  ])('%s names its fault', async (path, pointer) => {
    expect(await threads.person.call('GET', path)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer }] },
    })
  })

  test('another workspace sees none of it', async () => {
    const id = await threads.write(chain(9))
    await threads.shapeAll()
    const other = await threads.app.signIn()
    const answer = await other.call('GET', '/api/comments/depth-analysis')
    expect(answer.body).toMatchObject({ threads: 0 })
    expect((await other.call('GET', `/api/posts/${id}/thread`)).status).toBe(404)
  })
})
