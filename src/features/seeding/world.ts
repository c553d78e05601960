import type { Mood } from './vocabulary.ts'

export type SeedPlatform = 'twitter' | 'youtube' | 'reddit'

export type WorldSource = {
  platform: SeedPlatform
  externalId: string
  handle: string
  title: string
  url: string
  /** At the world's end. */
  followers: number
}

export type WorldAuthor = {
  platform: SeedPlatform
  externalId: string
  handle: string
  displayName: string
  followers: number | null
}

export type Numbers = {
  views: number | null
  likes: number | null
  comments: number | null
  shares: number | null
  score: number | null
  upvoteRatio: number | null
}
export type WorldSample = Numbers & { atMs: number }

export type WorldPost = {
  platform: SeedPlatform
  /** Of the source, the author: external ids on the platform. */
  source: string
  author: string
  externalId: string
  kind: 'tweet' | 'video' | 'reddit_post' | 'comment'
  title: string | null
  body: string
  url: string
  replyTo: string | null
  threadId: string | null
  category: string | null
  publishedMs: number
  promoted: boolean
  tags: string[]
  mood: Record<Mood, number>
  /** Worked out when they are written: a world of a million posts has ten times as many samples. */
  samples: () => WorldSample[]
}

/** A time in which a source was not watched. */
export type WorldGap = {
  source: string
  fromMs: number
  toMs: number
  reason: string
  posts: string
}

export type World = {
  /** When watching began, and the moment as of which the world stands: nothing is later. */
  startMs: number
  epochMs: number
  sources: WorldSource[]
  authors: WorldAuthor[]
  /** In the order of their publication, each before its answers. */
  posts: WorldPost[]
  gaps: WorldGap[]
}

export const minuteMs = 60_000
export const hourMs = 3_600_000
export const dayMs = 86_400_000
export const spanDays = 90

export const nothing: Numbers = {
  views: null,
  likes: null,
  comments: null,
  shares: null,
  score: null,
  upvoteRatio: null,
}

/** Followers grow by a fifth over the world's time, evenly. */
export const followersAt = (world: Pick<World, 'epochMs'>, followers: number, atMs: number) =>
  Math.floor(followers * (1 - (0.2 * (world.epochMs - atMs)) / (spanDays * dayMs)))
