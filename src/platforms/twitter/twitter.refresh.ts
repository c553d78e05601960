import type { Refreshed, RefreshTarget } from '../platform.ts'
import type { XClient } from './twitter.client.ts'
import { prices } from './twitter.limits.ts'
import { metricsOf } from './twitter.mapping.ts'

const postsPerCall = 100

/** 100 posts a call and $0.005 each. A post that X does not return is gone or hidden. */
export async function* refresh(
  client: XClient,
  targets: RefreshTarget[],
): AsyncGenerator<Refreshed[], void> {
  const left = [...targets]
  while (left.length > 0) {
    const payable = await client.affordable(prices.post, Math.min(postsPerCall, left.length))
    const batch = left.splice(0, Math.max(1, payable))
    const ids = [...new Set(batch.map(({ externalId }) => externalId))]
    const list = await client.posts({
      what: 'tweets',
      path: 'tweets',
      bucket: 'tweets',
      query: { ids: ids.join(',') },
      most: ids.length,
    })
    const posts = new Map((list.data ?? []).map((post) => [post.id, post]))
    yield batch.map(({ ref, externalId }) => {
      const post = posts.get(externalId)
      return { ref, metrics: post ? metricsOf(post) : null }
    })
  }
}
