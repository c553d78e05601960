import type { RedditClient } from './reddit.client.ts'
import { type Submission, Submissions } from './reddit.shapes.ts'

const postsPerPage = 100
/** A listing ends near 1,000 posts, some fewer where posts were removed. */
const listingEnd = 900
const mostPages = 12
/** Listings are brought up to date some seconds late. */
const lagS = 60

export type Reading = {
  posts: Submission[]
  /** The listing ended although older posts may exist: all after this time are here. */
  cutAt: number | null
}

/**
 * The newest posts of one or more communities, page after page, until those before `since` (seconds)
 * come, or `atMost` are there. Not by `before`: where that post was removed, Reddit answers nothing.
 */
export async function readListing(
  client: RedditClient,
  names: string[],
  { since, atMost }: { since: number | null; atMost: number | null },
): Promise<Reading> {
  const wanted = atMost ?? Number.POSITIVE_INFINITY
  const posts: Submission[] = []
  let after: string | null = null
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page: Page = await readPage(client, names, wanted - posts.length, after)
    posts.push(...page.posts)
    after = page.after
    const oldest = posts.at(-1)?.created_utc ?? 0
    if (isReached(oldest, since) || posts.length >= wanted) return { posts, cutAt: null }
    if (after === null) return { posts, cutAt: posts.length >= listingEnd ? oldest : null }
  }
  return { posts, cutAt: posts.at(-1)?.created_utc ?? null }
}

const isReached = (oldest: number, since: number | null) => since !== null && oldest < since - lagS

type Page = { posts: Submission[]; after: string | null }

async function readPage(
  client: RedditClient,
  names: string[],
  wanted: number,
  after: string | null,
): Promise<Page> {
  const { data } = await client.get({
    what: 'r/:names/new',
    path: `r/${names.map(encodeURIComponent).join('+')}/new`,
    query: { limit: String(Math.min(postsPerPage, wanted)), ...(after && { after }) },
    schema: Submissions,
    ofCommunity: true,
  })
  return { posts: data.children.map((child) => child.data), after: data.after ?? null }
}
