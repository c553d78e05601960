import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { startSandbox } from '../../sandbox/index.ts'
import { postRow } from '../../src/features/posts/post-rows.ts'
import { platformIds, platforms } from '../../src/platforms/index.ts'
import type {
  CollectTarget,
  CommentTarget,
  OpenPlatform,
  PlatformPost,
  RefreshTarget,
} from '../../src/platforms/platform.ts'
import { PlatformError } from '../../src/platforms/platform-error.ts'
import type { Exchange } from '../support/specs/exchange.ts'
import { startRecordingProxy } from '../support/specs/recording-proxy.ts'
import { sandboxCredentials } from '../support/stage.ts'
import { type Mutation, mutated, mutations } from './mutations.ts'
import { all, testTools } from './platform-tools.ts'
import { type ScriptedServer, scriptedServer } from './scripted-server.ts'

const now = new Date('2026-11-20T12:00:00Z')
const plenty = 1_000_000_000
const runs = 60

type Visit = { handles: string[]; collect: CollectTarget[]; refresh: RefreshTarget[] }

/** Whatever may come out of an adapter, in one list. */
async function visit(adapter: OpenPlatform, { handles, collect, refresh }: Visit) {
  const comments: CommentTarget[] = refresh
  const calls = [
    () => adapter.verify(),
    () => all(adapter.resolve(handles)),
    () => all(adapter.collect(collect)),
    () => all(adapter.refresh(refresh)),
    async () => (adapter.comments ? all(adapter.comments(comments)) : []),
  ]
  const brought: unknown[] = []
  for (const call of calls) brought.push(await call().catch((error: unknown) => error))
  return brought.flat(2)
}

/** A number as a column of counts takes it. */
const isCount = (value: number | null) =>
  value === null || (Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER)

const keyLength = 1_000
const isStorableText = (text: string) => text.isWellFormed() && !text.includes('\0')

/** What PostgreSQL would refuse of a post: a batch goes down with one of them. */
function faultsOfPost(post: PlatformPost): string[] {
  const row = postRow(post)
  const texts = JSON.stringify(row)
  const keys = [row.external_id, row.author_external_id, row.reply_to, row.lang, ...row.tags]
  return [
    ...(/\\u0000|\\ud[89a-f]/.test(texts.replaceAll('\\\\', ''))
      ? ['a text that is no UTF-8']
      : []),
    ...(keys.every((key) => !key || key.length <= keyLength) ? [] : ['a key that is too long']),
    ...(row.external_id === '' ? ['no external id'] : []),
    ...(isStorableText(row.external_id) ? [] : ['an id of control characters']),
    ...Object.entries(post.metrics).flatMap(([name, value]) => (isCount(value) ? [] : name)),
  ]
}

function faultsOf(one: unknown): string[] {
  if (one instanceof PlatformError) return one.message.length < 1_000 ? [] : ['a long message']
  if (one instanceof Error) return [`${one.name}: ${one.message.slice(0, 200)}`]
  const { posts = [], error = null } = (one ?? {}) as { posts?: PlatformPost[]; error?: unknown }
  if (error !== null) return faultsOf(error)
  JSON.stringify(one)
  return posts.flatMap(faultsOfPost)
}

describe.each(platformIds)('SEC-25: %s whose answers are not what they were', (id) => {
  let server: ScriptedServer
  let recorded: Exchange[]
  let asked: Visit
  let broken: Mutation | null = null
  let asIs: unknown[]

  const open = (baseUrl: string) =>
    platforms[id].open(
      sandboxCredentials(id, 'mutated'),
      testTools({ baseUrl, now, amount: plenty, timeoutMs: 60_000 }),
    )
  const keyOf = (method: string, { pathname, search }: URL) => `${method} ${pathname}${search}`

  beforeAll(async () => {
    const sandbox = await startSandbox({ now, epoch: now })
    const proxy = await startRecordingProxy(sandbox.url)
    const adapter = open(proxy.url)
    const handles = (await sandbox.world.sources(id)).slice(0, 4).map(({ handle }) => handle)
    const found = (await all(adapter.resolve(handles))).flat()
    const collect = found.flatMap((one, at) =>
      one.found ? [{ ...one.found, ref: `t${at}`, cursor: null, statisticsAt: null }] : [],
    )
    const items = await all(adapter.collect(collect))
    const posts = items.flatMap((item) => ('error' in item ? [] : item.posts)).slice(0, 6)
    const refresh = posts.map(({ externalId, kind }) => ({ ref: externalId, externalId, kind }))
    asked = { handles, collect, refresh }
    await visit(open(proxy.url), asked)
    recorded = proxy.exchanges.filter(({ answer }) => answer !== undefined)
    await proxy.close()
    await sandbox.close()
    const answers = new Map(recorded.map((one) => [keyOf(one.method, one.url), one]))
    server = await scriptedServer(({ method, url }) => {
      const one = answers.get(keyOf(method, url))
      if (!one) return { status: 404, json: {} }
      const isBroken = broken && recorded[broken.answer % recorded.length] === one
      const text = broken && isBroken ? mutated(one.answer, broken) : JSON.stringify(one.answer)
      return { status: one.status, text }
    })
    asIs = await visit(open(server.url), asked)
  })
  afterAll(() => server?.close())

  test('the recorded answers are good as they are', () => {
    expect(asIs.filter((one) => one instanceof Error)).toEqual([])
    expect(asIs.flatMap(faultsOf)).toEqual([])
    expect(recorded.length).toBeGreaterThan(3)
  })

  test('it ends in a PlatformError or in good rows', async () => {
    await fc.assert(
      fc.asyncProperty(mutations, async (mutation) => {
        broken = mutation
        const brought = await visit(open(server.url), asked)
        broken = null
        expect(brought.flatMap(faultsOf)).toEqual([])
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
      }),
      { numRuns: runs },
    )
  })
})
