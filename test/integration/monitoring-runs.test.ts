import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type Gate, openGate } from '../support/gate.ts'
import { asOwner } from '../support/servers.ts'
import type { SandboxFault } from '../support/stage.ts'
import { addProfile, openStage, type PlatformName, type Stage } from '../support/stage.ts'
import { until } from '../support/until.ts'

type Watched = { jobId: string; sourceId: string; handle: string }
type Gap = { from: string; to: string | null; reason: string; posts: string }

const start = new Date('2026-11-10T12:00:00Z')
let gate: Gate
let stage: Stage
let clock = start
let workers: { stop: () => Promise<void> }
let profiles = 0
const taken: Record<PlatformName, number> = { twitch: 0, twitter: 0, youtube: 0, reddit: 0 }

beforeAll(async () => {
  gate = await openGate()
  stage = await openStage({ store: 'postgres', start, variables: { PLATFORM_URL: gate.url } })
  gate.target = stage.sandbox.url
  workers = await stage.startWorkersHere()
})
beforeEach(async () => {
  stage.sandbox.control.faults.remove()
  await stage.client.query('delete from sources')
  pass(6 * 60)
  stage.sandbox.control.calls.clear()
})
afterAll(async () => {
  await stage?.close()
  await gate?.close()
})

const at = (minutes: number) => new Date(clock.getTime() + minutes * 60_000)
/** The clock of everything moves on. */
function pass(minutes: number): void {
  clock = at(minutes)
  stage.moveTo(clock)
}

async function watch(platform: PlatformName, count: number) {
  const credential = `runs${++profiles}`
  const profileId = await addProfile(stage.person, platform, credential)
  const listed = await stage.sandbox.world.sources(platform)
  const alive = listed.filter(({ habit }) => !/gone|leaves|suspended|private|banned/.test(habit))
  const handles = alive.slice(taken[platform], taken[platform] + count).map(({ handle }) => handle)
  taken[platform] += count
  const { body } = await stage.person.call('POST', '/api/sources', {
    profileId,
    handles,
    watch: { intervalMinutes: 30 },
  })
  const { results } = body as {
    results: { jobId: string; source: { id: string; handle: string } }[]
  }
  const watched = results.map(({ jobId, source }): Watched => {
    return { jobId, sourceId: source.id, handle: source.handle }
  })
  return { credential, profileId, watched }
}

const faulty = (fault: Partial<SandboxFault> & Pick<SandboxFault, 'kind'>) =>
  stage.sandbox.control.faults.add({ delayMs: 0, retryAfterS: 30, ...fault })

const gapsOf = async (sourceId: string): Promise<Gap[]> => {
  const { body } = await stage.person.call('GET', `/api/coverage?source=${sourceId}`)
  return (body as { gaps: Gap[] }).gaps
}
const jobOf = async ({ jobId }: Watched) =>
  (await stage.person.call('GET', `/api/jobs/${jobId}`)).body as never
const runsOf = async ({ jobId }: Watched) => {
  const { body } = await stage.person.call('GET', `/api/jobs/${jobId}/executions`)
  return (body as { items: { status: string; errorKind: string | null; scheduledFor: string }[] })
    .items
}
const profileOf = async (id: string) =>
  (await stage.person.call('GET', `/api/profiles/${id}`)).body as never
const countOf = async (table: string, sourceId: string) => {
  const { rows } = await stage.client.query(
    `select count(*)::int as count from ${table} where source_id = $1`,
    [sourceId],
  )
  return rows[0].count as number
}

/** Starts a job of each of `count` sources and stops their run in the middle of its first call. */
async function inTheMiddleOfARun(count: number): Promise<{ watched: Watched[]; goOn: () => void }> {
  const held = gate.hold(/^\/r\//)
  const { watched } = await watch('reddit', count)
  await held.reached
  return { watched, goOn: held.release }
}

describe('a run on its way', () => {
  test('finds its job deleted: its result is dropped, the others are kept', async () => {
    const { watched, goOn } = await inTheMiddleOfARun(2)
    const [gone, kept] = watched as [Watched, Watched]
    expect((await stage.person.call('DELETE', `/api/jobs/${gone.jobId}`)).status).toBe(204)
    goOn()
    await stage.drain()
    expect(await countOf('posts', gone.sourceId)).toBe(0)
    expect(await countOf('coverage_gaps', gone.sourceId)).toBe(0)
    expect(await countOf('posts', kept.sourceId)).toBeGreaterThan(0)
    expect(await jobOf(kept)).toMatchObject({ lastStatus: 'success' })
  })

  test('finds its source deleted: nothing of it is left', async () => {
    const { watched, goOn } = await inTheMiddleOfARun(2)
    const [gone, kept] = watched as [Watched, Watched]
    expect((await stage.person.call('DELETE', `/api/sources/${gone.sourceId}`)).status).toBe(204)
    goOn()
    await stage.drain()
    const { rows } = await stage.client.query('select distinct source_id from posts')
    expect(rows).toEqual([{ source_id: kept.sourceId }])
  })

  test('finds its job paused: the result is kept, and what is missed from then on is noted', async () => {
    const { watched, goOn } = await inTheMiddleOfARun(1)
    const [job] = watched as [Watched]
    await stage.person.call('POST', `/api/jobs/${job.jobId}/pause`)
    goOn()
    await until('the run is stored', async () => (await runsOf(job)).length === 1)
    expect(await jobOf(job)).toMatchObject({ isActive: false, lastStatus: 'success' })
    pass(10)
    expect(await gapsOf(job.sourceId)).toMatchObject([{ reason: 'paused', to: null }])
    pass(110)
    await stage.person.call('POST', `/api/jobs/${job.jobId}/resume`)
    await stage.drain()
    expect(await gapsOf(job.sourceId)).toMatchObject([
      { reason: 'paused', from: at(-120).toISOString(), to: at(0).toISOString() },
    ])
    expect(await runsOf(job)).toHaveLength(2)
  })
})

test('a failing source spoils no other, backs off, and its gap ends when it answers again', async () => {
  const { watched, profileId } = await watch('reddit', 3)
  await stage.drain()
  const [bad, ...good] = watched as [Watched, Watched, Watched]
  pass(24 * 60)
  faulty({ kind: 'changed_shape', platform: 'reddit', path: `/r/[^?]*${bad.handle}` })
  await stage.drain()
  const failed = (await jobOf(bad)) as { failures: number; nextRunAt: string; lastStatus: string }
  expect(failed).toMatchObject({ failures: 1, lastStatus: 'failed' })
  expect(Date.parse(failed.nextRunAt)).toBeGreaterThan(clock.getTime())
  expect(await profileOf(profileId)).toMatchObject({ state: 'active', pausedUntil: null })
  const together = good.filter(({ handle }) => handle !== bad.handle)
  for (const one of together) expect(await runsOf(one)).toHaveLength(2)

  stage.sandbox.control.faults.remove()
  pass(30)
  await stage.drain()
  expect(await jobOf(bad)).toMatchObject({ failures: 0, lastStatus: 'success' })
  const gaps = await gapsOf(bad.sourceId)
  expect(gaps.every(({ to }) => to !== null)).toBe(true)
})

test('a source whose answer cannot be stored spoils no other', async () => {
  const { watched } = await watch('reddit', 2)
  const [bad, good] = watched as [Watched, Watched]
  await stage.drain()
  await asOwner(stage.app.ownerUrl, (owner) =>
    owner.query(
      `alter table posts add constraint poison check (source_id <> ${bad.sourceId}) not valid`,
    ),
  )
  pass(24 * 60)
  await stage.drain()
  expect(await jobOf(bad)).toMatchObject({ failures: 1, lastStatus: 'failed' })
  expect(await jobOf(good)).toMatchObject({ failures: 0, lastStatus: 'success' })
  expect(await runsOf(good)).toHaveLength(2)
  await asOwner(stage.app.ownerUrl, (owner) =>
    owner.query('alter table posts drop constraint poison'),
  )
  const before = await countOf('posts', bad.sourceId)
  pass(5)
  await stage.drain()
  expect(await jobOf(bad)).toMatchObject({ failures: 0, lastStatus: 'success' })
  expect(await countOf('posts', bad.sourceId)).toBeGreaterThan(before)
})

test('one “unauthorized” may be the platform’s mistake; the second in a row disables the profile', async () => {
  const { watched, profileId, credential } = await watch('twitter', 1)
  const [job] = watched as [Watched]
  await stage.drain()
  pass(60)
  faulty({ kind: 'unauthorized', platform: 'twitter', credential, times: 1 })
  await stage.drain()
  expect(await runsOf(job)).toMatchObject([{ errorKind: 'unauthorized' }, { status: 'success' }])
  expect(await profileOf(profileId)).toMatchObject({ state: 'active' })

  // A success in between: the next one counts as a first again.
  pass(60)
  await stage.drain()
  faulty({ kind: 'unauthorized', platform: 'twitter', credential })
  pass(60)
  await stage.drain()
  expect(await profileOf(profileId)).toMatchObject({ state: 'active' })
  pass(60)
  await stage.drain()
  expect(await profileOf(profileId)).toMatchObject({ state: 'disabled' })

  stage.sandbox.control.calls.clear()
  pass(24 * 60)
  await stage.drain()
  expect(stage.sandbox.control.calls.read('twitter', credential).calls).toEqual([])
  stage.sandbox.control.faults.remove()
  await stage.person.call('POST', `/api/profiles/${profileId}/enable`)
  await stage.drain()
  expect(await jobOf(job)).toMatchObject({ lastStatus: 'success', failures: 0 })
})

test('no worker for hours: one run catches up, the rhythm is kept and the gap is written down', async () => {
  const { watched } = await watch('reddit', 1)
  const [job] = watched as [Watched]
  await stage.drain()
  const firstRun = clock
  await workers.stop()
  pass(5 * 60 + 10)
  workers = await stage.startWorkersHere()
  await stage.drain()
  const runs = await runsOf(job)
  expect(runs.map(({ scheduledFor }) => Date.parse(scheduledFor) - firstRun.getTime())).toEqual([
    30 * 60_000,
    0,
  ])
  expect(await jobOf(job)).toMatchObject({
    nextRunAt: new Date(firstRun.getTime() + 330 * 60_000).toISOString(),
  })
  expect(await gapsOf(job.sourceId)).toEqual([
    expect.objectContaining({
      reason: 'not_running',
      from: new Date(firstRun.getTime() + 30 * 60_000).toISOString(),
      to: clock.toISOString(),
      posts: 'recovered',
    }),
  ])
})

test('a platform that answers 5xx for hours leaves one gap with that reason', async () => {
  const { watched, credential } = await watch('reddit', 1)
  const [job] = watched as [Watched]
  await stage.drain()
  faulty({ kind: 'server_error', platform: 'reddit', credential })
  pass(30)
  const since = clock
  for (const minutes of [0, 40, 40]) {
    pass(minutes)
    await stage.drain()
  }
  expect(await gapsOf(job.sourceId)).toMatchObject([{ reason: 'unavailable', to: null }])
  expect((await jobOf(job)) as unknown).toMatchObject({ failures: 3 })
  stage.sandbox.control.faults.remove()
  pass(40)
  await stage.drain()
  expect(await gapsOf(job.sourceId)).toEqual([
    expect.objectContaining({
      reason: 'unavailable',
      from: since.toISOString(),
      to: clock.toISOString(),
      posts: 'recovered',
    }),
  ])
})

test('without budget for fresh numbers the looks wait, and collection goes on', async () => {
  const { watched, profileId, credential } = await watch('twitter', 2)
  await stage.drain()
  await stage.person.call('PATCH', `/api/profiles/${profileId}`, { limits: { tweets: 0 } })
  pass(6 * 60)
  await stage.drain()
  expect(await profileOf(profileId)).toMatchObject({ state: 'active', pausedUntil: null })
  const { rows } = await stage.client.query(
    'select count(*)::int as count from sample_schedule where profile_id = $1 and due_at <= $2',
    [profileId, clock],
  )
  expect(rows).toEqual([{ count: 0 }])
  stage.sandbox.control.calls.clear()
  pass(30)
  await stage.drain()
  expect(stage.sandbox.control.calls.read('twitter', credential).calls.length).toBeGreaterThan(0)
  for (const one of watched) {
    expect(await jobOf(one)).toMatchObject({ lastStatus: 'success', failures: 0 })
    expect(await runsOf(one)).toHaveLength(3)
  }
})

test('looks that fail are not asked for again at every tick', async () => {
  const { watched, credential } = await watch('twitter', 2)
  await stage.drain()
  faulty({ kind: 'server_error', platform: 'twitter', credential, path: '^/2/tweets\\?' })
  pass(6 * 60)
  stage.sandbox.control.calls.clear()
  await stage.drain()
  const looks = () =>
    stage.sandbox.control.calls
      .read('twitter', credential)
      .calls.filter(({ path }) => path === '/2/tweets')
  expect(looks()).toMatchObject([{ status: 503 }])
  for (const one of watched) expect(await jobOf(one)).toMatchObject({ failures: 0 })

  stage.sandbox.control.faults.remove()
  pass(30)
  await stage.drain()
  expect(looks().at(-1)).toMatchObject({ status: 200 })
})
