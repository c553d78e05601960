import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { type SignedIn, startTestApp, type TestApp } from '../support/app.ts'
import { type Collected, collectedBy } from '../support/collected.ts'
import { type Depths, openThreads, star, type ThreadWorld } from '../support/written-threads.ts'

const start = Date.parse('2026-11-20T12:00:10Z')
const at = { now: start }

let app: TestApp
let threads: ThreadWorld
let person: SignedIn
let mine: Collected
beforeAll(async () => {
  app = await startTestApp({ clock: { now: () => new Date(at.now) } })
  threads = await openThreads()
})
afterAll(async () => {
  await mine?.close()
  await app?.close()
  await threads?.close()
})
beforeEach(async () => {
  // Within one step of five minutes: only other data gives another answer.
  at.now = start
  await mine?.close()
  person = await app.signIn()
  mine = await collectedBy(app, person)
})

const call = async (method: string, path: string, body?: unknown) => {
  const answer = await person.call(method, path, body)
  expect([path, answer.status < 300]).toEqual([path, true])
  return answer.body as { coverage: { sources: number; gaps: number }; items: { id: string }[] }
}
const coverage = async () => (await call('GET', '/api/analytics/engagement')).coverage
const jobId = async () => (await call('GET', '/api/jobs')).items[0]?.id

test('a job that is deleted or created shows in the coverage of analytics at once', async () => {
  const sourceId = await mine.source('twitter', 'ada')
  expect(await coverage()).toMatchObject({ sources: 1 })
  await call('DELETE', `/api/jobs/${await jobId()}`)
  expect(await coverage()).toMatchObject({ sources: 0 })
  at.now += 60_000
  await call('POST', '/api/jobs', { sourceId, intervalMinutes: 30 })
  at.now += 60_000
  expect(await coverage()).toMatchObject({ sources: 1 })
})

test('a pause is a gap at once', async () => {
  await mine.source('twitter', 'ada')
  expect(await coverage()).toMatchObject({ gaps: 0 })
  at.now += 60_000
  await call('POST', `/api/jobs/${await jobId()}/pause`)
  at.now += 60_000
  expect(await coverage()).toMatchObject({ gaps: 1 })
})

test('a source that is deleted is not covered any more, though it had no post', async () => {
  const id = await mine.source('twitter', 'ada')
  expect(await coverage()).toMatchObject({ sources: 1 })
  await call('DELETE', `/api/sources/${id}`)
  expect(await coverage()).toMatchObject({ sources: 0 })
})

test('shapes of threads that are taken anew show at once', async () => {
  await threads.startAfresh()
  await threads.write(star(3))
  const depths = () => threads.ask<Depths>('/api/comments/depth-analysis')
  expect((await depths()).threads).toBe(0)
  await threads.shapeAll()
  expect((await depths()).threads).toBe(1)
})
