import type { Budget } from '../../platforms/budget.ts'
import { PlatformError } from '../../platforms/platform-error.ts'

/** A budget that refuses what would take a bucket below what is kept for others. */
export const keepingBack = (
  budget: Budget,
  kept: ReadonlyMap<string, number>,
  platform: { id: string; name: string },
): Budget => ({
  ...budget,
  take: async (costs) => {
    for (const { bucket, amount } of costs) {
      const least = kept.get(bucket) ?? 0
      // What is simply empty says so itself, and until when.
      if (least === 0 || amount === 0) continue
      if ((await budget.remaining(bucket)) - amount >= least) continue
      const message = `The ${platform.name} budget of this profile is kept for posts: ${least} ${bucket} of this window`
      throw new PlatformError(platform.id, 'budget_exhausted', message)
    }
    return budget.take(costs)
  },
})
