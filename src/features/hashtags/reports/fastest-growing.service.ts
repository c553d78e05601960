import type { Context } from '../../../context.ts'
import { discoveries } from '../../../statistics/false-discovery.ts'
import { type RateRatio, rateRatio } from '../../../statistics/rate-ratio.ts'
import { lastMinutes, type Range } from '../counts/period.ts'
import { countTags } from '../counts/tag-counts.queries.ts'
import { observedShares } from '../surprise/observed.ts'

export type GrowingQuestion = {
  hours: number
  limit: number
  minCount: number
  platform?: string | undefined
}
export type Growing = RateRatio & { hashtag: string; count: number; before: number }
export type GrowingTags = Range & {
  listed: Growing[]
  tested: number
  /** Observed shares of the window and of the one before. */
  observed: { now: number; before: number }
  reason: 'window_not_observed' | 'window_before_not_observed' | null
}

/** Of a window that was observed less than this, a rate says nothing. */
const leastObserved = 0.1

/**
 * Tags whose rate of posts grew against the window before, by the lower end of the ratio's interval.
 * Only growth that chance does not explain: 1 -> 3 is none.
 */
export async function findFastestGrowing(
  { em, clock }: Pick<Context, 'em' | 'clock'>,
  { hours, limit, minCount, platform }: GrowingQuestion,
): Promise<GrowingTags> {
  const now = lastMinutes(clock.now(), hours * 60)
  const before = { from: now.from - (now.to - now.from), to: now.from }
  const [seen = 0, seenBefore = 0] = await observedShares(em, [now, before], platform)
  const answer = { ...now, listed: [], tested: 0, observed: { now: seen, before: seenBefore } }
  if (seen < leastObserved) return { ...answer, reason: 'window_not_observed' }
  if (seenBefore < leastObserved) return { ...answer, reason: 'window_before_not_observed' }
  const counts = await countTags(em, { ...now, platform, least: minCount })
  const tags = counts.map(({ hashtag }) => hashtag)
  const theirs = await countTags(em, { ...before, platform, tags })
  const earlier = new Map(theirs.map(({ hashtag, count }) => [hashtag, count]))
  const tested = counts.flatMap(({ hashtag, count }) => {
    const past = earlier.get(hashtag) ?? 0
    const ratio = rateRatio({ count, exposure: seen }, { count: past, exposure: seenBefore })
    return ratio ? [{ hashtag, count, before: past, ...ratio }] : []
  })
  const stands = discoveries(
    tested.map(({ chance }) => chance),
    tested.length,
  )
  const listed = tested
    .filter(({ low }, index) => stands[index] && low > 1)
    .toSorted((one, other) => other.low - one.low || other.count - one.count)
    .slice(0, limit)
  return { ...answer, listed, tested: tested.length, reason: null }
}
