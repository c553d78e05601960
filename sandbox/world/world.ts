import type { RedditWorld } from './reddit.world.ts'
import type { TwitchWorld } from './twitch.world.ts'
import type { XWorld } from './x.world.ts'
import type { YoutubeWorld } from './youtube.world.ts'

export type PlatformId = 'twitch' | 'twitter' | 'youtube' | 'reddit'
export const platformIds: readonly PlatformId[] = ['twitch', 'twitter', 'youtube', 'reddit']

/** What a user would add. */
export type SourceListing = {
  platform: PlatformId
  handle: string
  externalId: string
  title: string
  /** When it is active, or why it answers badly: gone, suspended, private, banned ... */
  habit: string
}

/** What the four routers serve. Parts load when first asked for: a folder of data may be large. */
export type World = {
  name: string
  twitch: () => Promise<TwitchWorld>
  x: () => Promise<XWorld>
  youtube: () => Promise<YoutubeWorld>
  reddit: () => Promise<RedditWorld>
  sources: (platform: PlatformId) => Promise<SourceListing[]>
}
