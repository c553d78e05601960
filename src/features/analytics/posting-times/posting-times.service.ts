import type { Context } from '../../../context.ts'
import { postingTimes } from '../../../statistics/posting-times.ts'
import { slotCells } from '../../../statistics/slot-cells.ts'
import { wholeQuarters } from '../frame/buckets.ts'
import { countPosts } from '../frame/count-posts.queries.ts'
import { stretchesOf } from '../frame/local-time.ts'
import type { Scope } from '../frame/scope.ts'
import { timeSample } from '../frame/time-sample.ts'
import { presentTimes } from './posting-times.presenter.ts'
import { findTimedPosts } from './timed-posts.queries.ts'

const hourMs = 3_600_000
const quarterMs = 900_000
/** Looks up to this age still count as those of 24 hours. */
const lastLookMs = 32 * hourMs
/** More say nothing more of 168 slots, and cost what people wait for. */
const mostPosts = 15_000

/** When posts of a scope did best, in the hours of a zone; and whether that can be said at all. */
export async function timesOf(
  { em, clock }: Pick<Context, 'em' | 'clock'>,
  asked: Scope,
  zone: string,
) {
  const scope = ripe(wholeQuarters(asked), clock.now())
  const [fromMs, toMs] = [Date.parse(scope.from), Date.parse(scope.to)]
  if (fromMs >= toMs) return presentTimes(postingTimes([]), { published: 0, every: 1 })
  const published = await countPosts(em, scope)
  const sample = timeSample(fromMs, toMs, Math.ceil(published / mostPosts))
  const posts = await findTimedPosts(em, scope, sample, stretchesOf(zone, fromMs, toMs))
  return presentTimes(postingTimes(slotCells(posts)), { published, every: sample.every })
}

/** Up to where every post is old enough for its look after 24 hours. */
function ripe(scope: Scope, now: Date): Scope {
  const last = Math.floor((now.getTime() - lastLookMs) / quarterMs) * quarterMs
  return Date.parse(scope.to) <= last ? scope : { ...scope, to: new Date(last).toISOString() }
}
