import { asPlatformError } from '../failure-scope.ts'
import { PlatformError } from '../platform-error.ts'
import { newestOf, oldestOf } from './snowflake.ts'
import type { XClient } from './twitter.client.ts'
import { errorOfProblem } from './twitter.errors.ts'
import { type Bucket, prices } from './twitter.limits.ts'
import type { Post, PostList } from './twitter.shapes.ts'
import type { Query } from './twitter.transport.ts'

export type ReadingRequest = {
  what: string
  path: string
  bucket: Bucket
  query: Query
  /** The smallest max_results that X takes here. */
  fewest: number
  /** What the next page's token is called here. */
  tokenName: 'next_token' | 'pagination_token'
  oneAccount: boolean
}

/** `stoppedBy`: the pages after these could not be had, or none at all. */
export type Reading = {
  posts: Post[]
  newestId: string | null
  oldestId: string | null
  stoppedBy: PlatformError | null
}

const mostPerPage = 100
/** A timeline ends after 3,200 posts; this only ends a paging that X would never end. */
const mostPages = 400

/**
 * Page after page, newest first, until the last or until `atMost` posts. A page is never larger than
 * what is left of the month's dollars. What was read before a failure has been paid for and is kept.
 */
export async function readAll(
  client: XClient,
  request: ReadingRequest,
  atMost = Number.POSITIVE_INFINITY,
): Promise<Reading> {
  const posts: Post[] = []
  let stoppedBy: PlatformError | null = null
  let token: string | null | undefined = null
  for (
    let pages = 0;
    pages < mostPages && token !== undefined && posts.length < atMost;
    pages += 1
  ) {
    const page: PostList | PlatformError = await readPage(
      client,
      request,
      token,
      atMost - posts.length,
    ).catch(asPlatformError)
    if (page instanceof PlatformError) {
      stoppedBy = page
      break
    }
    posts.push(...(page.data ?? []))
    token = page.meta?.next_token ?? undefined
  }
  const ids = posts.map(({ id }) => id)
  return { posts, newestId: newestOf(...ids), oldestId: oldestOf(...ids), stoppedBy }
}

async function readPage(
  client: XClient,
  { fewest, tokenName, ...request }: ReadingRequest,
  token: string | null,
  wanted: number,
): Promise<PostList> {
  const size = Math.max(fewest, await client.affordable(prices.post, Math.min(wanted, mostPerPage)))
  const page = await client.posts({
    ...request,
    query: {
      ...request.query,
      max_results: String(size),
      ...(token && { [tokenName]: token }),
    },
    most: size,
  })
  const [problem] = page.errors ?? []
  if (request.oneAccount && !page.data && problem) throw errorOfProblem(problem)
  return page
}
