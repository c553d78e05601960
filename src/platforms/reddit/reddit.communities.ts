import type { Json } from '../../core/json.ts'
import { asPlatformError, batchesOf } from '../failure-scope.ts'
import type { SourceProfile, SourceStatistics } from '../platform.ts'
import { PlatformError } from '../platform-error.ts'
import type { RedditClient } from './reddit.client.ts'
import { errorOfTrouble, noSuchCommunity, troubleOf } from './reddit.errors.ts'
import { About, type Subreddit, Subreddits } from './reddit.shapes.ts'

export const communitiesPerCall = 100

/** 100 communities a call. Those that Reddit does not have, or does not show, are not among them. */
export async function communitiesOf(
  client: RedditClient,
  by: 'sr_name' | 'id',
  values: string[],
): Promise<Map<string, Subreddit>> {
  const found = new Map<string, Subreddit>()
  const distinct = [...new Set(values.map((value) => value.toLowerCase()))]
  for (const batch of batchesOf(distinct, communitiesPerCall)) {
    const query = { [by]: batch.join(',') }
    const call = { what: 'api/info', path: 'api/info', query, schema: Subreddits }
    const { data } = await client.get(call)
    for (const { data: one } of data.children) {
      const key = by === 'id' ? (one.name ?? '') : one.display_name
      found.set(key.toLowerCase(), one)
    }
  }
  return found
}

/** Asks about one community alone: only so does Reddit say why it does not show it. */
export async function aboutOf(
  client: RedditClient,
  name: string,
): Promise<Subreddit | PlatformError> {
  const path = `r/${encodeURIComponent(name)}/about`
  const call = { what: 'r/:name/about', path, schema: About, ofCommunity: true }
  const answer = await client.get(call).catch(asPlatformError)
  if (!(answer instanceof PlatformError)) return answer.data
  if (answer.sourceOnly) return answer
  throw answer
}

/** Why a community cannot be listened to; null: it can. */
export function troubleWith(subreddit: Subreddit): PlatformError | null {
  const trouble = troubleOf(subreddit.quarantine ? 'quarantined' : subreddit.subreddit_type)
  return trouble && errorOfTrouble(trouble)
}

export const unknownCommunity = () => errorOfTrouble(noSuchCommunity)

export const statisticsOf = (subreddit: Subreddit): SourceStatistics => ({
  followers: subreddit.subscribers ?? null,
  totalViews: null,
  totalPosts: null,
  online: subreddit.active_user_count ?? subreddit.accounts_active ?? null,
  isLive: null,
})

export const detailsOf = (subreddit: Subreddit): { [key: string]: Json } => ({
  title: subreddit.title || null,
  description: subreddit.public_description || null,
  type: subreddit.subreddit_type || null,
  over18: subreddit.over18 ?? null,
  iconUrl: subreddit.community_icon || subreddit.icon_img || null,
  createdAt: isoOf(subreddit.created_utc),
})

export const profileOf = (subreddit: Subreddit): SourceProfile => ({
  externalId: subreddit.name ?? subreddit.display_name,
  handle: subreddit.display_name,
  title: subreddit.title || `r/${subreddit.display_name}`,
  url: `https://www.reddit.com/r/${subreddit.display_name}/`,
  details: detailsOf(subreddit),
  statistics: statisticsOf(subreddit),
})

const isoOf = (seconds: number | null | undefined) =>
  seconds ? new Date(seconds * 1_000).toISOString() : null
