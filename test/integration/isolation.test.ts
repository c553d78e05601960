import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { queueStores } from '../support/redis.ts'
import { addProfile, openStage, type Stage } from '../support/stage.ts'
import { until } from '../support/until.ts'

const start = new Date('2026-11-10T12:00:00Z')
const resetAfterS = 20
const later = (seconds: number) => new Date(start.getTime() + seconds * 1_000)
const profiles = Array.from({ length: 20 }, (_, index) => `tenant${index}`)
const refused = 'tenant7'
const others = profiles.filter((name) => name !== refused)

/** One profile's refusal must not cost the others a multiple of their time; machines vary, hence wide. */
const mostSlowdown = 3

describe.each(queueStores())('20 profiles, one of them in 429, queue on %s', (store) => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage({ store, start, variables: { COLLECT_CONCURRENCY: '4' } })
    const listed = await stage.sandbox.world.sources('twitch')
    const alive = listed.filter(({ habit }) => !['gone', 'leaves', 'banned'].includes(habit))
    for (const [index, name] of profiles.entries()) {
      const profileId = await addProfile(stage.person, 'twitch', name)
      const handles = alive.slice(index * 2, index * 2 + 2).map(({ handle }) => handle)
      await stage.person.call('POST', '/api/sources', { profileId, handles, watch: {} })
    }
    await stage.startWorkersHere()
    await stage.drain()
  })
  afterAll(() => stage?.close())

  const callsOf = (name: string) =>
    stage.sandbox.control.calls.read('twitch', name).calls.map(({ status }) => status)

  /** Makes every job due at once and gives how many milliseconds later each profile's runs were stored. */
  async function runAll(names: string[]): Promise<Map<string, number>> {
    const now = stage.now()
    await stage.client.query('update monitoring_jobs set next_run_at = $1', [now])
    const startedAt = performance.now()
    const lateness = new Map<string, number>()
    await until(
      'the profiles have run',
      async () => {
        const { rows } = await stage.client.query(
          `select p.name from credential_profiles p join monitoring_jobs j on j.profile_id = p.id
            group by p.name having bool_and(j.last_success_at = $1)`,
          [now],
        )
        for (const { name } of rows) {
          if (!lateness.has(name)) lateness.set(name, performance.now() - startedAt)
        }
        return names.every((name) => lateness.has(name))
      },
      { everyMs: 5 },
    )
    return lateness
  }

  const latest = (lateness: Map<string, number>) =>
    Math.max(...others.map((name) => lateness.get(name) ?? Number.POSITIVE_INFINITY))

  test('the other 19 keep their punctuality, and the one makes no call before its reset', async () => {
    stage.moveTo(later(3_600))
    const control = latest(await runAll(profiles))
    await stage.drain()

    stage.moveTo(later(7_200))
    stage.sandbox.control.calls.clear()
    stage.sandbox.control.faults.add({
      platform: 'twitch',
      credential: refused,
      path: '/helix',
      kind: 'rate_limited',
      delayMs: 0,
      retryAfterS: resetAfterS,
    })
    const disturbed = latest(await runAll(others))
    await stage.drain()
    process.stdout.write(
      `${store}: the last of 19 after ${Math.round(disturbed)} ms, without a 429 beside them ` +
        `${Math.round(control)} ms\n`,
    )
    expect(disturbed / control).toBeLessThan(mostSlowdown)
    expect(callsOf(refused).filter((status) => status === 429)).toHaveLength(1)
    for (const name of others) expect(callsOf(name)).not.toContain(429)

    // A second before the reset everything is due again, and only the one stays away.
    stage.sandbox.control.calls.clear()
    stage.moveTo(later(7_200 + resetAfterS - 1))
    await runAll(others)
    await stage.drain()
    expect(callsOf(refused)).toEqual([])
    for (const name of others) expect(callsOf(name).length).toBeGreaterThan(0)

    stage.sandbox.control.faults.remove()
    stage.moveTo(later(7_200 + resetAfterS + 1))
    const after = await runAll(profiles)
    expect(after.has(refused)).toBe(true)
    expect(callsOf(refused).length).toBeGreaterThan(0)
    expect(callsOf(refused)).not.toContain(429)
  })

  test('its history says why, and its gap has the reason', async () => {
    const { rows } = await stage.client.query(
      `select e.status, e.error_kind from job_executions e join monitoring_jobs j on j.id = e.job_id
        join credential_profiles p on p.id = j.profile_id
        where p.name = $1 and e.status <> 'success'`,
      [refused],
    )
    expect(rows).toEqual(Array(2).fill({ status: 'rate_limited', error_kind: 'rate_limited' }))
    const { rows: jobs } = await stage.client.query(
      'select failures from monitoring_jobs group by failures',
    )
    expect(jobs).toEqual([{ failures: 0 }])
  })
})
