import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { until } from '../support/until.ts'
import { openWatching, type Watched, type Watching } from '../support/watching.ts'

let on: Watching
beforeAll(async () => {
  on = await openWatching()
})
beforeEach(() => on.startAfresh())
afterAll(() => on?.close())

describe('a run on its way', () => {
  test('finds its job deleted: its result is dropped, the others are kept', async () => {
    const { watched, goOn } = await on.inTheMiddleOfARun(2)
    const [gone, kept] = watched as [Watched, Watched]
    expect((await on.stage.person.call('DELETE', `/api/jobs/${gone.jobId}`)).status).toBe(204)
    goOn()
    await on.stage.drain()
    expect(await on.countOf('posts', gone.sourceId)).toBe(0)
    expect(await on.countOf('coverage_gaps', gone.sourceId)).toBe(0)
    expect(await on.countOf('posts', kept.sourceId)).toBeGreaterThan(0)
    expect(await on.jobOf(kept)).toMatchObject({ lastStatus: 'success' })
  })

  test('finds its source deleted: nothing of it is left', async () => {
    const { watched, goOn } = await on.inTheMiddleOfARun(2)
    const [gone, kept] = watched as [Watched, Watched]
    expect((await on.stage.person.call('DELETE', `/api/sources/${gone.sourceId}`)).status).toBe(204)
    goOn()
    await on.stage.drain()
    const { rows } = await on.stage.client.query('select distinct source_id from posts')
    expect(rows).toEqual([{ source_id: kept.sourceId }])
  })

  test('finds its job paused: the result is kept, and what is missed from then on is noted', async () => {
    const { watched, goOn } = await on.inTheMiddleOfARun(1)
    const [job] = watched as [Watched]
    await on.stage.person.call('POST', `/api/jobs/${job.jobId}/pause`)
    goOn()
    await until('the run is stored', async () => (await on.runsOf(job)).length === 1)
    expect(await on.jobOf(job)).toMatchObject({ isActive: false, lastStatus: 'success' })
    on.pass(10)
    expect(await on.gapsOf(job.sourceId)).toMatchObject([{ reason: 'paused', to: null }])
    on.pass(110)
    await on.stage.person.call('POST', `/api/jobs/${job.jobId}/resume`)
    await on.stage.drain()
    expect(await on.gapsOf(job.sourceId)).toMatchObject([
      { reason: 'paused', from: on.at(-120).toISOString(), to: on.at(0).toISOString() },
    ])
    expect(await on.runsOf(job)).toHaveLength(2)
  })
})

test('no worker for hours: one run catches up, the rhythm is kept and the gap is written down', async () => {
  const { watched } = await on.watch('reddit', 1)
  const [job] = watched as [Watched]
  await on.stage.drain()
  const firstRun = on.now()
  await on.stopWorkers()
  on.pass(5 * 60 + 10)
  await on.startWorkers()
  await on.stage.drain()
  const runs = await on.runsOf(job)
  expect(runs.map(({ scheduledFor }) => Date.parse(scheduledFor) - firstRun.getTime())).toEqual([
    30 * 60_000,
    0,
  ])
  expect(await on.jobOf(job)).toMatchObject({
    nextRunAt: new Date(firstRun.getTime() + 330 * 60_000).toISOString(),
  })
  expect(await on.gapsOf(job.sourceId)).toEqual([
    expect.objectContaining({
      reason: 'not_running',
      from: new Date(firstRun.getTime() + 30 * 60_000).toISOString(),
      to: on.now().toISOString(),
      posts: 'recovered',
    }),
  ])
})

test('a platform that answers 5xx for hours leaves one gap with that reason', async () => {
  const { watched, credential } = await on.watch('reddit', 1)
  const [job] = watched as [Watched]
  await on.stage.drain()
  on.faulty({ kind: 'server_error', platform: 'reddit', credential })
  on.pass(30)
  const since = on.now()
  for (const minutes of [0, 40, 40]) {
    on.pass(minutes)
    await on.stage.drain()
  }
  expect(await on.gapsOf(job.sourceId)).toMatchObject([{ reason: 'unavailable', to: null }])
  expect((await on.jobOf(job)) as unknown).toMatchObject({ failures: 3 })
  on.stage.sandbox.control.faults.remove()
  on.pass(40)
  await on.stage.drain()
  expect(await on.gapsOf(job.sourceId)).toEqual([
    expect.objectContaining({
      reason: 'unavailable',
      from: since.toISOString(),
      to: on.now().toISOString(),
      posts: 'recovered',
    }),
  ])
})
