import { type Sandbox, startSandbox } from '../../../sandbox/index.ts'
import type { XDialect } from '../../../sandbox/sandbox.options.ts'
import { type PlatformId, platforms } from '../../../src/platforms/index.ts'
import type { Collected, CollectTarget, PlatformPost } from '../../../src/platforms/platform.ts'
import { PlatformError } from '../../../src/platforms/platform-error.ts'
import { all, type TestTools, testTools } from '../../platforms/platform-tools.ts'
import type { Exchange } from './exchange.ts'
import { type Refuse, startRecordingProxy } from './recording-proxy.ts'

const start = new Date('2026-11-20T20:00:00Z')
const runs = 3
const betweenRunsMs = 2 * 3_600_000
const mostSources = 60
const mostRefreshed = 400
const mostCommented = 6
/** X counts in millionths of a dollar. */
const plenty = 1_000_000_000

const good: Record<PlatformId, object> = {
  twitch: { clientId: 'sandbox-specs', clientSecret: 'sandbox-secret-specs' },
  twitter: { bearerToken: 'sandbox-bearer-specs' },
  youtube: { apiKey: 'sandbox-key-specs' },
  reddit: {
    clientId: 'sandbox-specs',
    clientSecret: 'sandbox-secret-specs',
    userAgent: 'test:earshot-specs:1.0',
  },
}
const wrong: Record<PlatformId, object> = {
  twitch: { clientId: 'sandbox-specs', clientSecret: 'wrong' },
  twitter: { bearerToken: 'wrong' },
  youtube: { apiKey: 'wrong' },
  reddit: { clientId: 'sandbox-specs', clientSecret: 'wrong', userAgent: 'test:earshot-specs:1.0' },
}
const unknownHandles: Record<PlatformId, string> = {
  twitch: 'nobody_is_called_so',
  twitter: 'nobody_at_all',
  youtube: '@nobody-is-called-so',
  reddit: 'nobody_is_called_so',
}

/** Everything that one adapter says to its platform in some runs, and what it is answered. */
export async function driveAdapter(
  id: PlatformId,
  { xDialect, refuse }: { xDialect: XDialect; refuse?: Refuse },
): Promise<{ exchanges: Exchange[]; failure: string | null }> {
  const sandbox = await startSandbox({ now: start, epoch: start, xDialect })
  const proxy = await startRecordingProxy(sandbox.url, refuse)
  try {
    await useAdapter(id, sandbox, proxy.url)
    return { exchanges: proxy.exchanges, failure: null }
  } catch (error) {
    return { exchanges: proxy.exchanges, failure: `the adapter stopped: ${String(error)}` }
  } finally {
    await proxy.close()
    await sandbox.close()
  }
}

async function useAdapter(id: PlatformId, sandbox: Sandbox, baseUrl: string): Promise<void> {
  const tools = testTools({ baseUrl, now: start, amount: plenty })
  const adapter = platforms[id].open(good[id], tools)
  await adapter.verify()
  await refused(platforms[id].open(wrong[id], testTools({ baseUrl })).verify())
  const targets = await resolveAll(id, sandbox, tools)
  const posts: Collected['posts'] = []
  for (let run = 0; run < runs; run += 1) {
    posts.push(...(await collectAll(id, targets, tools)))
    sandbox.control.clock.advance(betweenRunsMs)
    tools.at.now = sandbox.control.clock.now()
  }
  const kinds = platforms[id].refreshableKinds
  const wanted = posts.filter(({ kind }) => kinds.includes(kind)).slice(0, mostRefreshed)
  await all(adapter.refresh(wanted.map(targetOf)))
  const commented = wanted
    .toSorted((one, other) => (other.metrics.comments ?? 0) - (one.metrics.comments ?? 0))
    .slice(0, mostCommented)
  if (adapter.comments) await all(adapter.comments(commented.map(targetOf)))
}

const targetOf = ({ externalId, kind }: PlatformPost) => ({ ref: externalId, externalId, kind })

async function refused(call: Promise<unknown>): Promise<void> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof PlatformError && error.kind === 'unauthorized') return
  throw new Error('a wrong credential was not refused', { cause: error })
}

async function resolveAll(
  id: PlatformId,
  sandbox: Sandbox,
  tools: TestTools,
): Promise<CollectTarget[]> {
  const listed = (await sandbox.world.sources(id)).slice(0, mostSources)
  const handles = [...listed.map(({ handle }) => handle), unknownHandles[id]]
  const answers = (await all(platforms[id].open(good[id], tools).resolve(handles))).flat()
  return answers.flatMap(({ found }) =>
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
}

/** One run, after which each target stands where the caller would put it. */
async function collectAll(
  id: PlatformId,
  targets: CollectTarget[],
  tools: TestTools,
): Promise<Collected['posts']> {
  const posts: Collected['posts'] = []
  for (const item of await all(platforms[id].open(good[id], tools).collect(targets))) {
    if ('error' in item) throw item.error
    posts.push(...item.posts)
    const target = targets.find(({ ref }) => ref === item.ref)
    if (target) {
      target.cursor = item.cursor
      target.details = { ...target.details, ...item.details }
    }
  }
  return posts
}
