import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type pg from 'pg'
import { openWarming, type Warming } from '../../src/warming.ts'
import { answerCounts } from '../support/answer-counts.ts'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'

const at = { now: Date.parse('2026-11-20T12:01:00Z') }
const url = '/api/analytics/engagement'

let app: TestApp
let person: SignedIn
let mine: Collected
let source: string
let warming: Warming
const more: Warming[] = []
const taken: pg.PoolClient[] = []

beforeAll(async () => {
  app = await startTestApp({
    clock: { now: () => new Date(at.now) },
    variables: { DB_POOL_MAX: '4' },
  })
})
afterAll(() => app?.close())
beforeEach(async () => {
  person = await app.signIn()
  mine = await collectedBy(app, person)
  source = await mine.source('twitter', 'ada')
  warming = opened()
})
afterEach(async () => {
  // Whatever a failing test still holds: the rounds that wait for it could not end.
  for (const client of taken.splice(0)) client.release()
  for (const one of more.splice(0)) await one.stop()
  for (const theirs of app.parts.answers.asked.lately().flat()) {
    app.parts.answers.asked.forget(theirs)
  }
  await mine.close()
})

function opened(options = {}): Warming {
  const one = openWarming(app.parts, options)
  more.push(one)
  return one
}
const write = () => mine.post(source, { published_at: '2026-11-20T10:00:00Z', likes: 5 })

async function posts(query = ''): Promise<number> {
  const { status, body } = await person.call('GET', `${url}${query}`)
  if (status !== 200) throw new Error(`${url} answered ${status}`)
  return (body as { totals: { posts: number } }).totals.posts
}

/** What was counted while this ran. */
async function counted(work: () => Promise<unknown>) {
  const before = await answerCounts(app)
  await work()
  const after = await answerCounts(app)
  const grown = Object.entries(after).map(([name, n]): [string, number] => [
    name,
    n - (before[name] ?? 0),
  ])
  return Object.fromEntries(grown.filter(([, n]) => n > 0))
}

describe('T04, T03: what people ask is answered before they ask again', () => {
  test('new data is computed ahead, and the next to ask has it from the cache', async () => {
    await write()
    expect(await counted(posts)).toEqual({ miss: 1 })
    expect(await counted(posts)).toEqual({ hit: 1 })
    await write()
    expect(await counted(() => warming.round())).toEqual({ warmed: 1 })
    expect(await counted(async () => expect(await posts()).toBe(2))).toEqual({ hit: 1 })
  })

  test('without the warmer the one who asks computes', async () => {
    await posts()
    await write()
    expect(await counted(posts)).toEqual({ miss: 1 })
  })

  test('the time moves on as well; what is known is not computed again', async () => {
    await posts()
    expect(await warming.round()).toBe(0)
    at.now += 5 * 60_000
    expect(await warming.round()).toBe(1)
    expect(await warming.round()).toBe(0)
    expect(await counted(posts)).toEqual({ hit: 1 })
  })

  test('no workspace is given what another one has', async () => {
    const other = await collectedBy(app, await app.signIn())
    await other.post(await other.source('twitter', 'eve'), { published_at: '2026-11-20T10:00:00Z' })
    await other.close()
    await posts()
    await write()
    await warming.round()
    expect(await posts()).toBe(1)
  })
})

describe('it stands back', () => {
  test('while requests need the connections', async () => {
    await posts()
    await write()
    const { pool } = app.parts.database
    taken.push(...(await Promise.all([1, 2, 3].map(() => pool.connect()))))
    expect(await warming.round()).toBe(0)
    for (const client of taken.splice(0)) client.release()
    expect(await warming.round()).toBe(1)
  })

  test('after so many a minute', async () => {
    const bounded = opened({ mostAMinute: 2 })
    for (const days of [1, 2, 3]) await posts(`?days=${days}`)
    await write()
    expect([await bounded.round(), await bounded.round()]).toEqual([2, 0])
  })

  test('from a workspace that asks much, for one that asks little', async () => {
    const bounded = opened({ mostAMinute: 2 })
    const quiet = await app.signIn()
    const ask = async () => expect((await quiet.call('GET', url)).status).toBe(200)
    await ask()
    for (const days of [1, 2, 3]) await posts(`?days=${days}`)
    at.now += 5 * 60_000
    expect(await bounded.round()).toBe(2)
    expect(await counted(ask)).toEqual({ hit: 1 })
  })

  test('when the process stops', async () => {
    await posts()
    await write()
    warming.start()
    await warming.stop()
    expect(await warming.round()).toBe(0)
  })

  test('from what fails: nobody needs it until somebody asks', async () => {
    const { asked } = app.parts.answers
    asked.note({
      workspaceId: mine.workspaceId,
      text: 'broken',
      stepMs: 60_000,
      compute: () => Promise.reject(new Error('no')),
    })
    expect(await counted(() => warming.round())).toEqual({ not_warmed: 1 })
    expect(asked.lately()).toEqual([])
  })
})
