import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type EngagedWorld, openEngagedWorld } from '../support/engaged-world.ts'

const now = '2026-11-20T12:00:00Z'
const minuteMs = 60_000
let world: EngagedWorld
beforeAll(async () => {
  world = await openEngagedWorld(now)
})
afterAll(() => world?.close())

type Value = { value: number | null; n: number; reason?: string }
type Twitch = Record<
  | 'averageViewers'
  | 'averageViewersOfSums'
  | 'peakViewers'
  | 'hoursWatched'
  | 'hoursLive'
  | 'consistency',
  Value
> & { streams: number }
type Session = {
  startedAt: string
  durationMinutes: number
  peakViewers: number | null
  averageViewers: number | null
}

const at = (minutes: number, from = '2026-11-02T10:00:00Z') =>
  new Date(Date.parse(from) + minutes * minuteMs).toISOString()
const twitchOf = async (query: string) => {
  const { platforms } = await world.get<{ platforms: { twitch: Twitch } }>(
    `/api/analytics/engagement?${query}`,
  )
  return platforms.twitch
}

describe('F04: Twitch', () => {
  test('average by time, peak, hours watched; a stream that drops and comes back is one', async () => {
    const source = await world.collected.source('twitch', 'evening')
    const [first = '', second = ''] = await world.posts(source, [
      { at: at(0), ended_at: at(60) },
      { at: at(70), ended_at: at(130) },
    ])
    await world.looks([
      { post: first, at: at(0), viewers: 100 },
      { post: first, at: at(60), viewers: 300 },
      { post: second, at: at(70), viewers: 50 },
      { post: second, at: at(130), viewers: 50 },
    ])
    const twitch = await twitchOf(`source=${source}&days=60`)
    expect(twitch).toMatchObject({
      streams: 1,
      averageViewers: { value: 125, n: 1 },
      averageViewersOfSums: { value: 125 },
      peakViewers: { value: 300 },
      hoursWatched: { value: 250 },
      hoursLive: { value: 2 },
    })
  })

  test('consistency is the share of whole weeks that saw a stream, since somebody looked', async () => {
    const source = await world.collected.source('twitch', 'weekly', '2026-10-14T00:00:00Z')
    await world.posts(source, [
      { at: '2026-10-15T10:00:00Z' },
      { at: '2026-10-20T10:00:00Z' },
      { at: '2026-10-21T10:00:00Z' },
      { at: '2026-11-09T10:00:00Z' },
    ])
    // Whole weeks from 19 October to 16 November: four, two of them with a stream.
    expect((await twitchOf(`source=${source}&days=90`)).consistency).toMatchObject({
      value: 0.5,
      n: 1,
    })
    expect((await twitchOf(`source=${source}&days=5`)).consistency).toMatchObject({
      value: null,
      n: 0,
      reason: 'no_whole_week_of_a_watched_source',
    })
  })

  test('a stream nobody saw viewers of is a stream, and its viewers are not known', async () => {
    const source = await world.collected.source('twitch', 'unseen')
    await world.posts(source, [{ at: at(0), ended_at: at(90) }])
    expect(await twitchOf(`source=${source}&days=60`)).toMatchObject({
      streams: 1,
      hoursLive: { value: 1.5, n: 1 },
      averageViewers: { value: null, n: 0, reason: 'not_reported' },
    })
  })
})

type Stream = { wait: number; minutes: number; looks: { share: number; viewers: number }[] }
const stream: fc.Arbitrary<Stream> = fc.record({
  wait: fc.constantFrom(5, 14, 15, 16, 120, 3_000),
  minutes: fc.integer({ min: 1, max: 200 }),
  looks: fc.array(
    fc.record({ share: fc.integer({ min: 0, max: 100 }), viewers: fc.nat({ max: 5_000 }) }),
    { maxLength: 6 },
  ),
})

/** Each stream by its start and looks; every look once a minute. */
async function writeStreams(source: string, streams: readonly Stream[]) {
  let minute = 0
  for (const { wait, minutes, looks } of streams) {
    minute += wait
    const [post = ''] = await world.posts(source, [
      { at: at(minute), ended_at: at(minute + minutes) },
    ])
    const byMinute = new Map(
      looks.map(({ share, viewers }) => [Math.floor((share * minutes) / 100), viewers]),
    )
    // Not in order: what comes late is counted like the rest.
    for (const [offset, viewers] of byMinute) {
      await world.looks([{ post, at: at(minute + offset), viewers }])
    }
    minute += minutes
  }
  return minute
}

describe('any streams', () => {
  test('sum up to what the list of sessions says of each', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(stream, { minLength: 1, maxLength: 8 }), async (streams) => {
        const source = await world.collected.source('twitch', `any${Math.random()}`)
        const end = await writeStreams(source, streams)
        const to = end > 25_000 ? now : at(end + 60)
        const period = `source=${source}&from=2026-11-01&to=${to}`
        const twitch = await twitchOf(period)
        const { items } = await world.get<{ items: Session[] }>(`/api/twitch/streams?${period}`)
        const seen = items.flatMap(({ averageViewers }) => averageViewers ?? [])
        const peaks = items.flatMap(({ peakViewers }) => peakViewers ?? [])
        expect(twitch.streams).toBe(items.length)
        expect(twitch.averageViewers.n).toBe(seen.length)
        if (seen.length > 0) {
          const mean = seen.reduce((all, one) => all + one, 0) / seen.length
          expect(Math.abs((twitch.averageViewers.value ?? -1) - mean)).toBeLessThan(0.06)
          expect(twitch.peakViewers.value).toBe(Math.max(...peaks))
        } else expect(twitch.averageViewers.value).toBeNull()
      }),
      { numRuns: 15, endOnFailure: true },
    )
  })

  test('a recount finds the same; streams that are deleted leave nothing behind', async () => {
    const { client, workspaceId } = world.collected
    const sums = async () =>
      (
        await client.query(
          `select 'stream' as of, post_id as id, session_id, session_at as at, average, viewer_s
             from stream_sums
           union all select 'week', source_id, streams, at, averages, live_s from stream_weeks
           order by 1, 2, 4`,
        )
      ).rows
    const before = await sums()
    expect(before.length).toBeGreaterThan(10)
    await client.query('select recount_streams($1)', [workspaceId])
    expect(await sums()).toEqual(before)
    await client.query(`delete from posts where kind = 'stream'`)
    expect(await sums()).toEqual([])
  })
})
