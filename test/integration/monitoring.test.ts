import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { SignedIn } from '../support/app.ts'
import { addProfile, openStage, type Stage } from '../support/stage.ts'
import { until } from '../support/until.ts'

type Job = {
  id: string
  sourceId: string
  intervalMinutes: number
  isActive: boolean
  nextRunAt: string
  lastSuccessAt: string | null
  lastStatus: string | null
  failures: number
}
type Execution = { scheduledFor: string; status: string; recordsCollected: number }
type Added = {
  results: { input: string; outcome: string; source: { id: string } | null; jobId: string | null }[]
  counts: Record<string, number>
}
type Problem = { code: string; errors?: { pointer: string }[] }

const start = new Date('2026-11-10T12:00:00Z')
const minutesLater = (minutes: number) => new Date(start.getTime() + minutes * 60_000)

let stage: Stage
let person: SignedIn
let profileId: string
let handles: string[]
let taken = 0

beforeAll(async () => {
  stage = await openStage({ store: 'postgres', start })
  person = stage.person
  profileId = await addProfile(person, 'twitch', 'watcher')
  const listed = await stage.sandbox.world.sources('twitch')
  handles = listed
    .filter(({ habit }) => !['gone', 'leaves', 'banned'].includes(habit))
    .map(({ handle }) => handle)
  await stage.startWorkersHere()
})
afterAll(() => stage?.close())

const newHandle = () => handles[taken++] ?? ''

async function addSource(by = person, profile = profileId): Promise<string> {
  const body = { profileId: profile, handles: [newHandle()] }
  const added = (await by.call('POST', '/api/sources', body)).body as Added
  return added.results[0]?.source?.id ?? ''
}

async function addJob(intervalMinutes = 30): Promise<Job> {
  const sourceId = await addSource()
  const { status, body } = await person.call('POST', '/api/jobs', { sourceId, intervalMinutes })
  expect(status).toBe(201)
  return body as Job
}

const getJob = async (id: string) => (await person.call('GET', `/api/jobs/${id}`)).body as Job
const history = async (id: string) => {
  const { body } = await person.call('GET', `/api/jobs/${id}/executions`)
  return (body as { items: Execution[] }).items
}
const command = async (id: string, name: string) => {
  const { status, body } = await person.call('POST', `/api/jobs/${id}/${name}`)
  return { status, job: body as Job, problem: body as Problem }
}

test('a source shows what its platform says of it, and its own numbers over time', async () => {
  const job = await addJob()
  await until('the first look is stored', async () => (await getJob(job.id)).lastSuccessAt !== null)
  const { body } = await person.call('GET', `/api/sources/${job.sourceId}`)
  const source = body as { followers: number | null; details: Record<string, unknown> }
  expect(source.followers).toBeGreaterThan(0)
  expect(source.details).toHaveProperty('schedule')
  const samples = await person.call('GET', `/api/sources/${job.sourceId}/samples`)
  const { items } = samples.body as { items: { sampledAt: string; isLive: boolean | null }[] }
  expect(items).toHaveLength(1)
  expect(typeof items[0]?.isLive).toBe('boolean')
})

test('sources in bulk: each row answers for itself, and each new one is watched', async () => {
  const [one, two] = [newHandle(), newHandle()]
  const { status, body } = await person.call('POST', '/api/sources', {
    profileId,
    handles: [
      one,
      `https://www.twitch.tv/${two}`,
      one.toUpperCase(),
      'no such name!',
      'nobody_404',
    ],
    watch: { intervalMinutes: 60 },
  })
  expect(status).toBe(200)
  const { results, counts } = body as Added
  expect(results.map(({ outcome }) => outcome)).toEqual([
    'created',
    'created',
    'exists',
    'invalid',
    'not_found',
  ])
  expect(counts).toEqual({ created: 2, exists: 1, not_found: 1, invalid: 1 })
  expect(results[2]?.source?.id).toBe(results[0]?.source?.id)
  await stage.drain()
  for (const { jobId } of results.slice(0, 2)) {
    expect(await history(jobId ?? '')).toMatchObject([{ status: 'success' }])
    expect(await getJob(jobId ?? '')).toMatchObject({
      intervalMinutes: 60,
      lastStatus: 'success',
      lastSuccessAt: start.toISOString(),
      nextRunAt: minutesLater(60).toISOString(),
    })
  }
})

describe('a job', () => {
  test('is made once for a source', async () => {
    const job = await addJob()
    const again = await person.call('POST', '/api/jobs', { sourceId: job.sourceId })
    expect(again.status).toBe(409)
    expect((again.body as Problem).code).toBe('conflict')
  })

  test('has an interval within its platform’s range', async () => {
    const job = await addJob()
    for (const intervalMinutes of [1, 14, 121, 10_000]) {
      const asked = [
        await person.call('PATCH', `/api/jobs/${job.id}`, { intervalMinutes }),
        await person.call('POST', '/api/jobs', { sourceId: await addSource(), intervalMinutes }),
      ]
      for (const { status, body } of asked) {
        const errors = [{ pointer: '/intervalMinutes' }]
        expect({ status, body }).toMatchObject({ status: 400, body: { errors } })
      }
    }
    await stage.drain()
    const changed = await person.call('PATCH', `/api/jobs/${job.id}`, { intervalMinutes: 15 })
    expect(changed.body).toMatchObject({
      intervalMinutes: 15,
      nextRunAt: minutesLater(15).toISOString(),
    })
  })

  test('is paused once, whoever says it twice, and runs at once when it is resumed', async () => {
    const { id } = await addJob()
    await stage.drain()
    expect(await command(id, 'pause')).toMatchObject({ status: 200, job: { isActive: false } })
    const paused = await getJob(id)
    expect(await command(id, 'pause')).toMatchObject({ status: 200, job: paused })
    expect(await command(id, 'run')).toMatchObject({ status: 409, problem: { code: 'conflict' } })
    expect(await history(id)).toHaveLength(1)

    stage.moveTo(minutesLater(45))
    await command(id, 'resume')
    await stage.drain()
    const runs = await history(id)
    expect(runs.map(({ scheduledFor }) => scheduledFor)).toEqual([
      minutesLater(45).toISOString(),
      start.toISOString(),
    ])
    expect(await getJob(id)).toMatchObject({
      isActive: true,
      nextRunAt: minutesLater(75).toISOString(),
    })
  })

  test('runs now when it is told to, and keeps its history in pages', async () => {
    const { id } = await addJob()
    await stage.drain()
    for (const minutes of [50, 51]) {
      stage.moveTo(minutesLater(minutes))
      expect(await command(id, 'run')).toMatchObject({ status: 200 })
      await stage.drain()
    }
    expect(await history(id)).toHaveLength(3)
    const first = await person.call('GET', `/api/jobs/${id}/executions?limit=2`)
    const { items, nextCursor } = first.body as { items: Execution[]; nextCursor: string }
    const rest = await person.call('GET', `/api/jobs/${id}/executions?limit=2&cursor=${nextCursor}`)
    expect([...items, ...(rest.body as { items: Execution[] }).items]).toEqual(await history(id))
  })

  test('answers a command that comes while its run is being stored, after that', async () => {
    const { id } = await addJob()
    await stage.drain()
    await stage.client.query('begin')
    await stage.client.query('select from monitoring_jobs where id = $1 for update', [id])
    const answer: { status?: number } = {}
    const asked = command(id, 'pause').then(({ status }) => Object.assign(answer, { status }))
    await until('it waits', async () => {
      const { rows } = await stage.client.query('select count(*) from pg_locks where not granted')
      return Number(rows[0].count) > 0 || answer.status !== undefined
    })
    await stage.client.query('commit')
    expect((await asked).status).toBe(200)
    expect(await getJob(id)).toMatchObject({ isActive: false })
  })

  test('is gone when it is deleted; its source stays', async () => {
    const { id, sourceId } = await addJob()
    expect((await person.call('DELETE', `/api/jobs/${id}`)).status).toBe(204)
    const after = [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/pause'],
      ['POST', '/resume'],
      ['POST', '/run'],
      ['GET', '/executions'],
    ] as const
    for (const [method, path] of after) {
      expect((await person.call(method, `/api/jobs/${id}${path}`)).status).toBe(404)
    }
    expect((await person.call('GET', `/api/sources/${sourceId}`)).status).toBe(200)
  })
})

test('a job runs with its source’s own profile, and another workspace sees nothing of it', async () => {
  const job = await addJob()
  const other = await addProfile(person, 'twitch', 'another')
  const sourceId = await addSource()
  const wrong = await person.call('POST', '/api/jobs', { sourceId, profileId: other })
  expect(wrong.status).toBe(400)
  expect((wrong.body as Problem).errors).toMatchObject([{ pointer: '/profileId' }])
  const absent = await person.call('POST', '/api/jobs', { sourceId, profileId: '999999' })
  expect(absent.status).toBe(404)

  const stranger = await stage.app.signIn()
  const denied = [
    ['GET', `/api/jobs/${job.id}`],
    ['PATCH', `/api/jobs/${job.id}`, { intervalMinutes: 60 }],
    ['DELETE', `/api/jobs/${job.id}`],
    ['POST', `/api/jobs/${job.id}/run`],
    ['GET', `/api/jobs/${job.id}/executions`],
    ['POST', '/api/jobs', { sourceId }],
    ['POST', '/api/sources', { profileId, handles: ['somebody'] }],
    ['GET', `/api/sources/${sourceId}`],
  ] as const
  for (const [method, path, body] of denied) {
    expect((await stranger.call(method, path, body)).status).toBe(404)
  }
  expect((await stranger.call('GET', '/api/jobs')).body).toMatchObject({ items: [] })
  expect(await getJob(job.id)).toMatchObject({ intervalMinutes: 30 })
})
