import { createLogger } from '../../src/core/logger.ts'
import type { Budget, Observation } from '../../src/platforms/budget.ts'
import type { PlatformTools } from '../../src/platforms/platform.ts'
import { PlatformError } from '../../src/platforms/platform-error.ts'

export type TestTools = PlatformTools & {
  /** Calls booked, by bucket. */
  booked: { [bucket: string]: number }
  observed: { bucket: string; seen: Observation }[]
  at: { now: Date }
}

type ToolsOptions = {
  baseUrl: string
  now?: Date
  timeoutMs?: number
  signal?: AbortSignal
  /** What each bucket holds; no bucket is refilled. */
  amount?: number
}

/** What an adapter is handed, in memory: budget, token, and a clock that the test moves. */
export function testTools(options: ToolsOptions): TestTools {
  const booked: { [bucket: string]: number } = {}
  const observed: TestTools['observed'] = []
  const at = { now: options.now ?? new Date('2026-11-20T12:00:00Z') }
  const left = (bucket: string) => (options.amount ?? 100_000) - (booked[bucket] ?? 0)
  const budget: Budget = {
    take: async (costs) => {
      const short = costs.find(({ bucket, amount }) => left(bucket) < amount)
      if (short) throw new PlatformError('test', 'budget_exhausted', `${short.bucket} is empty`)
      for (const { bucket, amount } of costs) booked[bucket] = (booked[bucket] ?? 0) + amount
      return { settle: async () => {} }
    },
    observe: async (bucket, seen) => void observed.push({ bucket, seen }),
    remaining: async (bucket) => left(bucket),
  }
  let token: ReturnType<PlatformTools['token']['get']> = null
  return {
    baseUrl: options.baseUrl,
    signal: options.signal ?? new AbortController().signal,
    clock: { now: () => at.now },
    log: createLogger({ level: 'silent', name: 'test' }),
    budget,
    token: {
      get: () => token,
      set: (next) => {
        token = next
      },
    },
    timeoutMs: options.timeoutMs ?? 10_000,
    booked,
    observed,
    at,
  }
}

export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}

/** The error of a call that must fail. */
export async function failureOf(call: Promise<unknown>): Promise<PlatformError> {
  const caught = await call.then(
    () => null,
    (error: unknown) => error,
  )
  if (caught instanceof PlatformError) return caught
  throw new Error('a PlatformError was to be thrown', { cause: caught })
}
