import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Written, write } from '../support/category-world.ts'
import { type Collected, collectedBy } from '../support/collected.ts'

const clock = { now: () => new Date('2026-11-20T12:00:00Z') }
let app: TestApp
let person: SignedIn
let world: Collected
let source: string
let author: string
beforeAll(async () => {
  app = await startTestApp({ clock })
  person = await app.signIn()
  world = await collectedBy(app, person)
  source = await world.source('twitter', 'blog')
  author = await world.author('twitter', 'Author_5')
})
afterAll(async () => {
  await world?.close()
  await app?.close()
})
beforeEach(() => world.client.query('delete from posts'))

const post = (some: Partial<Written> = {}): Written => ({
  author,
  category: 'Tech',
  at: '2026-11-15T10:00:00Z',
  ...some,
})

type Users = {
  users: {
    user_id: string
    username: string
    total_engagement: number
    post_count: number
    n: number
    reasons: Record<string, string>
  }[]
  limit: number
  total_count: number
  definitions: { id: string }[]
}
const users = async (query = '') => {
  const { status, body } = await person.call('GET', `/api/reports/top-users?${query}`)
  expect([status, body]).toEqual([200, expect.anything()])
  return body as Users
}

test("seed 000's contract: 1,250 over 34 posts are 36.76", async () => {
  const ada = await world.author('twitter', 'alice_data')
  await write(
    world,
    source,
    Array.from({ length: 34 }, (_, index) => post({ author: ada, likes: index === 0 ? 260 : 30 })),
  )
  const answer = await users('limit=10')
  const [{ n, reasons, ...seeded }] = answer.users as [Users['users'][number]]
  expect({ users: [seeded], limit: answer.limit, total_count: answer.total_count }).toEqual({
    users: [
      {
        user_id: ada,
        username: 'alice_data',
        platform: 'twitter',
        total_engagement: 1_250,
        post_count: 34,
        avg_engagement_per_post: 36.76,
      },
    ],
    limit: 10,
    total_count: 1,
  })
  expect({ n, reasons }).toEqual({ n: 34, reasons: {} })
  expect(answer).toMatchObject({ as_of: clock.now().toISOString(), coverage: { ratio: 1 } })
  expect(answer.definitions.map(({ id }) => id)).toEqual(['engagement', 'average_per_post'])
})

test('nobody: an empty list', async () => {
  expect(await users()).toMatchObject({ users: [], limit: 10, total_count: 0 })
  await write(world, source, [post()])
  expect((await users()).users[0]).toMatchObject({
    total_engagement: null,
    avg_engagement_per_post: null,
    n: 0,
    reasons: { total_engagement: 'not_reported', avg_engagement_per_post: 'not_reported' },
  })
})

test('equal plain SQL over the posts at any state of folding', async () => {
  const ids: string[] = []
  for (const handle of 'klmnopq') ids.push(await world.author('twitter', handle))
  const one = fc.record({
    author: fc.constantFrom(...ids),
    likes: fc.option(fc.integer({ min: 0, max: 9 })),
    kind: fc.constantFrom('tweet', 'tweet', 'comment'),
  })
  const steps = fc.array(
    fc.oneof(
      fc.record({ do: fc.constant('write' as const), posts: fc.array(one, { maxLength: 8 }) }),
      fc.record({ do: fc.constant('drop' as const), author: fc.constantFrom(...ids) }),
      fc.record({ do: fc.constant('fold' as const), most: fc.integer({ min: 1, max: 12 }) }),
    ),
    { maxLength: 8 },
  )
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 8 }), async (all, limit) => {
      await world.client.query('delete from posts')
      for (const step of all) {
        if (step.do === 'fold')
          await world.client.query('select fold_rollups($1, $2)', [world.workspaceId, step.most])
        else if (step.do === 'drop')
          await world.client.query('delete from posts where author_id = $1', [step.author])
        else await write(world, source, step.posts.map(post))
      }
      const answer = await users(`limit=${limit}`)
      const { rows } = await world.client.query(
        `select author_id as user_id, sum(likes)::int as total_engagement, count(*)::int as post_count
         from posts where kind <> 'comment' group by author_id
         order by coalesce(sum(likes), 0) desc, author_id`,
      )
      expect(answer.total_count).toBe(rows.length)
      expect(
        answer.users.map(({ user_id, total_engagement, post_count }) => ({
          user_id,
          total_engagement,
          post_count,
        })),
      ).toEqual(rows.slice(0, limit))
    }),
    { numRuns: 30 },
  )
})
