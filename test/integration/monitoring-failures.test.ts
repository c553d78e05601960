import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { asOwner } from '../support/servers.ts'
import { openWatching, type Watched, type Watching } from '../support/watching.ts'

let on: Watching
beforeAll(async () => {
  on = await openWatching()
})
beforeEach(() => on.startAfresh())
afterAll(() => on?.close())

test('a failing source spoils no other, backs off, and its gap ends when it answers again', async () => {
  const { watched, profileId } = await on.watch('reddit', 3)
  await on.stage.drain()
  const [bad, ...good] = watched as [Watched, Watched, Watched]
  on.pass(24 * 60)
  on.faulty({ kind: 'changed_shape', platform: 'reddit', path: `/r/[^?]*${bad.handle}` })
  await on.stage.drain()
  const failed = (await on.jobOf(bad)) as {
    failures: number
    nextRunAt: string
    lastStatus: string
  }
  expect(failed).toMatchObject({ failures: 1, lastStatus: 'failed' })
  expect(Date.parse(failed.nextRunAt)).toBeGreaterThan(on.now().getTime())
  expect(await on.profileOf(profileId)).toMatchObject({ state: 'active', pausedUntil: null })
  const together = good.filter(({ handle }) => handle !== bad.handle)
  for (const one of together) expect(await on.runsOf(one)).toHaveLength(2)

  on.stage.sandbox.control.faults.remove()
  on.pass(30)
  await on.stage.drain()
  expect(await on.jobOf(bad)).toMatchObject({ failures: 0, lastStatus: 'success' })
  const gaps = await on.gapsOf(bad.sourceId)
  expect(gaps.every(({ to }) => to !== null)).toBe(true)
})

test('a source whose answer cannot be stored spoils no other', async () => {
  const { watched } = await on.watch('reddit', 2)
  const [bad, good] = watched as [Watched, Watched]
  await on.stage.drain()
  await asOwner(on.stage.app.ownerUrl, (owner) =>
    owner.query(
      `alter table posts add constraint poison check (source_id <> ${bad.sourceId}) not valid`,
    ),
  )
  on.pass(24 * 60)
  await on.stage.drain()
  expect(await on.jobOf(bad)).toMatchObject({ failures: 1, lastStatus: 'failed' })
  expect(await on.jobOf(good)).toMatchObject({ failures: 0, lastStatus: 'success' })
  expect(await on.runsOf(good)).toHaveLength(2)
  await asOwner(on.stage.app.ownerUrl, (owner) =>
    owner.query('alter table posts drop constraint poison'),
  )
  const before = await on.countOf('posts', bad.sourceId)
  on.pass(5)
  await on.stage.drain()
  expect(await on.jobOf(bad)).toMatchObject({ failures: 0, lastStatus: 'success' })
  expect(await on.countOf('posts', bad.sourceId)).toBeGreaterThan(before)
})

test('one “unauthorized” may be the platform’s mistake; the second in a row disables the profile', async () => {
  const { watched, profileId, credential } = await on.watch('twitter', 1)
  const [job] = watched as [Watched]
  await on.stage.drain()
  on.pass(60)
  on.faulty({ kind: 'unauthorized', platform: 'twitter', credential, times: 1 })
  await on.stage.drain()
  expect(await on.runsOf(job)).toMatchObject([{ errorKind: 'unauthorized' }, { status: 'success' }])
  expect(await on.profileOf(profileId)).toMatchObject({ state: 'active' })

  // A success in between: the next one counts as a first again.
  on.pass(60)
  await on.stage.drain()
  on.faulty({ kind: 'unauthorized', platform: 'twitter', credential })
  on.pass(60)
  await on.stage.drain()
  expect(await on.profileOf(profileId)).toMatchObject({ state: 'active' })
  on.pass(60)
  await on.stage.drain()
  expect(await on.profileOf(profileId)).toMatchObject({ state: 'disabled' })

  on.stage.sandbox.control.calls.clear()
  on.pass(24 * 60)
  await on.stage.drain()
  expect(on.stage.sandbox.control.calls.read('twitter', credential).calls).toEqual([])
  on.stage.sandbox.control.faults.remove()
  await on.stage.person.call('POST', `/api/profiles/${profileId}/enable`)
  await on.stage.drain()
  expect(await on.jobOf(job)).toMatchObject({ lastStatus: 'success', failures: 0 })
})

test('without budget for fresh numbers the looks wait, and collection goes on', async () => {
  const { watched, profileId, credential } = await on.watch('twitter', 2)
  await on.stage.drain()
  await on.stage.person.call('PATCH', `/api/profiles/${profileId}`, { limits: { tweets: 0 } })
  on.pass(6 * 60)
  await on.stage.drain()
  expect(await on.profileOf(profileId)).toMatchObject({ state: 'active', pausedUntil: null })
  const { rows } = await on.stage.client.query(
    'select count(*)::int as count from sample_schedule where profile_id = $1 and due_at <= $2',
    [profileId, on.now()],
  )
  expect(rows).toEqual([{ count: 0 }])
  on.stage.sandbox.control.calls.clear()
  on.pass(30)
  await on.stage.drain()
  expect(on.stage.sandbox.control.calls.read('twitter', credential).calls.length).toBeGreaterThan(0)
  for (const one of watched) {
    expect(await on.jobOf(one)).toMatchObject({ lastStatus: 'success', failures: 0 })
    expect(await on.runsOf(one)).toHaveLength(3)
  }
})

test('looks that fail are not asked for again at every tick', async () => {
  const { watched, credential } = await on.watch('twitter', 2)
  await on.stage.drain()
  on.faulty({ kind: 'server_error', platform: 'twitter', credential, path: '^/2/tweets\\?' })
  on.pass(6 * 60)
  on.stage.sandbox.control.calls.clear()
  await on.stage.drain()
  const looks = () =>
    on.stage.sandbox.control.calls
      .read('twitter', credential)
      .calls.filter(({ path }) => path === '/2/tweets')
  expect(looks()).toMatchObject([{ status: 503 }])
  for (const one of watched) expect(await on.jobOf(one)).toMatchObject({ failures: 0 })

  on.stage.sandbox.control.faults.remove()
  on.pass(30)
  await on.stage.drain()
  expect(looks().at(-1)).toMatchObject({ status: 200 })
})
