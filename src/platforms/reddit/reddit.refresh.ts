import { batchesOf } from '../failure-scope.ts'
import type { Refreshed, RefreshTarget } from '../platform.ts'
import type { RedditClient } from './reddit.client.ts'
import { metricsOf } from './reddit.mapping.ts'
import { Submissions } from './reddit.shapes.ts'

const postsPerCall = 100

/** 100 posts a call. One that Reddit does not return is gone. */
export async function* refresh(
  client: RedditClient,
  targets: RefreshTarget[],
): AsyncGenerator<Refreshed[], void> {
  for (const batch of batchesOf(targets, postsPerCall)) {
    const ids = [...new Set(batch.map(({ externalId }) => `t3_${externalId}`))]
    const query = { id: ids.join(',') }
    const call = { what: 'api/info', path: 'api/info', query, schema: Submissions }
    const { data } = await client.get(call)
    const posts = new Map(data.children.map(({ data: post }) => [post.id, post]))
    yield batch.map(({ ref, externalId }) => {
      const post = posts.get(externalId)
      return { ref, metrics: post ? metricsOf(post) : null }
    })
  }
}
