import type { Cost } from '../../src/platforms/budget.ts'
import { PlatformError } from '../../src/platforms/platform-error.ts'
import { type TestTools, testTools } from './platform-tools.ts'

export type MeteredTools = TestTools & {
  /** What was booked and not given back, by bucket. */
  used: (bucket: string) => number
  /** The most that was ever booked at one time. */
  peak: (bucket: string) => number
}

type Options = Parameters<typeof testTools>[0] & { limits: { [bucket: string]: number } }

/** A budget that gives back what a call did not use, and remembers how high it stood. */
export function meteredTools({ limits, ...options }: Options): MeteredTools {
  const tools = testTools(options)
  const used = new Map<string, number>()
  const peaks = new Map<string, number>()
  const of = (bucket: string) => used.get(bucket) ?? 0
  const left = (bucket: string) => (limits[bucket] ?? 1_000_000_000) - of(bucket)
  const add = (costs: Cost[], sign: number) => {
    for (const { bucket, amount } of costs) {
      used.set(bucket, of(bucket) + sign * amount)
      peaks.set(bucket, Math.max(peaks.get(bucket) ?? 0, of(bucket)))
    }
  }
  tools.budget.take = async (costs) => {
    const short = costs.find(({ bucket, amount }) => left(bucket) < amount)
    if (short) throw new PlatformError('test', 'budget_exhausted', `${short.bucket} is empty`)
    add(costs, 1)
    return {
      settle: async (actual) => {
        add(costs, -1)
        add(actual, 1)
      },
    }
  }
  tools.budget.remaining = async (bucket) => left(bucket)
  return { ...tools, used: of, peak: (bucket) => peaks.get(bucket) ?? 0 }
}
