import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/index.ts'
import type {
  Collected,
  CollectFailure,
  CollectTarget,
  OpenPlatform,
} from '../../src/platforms/platform.ts'
import type { PlatformErrorKind } from '../../src/platforms/platform-error.ts'
import { reddit } from '../../src/platforms/reddit/reddit.platform.ts'
import { twitter } from '../../src/platforms/twitter/twitter.platform.ts'
import { expectNoSecret } from './fault-table.ts'
import { type MeteredTools, meteredTools } from './metered-tools.ts'
import { all, failureOf } from './platform-tools.ts'

const start = new Date('2026-11-20T12:00:00Z')
const halfHour = 1_800_000
const platforms = { twitter, reddit }
type Name = keyof typeof platforms

const credentialsOf = (name: Name, user: string) =>
  name === 'twitter'
    ? { bearerToken: `sandbox-bearer-${user}` }
    : {
        clientId: `sandbox-${user}`,
        clientSecret: `sandbox-secret-${user}`,
        userAgent: 'test:earshot:1.0',
      }

const cases = [
  { name: 'twitter', xDialect: 'tweet' },
  { name: 'twitter', xDialect: 'post' },
  { name: 'reddit', xDialect: 'tweet' },
] as const

describe.each(cases)('$name in the words of "$xDialect"', ({ name, xDialect }) => {
  let sandbox: Sandbox
  let tools: MeteredTools
  let users = 0

  beforeAll(async () => {
    sandbox = await startSandbox({ now: start, epoch: start, xDialect })
  })
  afterAll(() => sandbox.close())
  beforeEach(() => {
    sandbox.control.clock.set(start)
    sandbox.control.faults.remove()
    sandbox.control.calls.clear()
    sandbox.control.resetLimits()
    users += 1
    tools = meteredTools({ baseUrl: sandbox.url, now: start, limits: {} })
  })

  const user = () => `canary${users}`
  const open = (): OpenPlatform => platforms[name].open(credentialsOf(name, user()), tools)
  const paths = () => {
    const list = sandbox.control.calls.read(name, user()).calls.map(({ path }) => path)
    sandbox.control.calls.clear()
    return list
  }
  const spent = () =>
    sandbox.control.calls.read(name, user()).counters.reduce((sum, { cost }) => sum + cost, 0)
  const pass = (ms: number) => {
    sandbox.control.clock.advance(ms)
    tools.at.now = sandbox.control.clock.now()
  }

  /** All the sandbox's sources that can be listened to. */
  async function targets(): Promise<CollectTarget[]> {
    const list = await sandbox.world.sources(name)
    const answers = (await all(open().resolve(list.map(({ handle }) => handle)))).flat()
    expect(answers).toHaveLength(list.length)
    return answers.flatMap(({ found }) =>
      found
        ? {
            ref: found.externalId,
            externalId: found.externalId,
            handle: found.handle,
            details: found.details,
            cursor: null,
            statisticsAt: tools.at.now,
          }
        : [],
    )
  }

  /** One run, after which each target stands where the caller would put it. */
  async function run(list: CollectTarget[]): Promise<Collected[]> {
    const items = await all(open().collect(list))
    const collected = items.filter((item): item is Collected => !('error' in item))
    for (const item of collected) {
      const target = list.find(({ ref }) => ref === item.ref)
      if (target) target.cursor = item.cursor
      if (target && item.statistics) target.statisticsAt = tools.at.now
    }
    return collected
  }

  /** What there is of a source since a moment, by the world itself. */
  async function truth(target: CollectTarget, since: Date): Promise<string[]> {
    if (name === 'reddit') {
      const world = await sandbox.world.reddit()
      const refs = world.newest(target.handle, 1_000)
      return refs.filter(({ presentedMs }) => presentedMs > since.getTime()).map(({ id }) => id)
    }
    const ids: string[] = []
    for (const ref of (await sandbox.world.x()).timeline(target.externalId)) {
      if (ref.presentedMs <= since.getTime()) break
      if (ref.kind !== 'retweet') ids.push(ref.id)
    }
    return ids
  }

  test('verify, and in words what is wrong', async () => {
    expect((await open().verify()).detail).toContain('accept')
    const wrong =
      name === 'twitter'
        ? platforms[name].open({ bearerToken: 'canary' }, tools)
        : platforms[name].open(
            { clientId: 'x', clientSecret: 'canary', userAgent: 'test:earshot:1.0' },
            tools,
          )
    expect((await failureOf(wrong.verify())).kind).toBe('unauthorized')
  })

  test('resolves what there is, and says why the rest is not', async () => {
    const list = await sandbox.world.sources(name)
    const answers = (await all(open().resolve(list.map(({ handle }) => handle)))).flat()
    const missing = answers.flatMap((answer) => (answer.found ? [] : answer.reason))
    expect(missing.length).toBeGreaterThan(0)
    expect(missing.length).toBeLessThan(10)
    for (const { found } of answers) {
      if (found) expect(found.statistics?.followers).toBeGreaterThan(0)
    }
  })

  // The table of platforms puts 100 accounts at 5 searches and 100 quiet communities at 1 to 4 calls.
  test('six runs over 100 sources take every post, once, in few calls', async () => {
    const list = (await targets()).slice(0, 100)
    await run(list)
    paths()
    const turns: Turn[] = []
    for (let turn = 0; turn < 6; turn += 1) {
      pass(halfHour)
      turns.push({ items: await run(list), calls: paths().length })
    }
    for (const target of list) {
      expect(idsOf(turns, target.ref)).toEqual((await truth(target, start)).sort())
    }
    // The run after the first one still brings together what had cursors of its own.
    const [second = 0, ...later] = turns.map(({ calls }) => calls)
    expect(second).toBeLessThanOrEqual(name === 'twitter' ? 8 : 4)
    expect(Math.max(...later)).toBeLessThanOrEqual(name === 'twitter' ? 5 : 4)
  })

  test('refreshes 1,000 posts in 10 calls', async () => {
    const list = await targets()
    const posts = (await run(list)).flatMap((item) => item.posts).slice(0, 1_000)
    expect(posts).toHaveLength(1_000)
    paths()
    pass(halfHour)
    const wanted = posts.map(({ externalId, kind }) => ({ ref: externalId, externalId, kind }))
    const answers = (await all(open().refresh(wanted))).flat()
    expect(answers).toHaveLength(1_000)
    expect(paths().filter((path) => !path.endsWith('access_token'))).toHaveLength(10)
    const known = answers.filter(({ metrics }) => metrics !== null)
    expect(known.length).toBeGreaterThan(900)
    const figure = name === 'twitter' ? 'shares' : 'score'
    expect(known.every(({ metrics }) => metrics?.[figure] !== null)).toBe(true)
  })

  if (name === 'twitter') {
    test('our own count of the dollars is never below the bill', async () => {
      const list = (await targets()).slice(0, 20)
      await run(list)
      pass(halfHour)
      await run(list)
      expect(tools.used('micro_dollars')).toBeGreaterThanOrEqual(spent())
    })
  }

  const kinds: [string, PlatformErrorKind][] = [
    ['unauthorized', 'unauthorized'],
    ['rate_limited', 'rate_limited'],
    ['rate_limited_no_headers', 'rate_limited'],
    ['server_error', 'unavailable'],
    ['html', 'unavailable'],
    ['slow', 'unavailable'],
    ['hang', 'unavailable'],
    ['truncated', 'unavailable'],
    ['changed_shape', 'changed_shape'],
    ['reset', 'unavailable'],
    ['payment_required', 'forbidden'],
    ['forbidden', 'forbidden'],
    ['not_found', 'not_found'],
  ]
  test.each(kinds)('the fault %s is %s, and gives nothing away', async (kind, expected) => {
    const [target] = await targets()
    if (!target) throw new Error('the sandbox has no sources')
    tools = meteredTools({ baseUrl: sandbox.url, now: start, limits: {}, timeoutMs: 400 })
    sandbox.control.faults.add({
      platform: name,
      path: name === 'twitter' ? '/2/users/\\d+/tweets' : '/r/.*/new',
      kind: kind as 'hang',
      delayMs: 900,
      retryAfterS: 30,
    })
    const error = await failureOf(firstFailure(open().collect([target])))
    expect(error.kind).toBe(expected)
    if (kind === 'rate_limited') {
      expect(error.until).toEqual(new Date(start.getTime() + 30_000))
    }
    expectNoSecret([`sandbox-bearer-${user()}`, `sandbox-secret-${user()}`], error)
  })
})

async function firstFailure(items: AsyncIterable<Collected | CollectFailure>) {
  for await (const item of items) if ('error' in item) throw item.error
}

type Turn = { items: Collected[]; calls: number }

const idsOf = (turns: Turn[], ref: string): string[] =>
  turns
    .flatMap(({ items }) => items.filter((item) => item.ref === ref))
    .flatMap(({ posts }) => posts.map(({ externalId }) => externalId))
    .sort()
