import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/index.ts'
import { platformIds, platforms } from '../../src/platforms/index.ts'
import type { CollectTarget, CommentTarget, PlatformPost } from '../../src/platforms/platform.ts'
import { sandboxCredentials } from '../support/stage.ts'
import { all, failureOf, type TestTools, testTools } from './platform-tools.ts'

const start = new Date('2026-11-20T12:00:00Z')
const plenty = 1_000_000_000
const fault = { path: '^/(helix|2|youtube|r|api/info)', delayMs: 0, retryAfterS: 1 }

/** What every platform in the registry must keep: a new one is held to it by being there. */
describe.each(platformIds)('%s keeps the contract', (id) => {
  const platform = platforms[id]
  let sandbox: Sandbox
  let tools: TestTools
  let targets: CollectTarget[]

  const open = (given: TestTools = tools) =>
    platform.open(sandboxCredentials(id, 'contract'), given)
  const newTools = (more: { amount?: number; signal?: AbortSignal } = {}) =>
    testTools({ baseUrl: sandbox.url, now: start, amount: plenty, ...more })
  // Asking for a token is no call of the metered API on any platform.
  const calls = () =>
    sandbox.control.calls.read(id).calls.filter(({ path }) => !/token$/.test(path)).length

  beforeAll(async () => {
    sandbox = await startSandbox({ now: start, epoch: start })
    tools = newTools()
    const listed = (await sandbox.world.sources(id)).slice(0, 8)
    const answers = (await all(open().resolve(listed.map(({ handle }) => handle)))).flat()
    targets = answers.flatMap(({ found }, at) =>
      found ? [{ ...found, ref: `t${at}`, cursor: null, statisticsAt: null }] : [],
    )
  })
  afterAll(() => sandbox.close())
  beforeEach(() => sandbox.control.calls.clear())

  test('it says what it is, and how a person gets its credentials', () => {
    expect(platform.id).toBe(id)
    expect(platform.setup.steps.length).toBeGreaterThan(1)
    expect(URL.canParse(platform.setup.url)).toBe(true)
    const { min, max, default: usual } = platform.interval
    expect(min <= usual && usual <= max).toBe(true)
    expect(platform.handle.parse(platform.handle.example)).not.toBeNull()
    for (const nonsense of ['', ' ', 'https://example.org/x', 'a b c', '<script>']) {
      expect(platform.handle.parse(nonsense)).toBeNull()
    }
  })

  test('its credential fields are those that its schema wants, and no others', () => {
    const good = sandboxCredentials(id, 'contract')
    const names = platform.credentialFields.map(({ name }) => name)
    expect(names.toSorted()).toEqual(Object.keys(good).toSorted())
    for (const name of names) {
      const { [name]: _left, ...rest } = good as Record<string, string>
      expect(platform.credentials.safeParse(rest).success).toBe(false)
    }
    expect(platform.credentials.safeParse({ ...good, role: 'admin' }).success).toBe(false)
  })

  test('its forecasts speak of buckets that it has', () => {
    const buckets = platform.limits.map(({ bucket }) => bucket)
    expect(new Set(buckets).size).toBe(buckets.length)
    const none = platform.estimate(0, 0).filter(({ amount }) => amount > 0)
    expect(none).toEqual([])
    for (const { bucket, amount } of platform.estimate(250, 1_000, 50)) {
      expect(buckets).toContain(bucket)
      expect(amount).toBeGreaterThanOrEqual(0)
    }
  })

  test('SEC-25: each target gets one answer, and what it brings is whole', async () => {
    const items = await all(open().collect(targets))
    expect(items.map(({ ref }) => ref).toSorted()).toEqual(targets.map(({ ref }) => ref).toSorted())
    const posts: PlatformPost[] = items.flatMap((item) => ('error' in item ? [] : item.posts))
    for (const item of items) expect(JSON.parse(JSON.stringify(item))).toBeDefined()
    for (const post of posts) {
      expect(post.externalId).not.toBe('')
      expect(post.publishedAt.getTime()).toBeLessThanOrEqual(start.getTime())
      expect(post.hashtags.every((tag) => tag === tag.toLowerCase() && !tag.includes('#'))).toBe(
        true,
      )
      for (const value of Object.values(post.metrics)) {
        expect(value === null || Number.isFinite(value)).toBe(true)
      }
    }
  })

  test('whoever counts calls is told of each, with how it went', async () => {
    const told: string[] = []
    const counted: TestTools = { ...newTools(), onCall: ({ outcome }) => void told.push(outcome) }
    await all(open(counted).collect(targets))
    expect(told.length).toBe(calls())
    // A channel without a schedule is a 404 on Twitch.
    expect(told.filter((outcome) => outcome !== 'ok' && outcome !== 'not_found')).toEqual([])
    expect(told).toContain('ok')
    sandbox.control.faults.add({ platform: id, kind: 'server_error', ...fault })
    await all(open(counted).collect(targets)).catch(() => [])
    sandbox.control.faults.remove()
    expect(told).toContain('unavailable')
  })

  test('no call is made that the budget has not booked', async () => {
    const poor = newTools({ amount: 0 })
    const error = await failureOf(all(open(poor).collect(targets)))
    expect(error.kind).toBe('budget_exhausted')
    expect(calls()).toBe(0)
  })

  test('a run that was called off makes no call', async () => {
    const error = await all(open(newTools({ signal: AbortSignal.abort() })).collect(targets)).then(
      () => null,
      (thrown: unknown) => thrown,
    )
    expect(error).not.toBeNull()
    expect(calls()).toBe(0)
  })

  test('nothing to do costs nothing', async () => {
    expect(await all(open().collect([]))).toEqual([])
    expect((await all(open().resolve([]))).flat()).toEqual([])
    expect((await all(open().refresh([]))).flat()).toEqual([])
    expect(calls()).toBe(0)
  })

  test('a refresh answers for every post it is asked for, gone ones too', async () => {
    const [kind] = platform.refreshableKinds
    if (!kind) return
    const items = await all(open().collect(targets))
    const posts = items.flatMap((item) => ('error' in item ? [] : item.posts)).slice(0, 20)
    const asked = [...posts.map(({ externalId }) => externalId), neverPublished[id]]
    const answers = (
      await all(open().refresh(asked.map((externalId, at) => ({ ref: `${at}`, externalId, kind }))))
    ).flat()
    expect(answers.map(({ ref }) => Number(ref)).toSorted((a, b) => a - b)).toEqual([
      ...asked.keys(),
    ])
    expect(answers.find(({ ref }) => ref === `${asked.length - 1}`)?.metrics).toBeNull()
  })
})

const commenting = platformIds.filter((id) => platforms[id].commentedKinds)

test('a platform whose posts have comments can read them, and no other claims to', () => {
  expect(commenting.toSorted()).toEqual(['reddit', 'youtube'])
  for (const id of platformIds) {
    const tools = testTools({ baseUrl: 'http://127.0.0.1:9', now: start })
    const { comments } = platforms[id].open(sandboxCredentials(id, 'contract'), tools)
    expect([id, comments !== undefined]).toEqual([id, commenting.includes(id)])
  }
})

describe.each(commenting)('%s keeps the contract of comments', (id) => {
  const platform = platforms[id]
  let sandbox: Sandbox
  let posts: PlatformPost[]
  const newTools = (amount = plenty) => testTools({ baseUrl: sandbox.url, now: start, amount })
  const read = (targets: CommentTarget[], tools = newTools()) => {
    const { comments } = platform.open(sandboxCredentials(id, 'contract'), tools)
    if (!comments) throw new Error(`${id} reads no comments`)
    return all(comments(targets))
  }
  const targetOf = ({ externalId, kind }: PlatformPost): CommentTarget => {
    return { ref: externalId, externalId, kind }
  }
  const calls = () =>
    sandbox.control.calls.read(id).calls.filter(({ path }) => !/token$/.test(path)).length

  beforeAll(async () => {
    sandbox = await startSandbox({ now: start, epoch: start })
    const adapter = platform.open(sandboxCredentials(id, 'contract'), newTools())
    const listed = (await sandbox.world.sources(id)).slice(0, 8)
    const found = (await all(adapter.resolve(listed.map(({ handle }) => handle)))).flat()
    const targets = found.flatMap((one, at) =>
      one.found ? [{ ...one.found, ref: `t${at}`, cursor: null, statisticsAt: null }] : [],
    )
    const items = await all(adapter.collect(targets))
    posts = items
      .flatMap((item) => ('error' in item ? [] : item.posts))
      .filter(({ metrics }) => (metrics.comments ?? 0) > 0)
      .toSorted((one, other) => (other.metrics.comments ?? 0) - (one.metrics.comments ?? 0))
  })
  afterAll(() => sandbox.close())
  beforeEach(() => sandbox.control.calls.clear())

  test('each post gets one answer, every comment once, under a parent that is there', async () => {
    const asked = posts.filter(({ metrics }) => (metrics.comments ?? 0) < 300).slice(0, 12)
    const answers = await read(asked.map(targetOf))
    expect(answers.map(({ ref }) => ref)).toEqual(asked.map(({ externalId }) => externalId))
    for (const [index, answer] of answers.entries()) {
      if ('error' in answer) throw answer.error
      const ids = answer.comments.map(({ externalId }) => externalId)
      expect([answer.complete, ids.length]).toEqual([true, asked[index]?.metrics.comments])
      expect(new Set(ids).size).toBe(ids.length)
      for (const one of answer.comments) {
        expect(one.parentExternalId === null || ids.includes(one.parentExternalId)).toBe(true)
        expect(one.publishedAt.getTime()).toBeLessThanOrEqual(start.getTime())
        expect(posts.some(({ externalId }) => externalId === one.externalId)).toBe(false)
        expect(JSON.parse(JSON.stringify(one))).toBeDefined()
      }
    }
  })

  test('the largest thread costs a bounded number of calls, and says whether it is whole', async () => {
    const [largest] = posts
    if (!largest) throw new Error('no post has comments')
    const [answer] = await read([targetOf(largest)])
    if (!answer || 'error' in answer) throw new Error('the thread could not be read')
    expect(calls()).toBeLessThanOrEqual(10)
    expect(answer.comments.length).toBeGreaterThan(100)
    expect(answer.complete).toBe(answer.comments.length === largest.metrics.comments)
  })

  test('a post that is gone fails alone', async () => {
    const [first, second] = posts.slice(-2).map(targetOf)
    const gone = { ref: 'gone', externalId: neverPublished[id], kind: 'video' } as const
    const answers = await read([first, gone, second].flatMap((one) => one ?? []))
    expect(answers.map((one) => 'error' in one && one.error.kind)).toEqual([
      ...[false, 'not_found', false],
    ])
  })

  test('no call is made that the budget has not booked; what was read before it ran out stays', async () => {
    const error = await failureOf(read(posts.slice(0, 3).map(targetOf), newTools(0)))
    expect([error.kind, calls()]).toEqual(['budget_exhausted', 0])
    // A token may take one; the first page of a large thread takes the other.
    const largest = posts.slice(0, 1).map(targetOf)
    const [answer] = await read(largest, newTools(id === 'reddit' ? 2 : 1))
    expect(answer && !('error' in answer) && answer.comments.length > 0).toBe(true)
    expect(answer && !('error' in answer) && answer.complete).toBe(false)
    expect(await read([])).toEqual([])
  })
})

const neverPublished = { twitch: '1', twitter: '1', youtube: 'xxxxxxxxxxx', reddit: 'zzzzzzz' }
