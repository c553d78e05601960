import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type EngagedWorld, openEngagedWorld } from '../support/engaged-world.ts'

const texts = 20_000
let world: EngagedWorld
beforeAll(async () => {
  world = await openEngagedWorld('2026-11-20T12:00:00Z')
  const { client, workspaceId, source } = world.collected
  await client.query(
    `with p as (
       insert into posts (workspace_id, source_id, platform, kind, external_id, category, body,
         published_at, fetched_at)
       select $1, $2, 'twitter', 'tweet', n::text, 'c' || n % 3, 'words', $3::timestamptz, now()
       from generate_series(1, ${texts}) n returning id)
     insert into sentiments select id, $1, 'tiny', 0.1, 0.2, 0.7, 0.6, now() from p`,
    [workspaceId, await source('twitter', 'ada'), '2026-11-10T10:00:00Z'],
  )
})
afterAll(() => world?.close())

type Sampled = {
  groups: { mood: { n: number } }[]
  groupCount: number
  sample: { texts: number; of: number; share: number } | null
}

test.each([
  ['by=category', 3, 15_000],
  ['by=tag', 0, 15_000],
  ['by=topic&topic=words', 1, 10_000],
])(
  '%s: a sample says how many texts were read, not how many were meant',
  async (by, groups, most) => {
    const path = `/api/analytics/sentiment?bucket=none&from=2026-11-01&to=2026-11-20&${by}`
    const answer = await world.get<Sampled>(path)
    const lots = Math.ceil((1_024 * most) / texts)
    const { rows } = await world.collected.client.query(
      'select count(*)::int as read from sentiments where lot < $1',
      [lots],
    )
    expect(answer.sample).toEqual({ texts: rows[0].read, of: texts, share: lots / 1_024 })
    expect(answer.groupCount).toBe(groups)
    const read = answer.groups.reduce((sum, { mood }) => sum + mood.n, 0)
    if (groups > 0) expect(read).toBe(rows[0].read)
  },
)
