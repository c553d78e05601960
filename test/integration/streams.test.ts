import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'

type Session = {
  startedAt: string
  endedAt: string | null
  streamIds: string[]
  [field: string]: unknown
}

let app: TestApp
let person: SignedIn
let mine: Collected
let source: string
let serial = 0

beforeAll(async () => {
  app = await startTestApp()
  person = await app.signIn()
  mine = await collectedBy(app, person)
})
beforeEach(async () => {
  source = await mine.source('twitch', `channel-${++serial}`)
})
afterAll(async () => {
  await mine.close()
  await app.close()
})

const at = (time: string) => `2026-11-05T${time}:00Z`
const stream = (externalId: string, from: string, to: string | null, title = externalId) =>
  mine.post(source, {
    external_id: `${source}-${externalId}`,
    title,
    category: 'Chess',
    published_at: at(from),
    ended_at: to && at(to),
  })
const sample = (post: string, time: string, viewers: number | null) =>
  mine.client.query(
    'insert into post_samples (post_id, sampled_at, workspace_id, viewers) values ($1, $2, $3, $4)',
    [post, at(time), mine.workspaceId, viewers],
  )
async function sessions(query = ''): Promise<Session[]> {
  const { status, body } = await person.call('GET', `/api/twitch/streams?source=${source}${query}`)
  expect({ status, body }).toMatchObject({ status: 200 })
  return (body as { items: Session[] }).items
}
const shape = (found: Session[]) =>
  found.map(({ startedAt, endedAt, streamIds }) => [
    startedAt.slice(11, 16),
    endedAt?.slice(11, 16) ?? null,
    streamIds.map((id) => id.split('-')[1]).join(''),
  ])

test('streams at most 15 minutes apart are one session, newest session first', async () => {
  await stream('a', '10:00', '11:00')
  await stream('b', '11:15', '12:00')
  await stream('c', '12:01', '12:30')
  await stream('d', '12:46', '13:00')
  expect(shape(await sessions())).toEqual([
    ['12:46', '13:00', 'd'],
    ['10:00', '12:30', 'abc'],
  ])
})

test('peak, and an average that weighs time and leaves out what nobody measured', async () => {
  const first = await stream('a', '10:00', '11:00')
  const second = await stream('b', '11:10', '12:00')
  for (const [time, viewers] of [
    ['10:10', 100],
    ['10:20', 200],
    ['10:50', 200],
  ] as const) {
    await sample(first, time, viewers)
  }
  await sample(first, '10:55', null)
  for (const [time, viewers] of [
    ['11:20', 1000],
    ['11:30', 0],
  ] as const) {
    await sample(second, time, viewers)
  }
  const [session] = await sessions()
  // (150 x 10 + 200 x 30 + 500 x 10) / 50
  expect(session).toMatchObject({
    durationMinutes: 120,
    peakViewers: 1000,
    averageViewers: 250,
    samples: 5,
  })
})

test('one sample is its own average; none is null, not zero', async () => {
  await sample(await stream('a', '10:00', '11:00'), '10:30', 42)
  await stream('b', '15:00', '16:00')
  expect(await sessions()).toMatchObject([
    { peakViewers: null, averageViewers: null, samples: 0 },
    { peakViewers: 42, averageViewers: 42, samples: 1 },
  ])
})

test('a running session has no end and lasts to its newest sample', async () => {
  await stream('a', '10:00', '11:00')
  const running = await stream('b', '11:05', null)
  await sample(running, '11:35', 5)
  expect(await sessions()).toMatchObject([{ endedAt: null, durationMinutes: 95, samples: 1 }])
  expect(shape(await sessions('&live=true'))).toEqual([['10:00', null, 'ab']])
  expect(await sessions('&live=false')).toEqual([])
})

test('an end that nobody saw is the last time the stream was seen', async () => {
  await sample(await stream('a', '10:00', null), '10:45', 5)
  await stream('b', '14:00', '15:00')
  expect(shape(await sessions())).toEqual([
    ['14:00', '15:00', 'b'],
    ['10:00', '10:45', 'a'],
  ])
  expect(await sessions('&live=true')).toEqual([])
  expect((await sessions('&live=false')).length).toBe(2)
})

test('title and game changes across the streams of a session', async () => {
  const first = await stream('a', '10:00', '11:00', 'Old')
  const second = await stream('b', '11:05', '12:00', 'New')
  await mine.client.query(
    `insert into stream_changes (post_id, changed_at, workspace_id, title, category) values
       ($1, $3, $5, 'Old', 'Go'), ($2, $4, $5, 'New', 'Chess')`,
    [first, second, at('10:00'), at('11:05'), mine.workspaceId],
  )
  expect(await sessions()).toMatchObject([
    {
      title: 'New',
      category: 'Chess',
      changes: [
        { at: '2026-11-05T10:00:00.000Z', title: 'Old', category: 'Go' },
        { at: '2026-11-05T11:05:00.000Z', title: 'New', category: 'Chess' },
      ],
      postIds: [first, second],
    },
  ])
})

test('pages and ranges go by the start of a session', async () => {
  for (const hour of ['01', '03', '05', '07']) await stream(hour, `${hour}:00`, `${hour}:30`)
  const starts = (found: Session[]) => found.map(({ startedAt }) => startedAt.slice(11, 13))
  const path = `/api/twitch/streams?source=${source}&limit=3`
  const first = (await person.call('GET', path)).body as { items: Session[]; nextCursor: string }
  expect(starts(first.items)).toEqual(['07', '05', '03'])
  const rest = (await person.call('GET', `${path}&cursor=${first.nextCursor}`)).body as {
    items: Session[]
    nextCursor: null
  }
  expect([starts(rest.items), rest.nextCursor]).toEqual([['01'], null])
  expect(starts(await sessions(`&from=${at('03:00')}&to=${at('07:00')}`))).toEqual(['05', '03'])
})

test('another workspace has none of them', async () => {
  await stream('a', '10:00', '11:00')
  const stranger = await app.signIn()
  expect((await stranger.call('GET', '/api/twitch/streams')).body).toEqual({
    items: [],
    nextCursor: null,
  })
})
