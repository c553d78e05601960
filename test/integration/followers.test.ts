import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type EngagedWorld, openEngagedWorld } from '../support/engaged-world.ts'

let world: EngagedWorld
beforeAll(async () => {
  world = await openEngagedWorld('2026-11-20T12:00:00Z')
})
afterAll(() => world?.close())

type Point = {
  followers: number | null
  mean: number | null
  min: number | null
  max: number | null
  change: number | null
  days: number
  reason: string | null
}
type Followers = { points: Point[]; daysPerPoint: number; growth: { change: { value: number } } }

/** A look at noon on each of so many days up to the nineteenth, by what it saw. */
async function looks(handle: string, days: number, seen: (ago: number) => number | null) {
  const { client, workspaceId, source } = world.collected
  const id = await source('youtube', handle, '2016-01-01T00:00:00Z')
  const rows = Array.from({ length: days }, (_, ago) => ({ ago: ago + 1, followers: seen(ago) }))
  await client.query(
    `insert into source_samples (source_id, sampled_at, workspace_id, followers)
     select $1, timestamptz '2026-11-20T10:00:00Z' - ago * interval '1 day', $2, followers
     from json_to_recordset($3::json) as x(ago int, followers bigint) where followers is not null`,
    [id, workspaceId, JSON.stringify(rows)],
  )
  return id
}

test('days are told one by one, with their change and their holes', async () => {
  const id = await looks('few', 4, (ago) => (ago === 1 ? null : 100 - 10 * ago))
  const { points, daysPerPoint } = await world.get<Followers>(
    `/api/analytics/trends/followers?source=${id}&to=2026-11-20`,
  )
  expect(daysPerPoint).toBe(1)
  expect(points.map(({ followers, change, reason }) => [followers, change, reason])).toEqual([
    [70, null, null],
    [80, 10, null],
    [null, null, 'not_observed'],
    [100, null, null],
  ])
  expect(points[0]).toMatchObject({ mean: 70, min: 70, max: 70, days: 1 })
})

test('nine years are at most 1,000 points, and the day of the peak stays visible', async () => {
  const id = await looks('many', 3_300, (ago) => (ago === 1_234 ? 999_999 : 5_000 - ago))
  const { points, daysPerPoint, growth } = await world.get<Followers>(
    `/api/analytics/trends/followers?source=${id}&from=2016-11-21&to=2026-11-20`,
  )
  expect(daysPerPoint).toBe(4)
  expect(points).toHaveLength(825)
  expect(points.reduce((sum, { days }) => sum + days, 0)).toBe(3_300)
  expect(Math.max(...points.map(({ max }) => max ?? 0))).toBe(999_999)
  expect(Math.min(...points.map(({ min }) => min ?? 0))).toBe(5_000 - 3_299)
  // The newest four days had 5,000 down to 4,997.
  expect(points.at(-1)).toMatchObject({ followers: 5_000, mean: 4_998.5, min: 4_997, change: 4 })
  expect(growth.change.value).toBe(3_299)
})
