import { type Sandbox, startSandbox } from '../sandbox/index.ts'
import { createLogger } from '../src/core/logger.ts'
import { type PlatformId, platformIds, platforms } from '../src/platforms/index.ts'
import type {
  Collected,
  CollectTarget,
  OpenPlatform,
  PlatformTools,
  RefreshTarget,
} from '../src/platforms/platform.ts'
import { type Bench, type Figure, figure } from './figure.ts'

const most = 100
const refreshed = 1_000
const minuteMs = 60_000

/** Calls of one look at `sources` sources without news, and of `refreshed` posts' numbers. */
const goals: Record<PlatformId, { look: number; refresh: number | null; naive: number }> = {
  twitch: { look: 2, refresh: null, naive: 200 },
  twitter: { look: 5, refresh: 10, naive: 100 },
  youtube: { look: 2, refresh: 20, naive: 100 },
  reddit: { look: 4, refresh: 10, naive: 100 },
}

const credentials: Record<PlatformId, Record<string, string>> = {
  twitch: { clientId: 'sandbox-bench', clientSecret: 'sandbox-secret-bench' },
  twitter: { bearerToken: 'sandbox-bearer-bench' },
  youtube: { apiKey: 'sandbox-key-bench' },
  reddit: {
    clientId: 'sandbox-bench',
    clientSecret: 'sandbox-secret-bench',
    userAgent: 'earshot-bench/1.0',
  },
}

const noBudget: PlatformTools['budget'] = {
  take: async () => ({ settle: async () => {} }),
  observe: async () => {},
  remaining: async () => Number.MAX_SAFE_INTEGER,
}

function open(sandbox: Sandbox, id: PlatformId): OpenPlatform {
  const kept: { token: ReturnType<PlatformTools['token']['get']> } = { token: null }
  return platforms[id].open(credentials[id], {
    baseUrl: sandbox.url,
    signal: new AbortController().signal,
    clock: sandbox.control.clock,
    log: createLogger({ level: 'silent', name: 'bench' }),
    budget: noBudget,
    token: {
      get: () => kept.token,
      set: (token) => {
        kept.token = token
      },
    },
    timeoutMs: 60_000,
  })
}

type Counter = { count: <T>(work: () => Promise<T>) => Promise<{ calls: number; result: T }> }

/** Counts what reaches the platform; asking for a token is not one of the calls that are counted. */
const counterOf = (sandbox: Sandbox, id: PlatformId): Counter => ({
  count: async (work) => {
    const read = async () => {
      const response = await fetch(`${sandbox.url}/__sandbox/calls?platform=${id}`)
      const { calls } = (await response.json()) as { calls: { path: string }[] }
      return calls.filter(({ path }) => !/token|validate/.test(path)).length
    }
    await fetch(`${sandbox.url}/__sandbox/calls`, { method: 'DELETE' })
    const result = await work()
    return { calls: await read(), result }
  },
})

async function resolveTargets(sandbox: Sandbox, platform: OpenPlatform, id: PlatformId) {
  const response = await fetch(`${sandbox.url}/__sandbox/sources?platform=${id}`)
  const handles = ((await response.json()) as { handle: string }[]).map((one) => one.handle)
  const targets: CollectTarget[] = []
  for await (const batch of platform.resolve(handles)) {
    for (const { found } of batch) {
      if (!found || targets.length === most) continue
      const { externalId, handle, details } = found
      const ref = String(targets.length)
      targets.push({ ref, externalId, handle, details, cursor: null, statisticsAt: null })
    }
  }
  return targets
}

async function look(platform: OpenPlatform, targets: CollectTarget[], now: Date) {
  const results: Collected[] = []
  for await (const result of platform.collect(targets))
    if (!('error' in result)) results.push(result)
  const next = results.flatMap(({ ref, cursor, details }) => {
    const before = targets[Number(ref)]
    if (!before) return []
    return [{ ...before, cursor, details: { ...before.details, ...details }, statisticsAt: now }]
  })
  return { posts: results.flatMap((one) => one.posts), next: renumbered(next) }
}

const renumbered = (targets: CollectTarget[]) =>
  targets.map((target, at) => ({ ...target, ref: String(at) }))

async function refresh(platform: OpenPlatform, targets: RefreshTarget[]): Promise<number> {
  let answered = 0
  for await (const batch of platform.refresh(targets)) answered += batch.length
  return answered
}

async function measure(sandbox: Sandbox, id: PlatformId): Promise<Figure[]> {
  const { count } = counterOf(sandbox, id)
  const platform = open(sandbox, id)
  const now = sandbox.control.clock.now()
  const { calls: resolving, result: targets } = await count(() =>
    resolveTargets(sandbox, platform, id),
  )
  const first = await count(() => look(platform, targets, now))
  const quiet = await count(() => look(platform, first.result.next, now))
  const n = quiet.result.next.length
  const told = { unit: 'calls', better: 'lower', goal: null } as const
  const { naive, look: goal, refresh: refreshGoal } = goals[id]
  const figures = [
    figure({ name: `calls.${id}.resolve`, value: resolving, ...told }),
    figure({ name: `calls.${id}.first_look.${n}_sources`, value: first.calls, ...told }),
    figure({ name: `calls.${id}.naive_look.${n}_sources`, value: (naive * n) / 100, ...told }),
    figure({ name: `calls.${id}.look.${n}_sources`, value: quiet.calls, ...told, goal }),
  ]
  if (refreshGoal === null) return figures
  const posts = first.result.posts.slice(0, refreshed).map(({ externalId, kind }, at) => ({
    ref: String(at),
    externalId,
    kind,
  }))
  const fresh = await count(() => refresh(platform, posts))
  const share = Math.ceil((refreshGoal * posts.length) / refreshed)
  return [
    ...figures,
    figure({
      name: `calls.${id}.naive_refresh.${posts.length}_posts`,
      value: posts.length,
      ...told,
    }),
    figure({
      name: `calls.${id}.refresh.${posts.length}_posts`,
      value: fresh.calls,
      ...told,
      goal: share,
    }),
  ]
}

export const calls: Bench = {
  name: 'calls',
  summary: `calls of one look at up to ${most} sources of one profile, and for ${refreshed} posts' numbers`,
  run: async (say) => {
    const now = new Date(Math.floor(Date.now() / minuteMs) * minuteMs)
    const sandbox = await startSandbox({ now })
    try {
      const figures: Figure[] = []
      for (const id of platformIds) {
        say(id)
        figures.push(...(await measure(sandbox, id)))
      }
      return figures
    } finally {
      await sandbox.close()
    }
  },
}
