import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/index.ts'
import type { Collected, CollectTarget, OpenPlatform } from '../../src/platforms/platform.ts'
import type { PlatformErrorKind } from '../../src/platforms/platform-error.ts'
import { twitch } from '../../src/platforms/twitch/twitch.platform.ts'
import { youtube } from '../../src/platforms/youtube/youtube.platform.ts'
import { expectNoSecret } from './fault-table.ts'
import { all, failureOf, type TestTools, testTools } from './platform-tools.ts'

const start = new Date('2026-11-20T12:00:00Z')
const hourMs = 3_600_000
const platforms = { twitch, youtube }
type Name = keyof typeof platforms
type Fault = Parameters<Sandbox['control']['faults']['add']>[0]['kind']
const names: Name[] = ['twitch', 'youtube']

/** Each test has a credential of its own, so that its calls can be told from the others'. */
const credentialsOf = (name: Name, user: string) =>
  name === 'twitch'
    ? { clientId: `sandbox-${user}`, clientSecret: `sandbox-secret-${user}` }
    : { apiKey: `sandbox-key-${user}` }

let sandbox: Sandbox
let tools: TestTools
let users = 0

beforeAll(async () => {
  sandbox = await startSandbox({ now: start, epoch: start })
})
afterAll(() => sandbox.close())
beforeEach(() => {
  sandbox.control.clock.set(start)
  sandbox.control.faults.remove()
  sandbox.control.calls.clear()
  sandbox.control.resetLimits()
  users += 1
  tools = testTools({ baseUrl: sandbox.url, now: start })
})

const user = () => `user${users}`
const open = (name: Name): OpenPlatform => platforms[name].open(credentialsOf(name, user()), tools)
const logOf = (name: Name) => sandbox.control.calls.read(name, user()).calls
const pass = (ms: number) => {
  sandbox.control.clock.advance(ms)
  tools.at.now = sandbox.control.clock.now()
}

async function targetsOf(name: Name, most: number): Promise<CollectTarget[]> {
  // Some of the listed ones are gone by design.
  const list = (await sandbox.world.sources(name)).slice(0, most + Math.ceil(most / 5))
  const answers = (await all(open(name).resolve(list.map((one) => one.handle)))).flat()
  const targets = answers.flatMap(({ found }) =>
    found
      ? {
          ref: found.externalId,
          externalId: found.externalId,
          handle: found.handle,
          details: found.details,
          cursor: null,
          statisticsAt: null,
        }
      : [],
  )
  sandbox.control.calls.clear()
  for (const bucket of Object.keys(tools.booked)) delete tools.booked[bucket]
  return targets.slice(0, most)
}

async function noteAllUploads(targets: CollectTarget[]): Promise<void> {
  const world = await sandbox.world.youtube()
  for (const target of targets) {
    target.cursor = {
      videoCount: world.channelById(target.externalId)?.statistics().videoCount ?? null,
      knownIds: world.uploads(target.externalId).map(({ id }) => id),
      floor: null,
      sweptAt: start.toISOString(),
    }
  }
}

/** One run, after which each target stands where the caller would put it. */
async function run(name: Name, targets: CollectTarget[]): Promise<Collected[]> {
  const items = await all(open(name).collect(targets))
  return items.map((item) => {
    if ('error' in item) throw item.error
    const target = targets.find((one) => one.ref === item.ref)
    if (target) {
      target.cursor = item.cursor
      target.details = { ...target.details, ...item.details }
    }
    return item
  })
}

describe.each(names)('%s on the sandbox', (name) => {
  test('a credential is proved, a wrong one is refused in words', async () => {
    expect((await open(name).verify()).detail).toContain('accepts')
    const wrong =
      name === 'twitch' ? { clientId: 'sandbox-a', clientSecret: 'canary' } : { apiKey: 'canary' }
    const error = await failureOf(
      platforms[name].open(wrong, testTools({ baseUrl: sandbox.url })).verify(),
    )
    expect(error.kind).toBe('unauthorized')
    expect(error.message).toMatch(/does not (accept|know)/)
    expectNoSecret(['canary'], error)
  })

  test('every source that is there resolves, with an answer to each input', async () => {
    const list = await sandbox.world.sources(name)
    const answers = (await all(open(name).resolve(list.map((one) => one.handle)))).flat()
    expect(answers).toHaveLength(list.length)
    const ids = new Map(list.map((one) => [one.handle, one.externalId]))
    const found = answers.filter((answer) => answer.found)
    expect(found.length).toBeGreaterThan(list.length * 0.9)
    for (const { input, found: profile } of found) expect(profile?.externalId).toBe(ids.get(input))
  })

  test('every call is booked before it is made', async () => {
    await run(name, await targetsOf(name, 3))
    const booked = Object.values(tools.booked).reduce((sum, cost) => sum + cost, 0)
    expect(booked).toBeGreaterThan(3)
    expect(booked).toBe(logOf(name).reduce((sum, call) => sum + call.cost, 0))
  })

  test('100 sources without news cost two calls', async () => {
    const targets = await targetsOf(name, 100)
    if (name === 'twitch') await run(name, targets)
    // The first run over 100 channels describes 10,000 videos: here they are known already.
    else await noteAllUploads(targets)
    sandbox.control.calls.clear()
    await run(name, targets)
    expect(logOf(name).map((call) => call.path)).toEqual(
      name === 'twitch'
        ? ['/helix/streams', '/helix/channels']
        : Array(Math.ceil(targets.length / 50)).fill('/youtube/v3/channels'),
    )
  })

  const path = name === 'twitch' ? '/helix/streams' : '/youtube/v3/channels'
  const kinds: [Fault, PlatformErrorKind][] = [
    ['unauthorized', 'unauthorized'],
    ['forbidden', 'forbidden'],
    ['payment_required', 'forbidden'],
    ['not_found', 'not_found'],
    // YouTube's own way to say "too much" is the quota of the day.
    ['rate_limited', name === 'twitch' ? 'rate_limited' : 'budget_exhausted'],
    ['rate_limited_no_headers', 'rate_limited'],
    ['server_error', 'unavailable'],
    ['html', 'unavailable'],
    ['slow', 'unavailable'],
    ['hang', 'unavailable'],
    ['reset', 'unavailable'],
    ['truncated', 'unavailable'],
    ['changed_shape', 'changed_shape'],
  ]
  test.each(kinds)('%s -> %s, without a secret', async (fault, kind) => {
    const targets = await targetsOf(name, 1)
    sandbox.control.faults.add({ platform: name, path, kind: fault, retryAfterS: 9, delayMs: 900 })
    const credentials = credentialsOf(name, user())
    const waits = fault === 'slow' || fault === 'hang'
    const hasty = { ...tools, timeoutMs: waits ? 250 : 10_000 }
    const error = await failureOf(firstFailure(platforms[name].open(credentials, hasty), targets))
    expect({ kind: error.kind, until: error.until?.toISOString() ?? null }).toEqual({
      kind,
      until: untilOf(name, fault),
    })
    const token = tools.token.get()?.value
    expectNoSecret([...Object.values(credentials), ...(token ? [token] : [])], error)
    // A slow call is logged when it is answered, which is after we have left.
    const called = logOf(name).filter((call) => call.path === path).length
    if (fault !== 'slow') expect(called).toBe(fault === 'unauthorized' && name === 'twitch' ? 2 : 1)
  })
})

/** Of a batch, or of one source of it. */
async function firstFailure(platform: OpenPlatform, targets: CollectTarget[]): Promise<void> {
  for await (const item of platform.collect(targets)) if ('error' in item) throw item.error
}

function untilOf(name: Name, fault: Fault): string | null {
  const after = (seconds: number) => new Date(start.getTime() + seconds * 1_000).toISOString()
  if (fault === 'rate_limited_no_headers') return after(60)
  if (fault !== 'rate_limited') return null
  return name === 'twitch' ? after(9) : '2026-11-21T08:00:00.000Z'
}

test('a day on YouTube: every upload that stays up is collected, once', async () => {
  const targets = await targetsOf('youtube', 50)
  await noteAllUploads(targets)
  const seen = new Map<string, number>()
  for (let hour = 0; hour <= 25; hour += 1) {
    for (const item of await run('youtube', targets)) {
      expect(item.complete).toBe(true)
      for (const post of item.posts) seen.set(post.externalId, (seen.get(post.externalId) ?? 0) + 1)
    }
    pass(hourMs)
  }
  pass(-hourMs)
  const world = await sandbox.world.youtube()
  const fresh = targets.flatMap(({ externalId }) =>
    world.uploads(externalId).filter(({ presentedMs }) => presentedMs > start.getTime()),
  )
  expect(fresh.length).toBeGreaterThan(5)
  expect(fresh.filter(({ id }) => !seen.has(id))).toEqual([])
  expect([...seen.values()].filter((times) => times > 1)).toEqual([])
})

test('a day on Twitch: every stream seen is running still or has ended, once, when it did', async () => {
  const targets = await targetsOf('twitch', 40)
  const running = new Map<string, Date>()
  const ends = new Map<string, { endedAt: Date; seenAt: Date }>()
  for (let quarter = 0; quarter < 96; quarter += 1) {
    for (const item of await run('twitch', targets)) {
      for (const { externalId, endedAt } of item.endedStreams) {
        expect(running.delete(externalId)).toBe(true)
        ends.set(externalId, { endedAt, seenAt: tools.at.now })
      }
      for (const post of item.posts) {
        expect(ends.has(post.externalId)).toBe(false)
        expect(post.metrics.viewers).toBe(item.statistics?.online)
        running.set(post.externalId, post.publishedAt)
      }
    }
    pass(hourMs / 4)
  }
  pass(-hourMs / 4)
  const world = await sandbox.world.twitch()
  const live = new Set(targets.map(({ externalId }) => world.channelById(externalId)?.stream?.id))
  expect([...running.keys()].filter((id) => !live.has(id))).toEqual([])
  expect(ends.size).toBeGreaterThan(5)
  const archives = targets.flatMap(({ externalId }) => world.videos(externalId))
  const exact = [...ends].filter(([id, { endedAt, seenAt }]) => {
    const archive = archives.find((video) => video.streamId === id)
    if (!archive) return false
    const end = archive.createdAt.getTime() + archive.durationS * 1_000
    if (end > seenAt.getTime()) return false
    expect(Math.abs(endedAt.getTime() - end)).toBeLessThanOrEqual(1_000)
    return true
  })
  expect(exact.length).toBeGreaterThan(5)
})
