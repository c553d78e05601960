import type { WatchChange } from '../../coverage/index.ts'
import type { Bucket } from './buckets.ts'

export type Watched = {
  /** How many sources were watched, on average over the bucket. */
  sources: number
  /** The share of their time of which the posts are known; 0 where nobody watched. */
  observed: number
}

/** How well each bucket was watched. Buckets and changes are in order, and both are quarters of hours. */
export function watchOf(buckets: readonly Bucket[], changes: readonly WatchChange[]): Watched[] {
  let next = 0
  let [watched, missed] = [0, 0]
  return buckets.map(({ fromMs, toMs }) => {
    let [watchedS, missedS, at] = [0, 0, fromMs]
    const pass = (until: number) => {
      watchedS += (watched * (until - at)) / 1_000
      missedS += (missed * (until - at)) / 1_000
      at = until
    }
    for (let change = changes[next]; change && change.atMs < toMs; change = changes[++next]) {
      pass(Math.max(at, change.atMs))
      watched += change.watched
      missed += change.missed
      watchedS -= change.watchedLateS
      missedS -= change.missedLateS
    }
    pass(toMs)
    return {
      sources: (1_000 * watchedS) / (toMs - fromMs),
      observed: watchedS > 1e-6 ? Math.max(0, Math.min(1, 1 - missedS / watchedS)) : 0,
    }
  })
}
