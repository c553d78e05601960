import type { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import type { Json } from '../core/json.ts'
import type { Logger } from '../core/logger.ts'
import type { Budget, Limit } from './budget.ts'
import type { PlatformError } from './platform-error.ts'

/** The numbers of a post at one moment. null: the platform does not report this figure. */
export type Metrics = {
  views: number | null
  likes: number | null
  comments: number | null
  shares: number | null
  /** Reddit: ups minus downs. */
  score: number | null
  /** Reddit: ups / (ups + downs), 0..1. */
  upvoteRatio: number | null
  /** Twitch: concurrent viewers at the moment of the sample. */
  viewers: number | null
}

export const noMetrics: Metrics = {
  views: null,
  likes: null,
  comments: null,
  shares: null,
  score: null,
  upvoteRatio: null,
  viewers: null,
}

export type PostKind = 'tweet' | 'video' | 'reddit_post' | 'stream' | 'comment'

export type PlatformAuthor = {
  externalId: string
  handle: string
  displayName: string | null
  followers: number | null
}

export type PlatformPost = {
  externalId: string
  kind: PostKind
  author: PlatformAuthor | null
  title: string | null
  body: string | null
  url: string | null
  /** BCP 47, as the platform says; null when it does not. */
  lang: string | null
  /** Lower case, without '#'. */
  hashtags: string[]
  /** Lower case, without '@'. */
  mentions: string[]
  /** External id of the post this one answers. */
  replyTo: string | null
  /** Comments alone: external id of the post that they hang under, however deep. */
  threadId?: string
  /** Twitch game, YouTube category, Reddit flair. */
  category: string | null
  publishedAt: Date
  metrics: Metrics
  /** What the platform sent beyond the fields above: unknown fields are kept. */
  extra: { [key: string]: Json }
}

/** A source's own numbers. null: not reported, or not asked for this time. */
export type SourceStatistics = {
  /** Followers, subscribers or members, by platform. */
  followers: number | null
  totalViews: number | null
  totalPosts: number | null
  /** People there now (Reddit); viewers of the running stream (Twitch). */
  online: number | null
  isLive: boolean | null
}

/** What Earshot keeps of a source so that no call is made twice (uploads playlist, avatar ...). */
export type SourceProfile = {
  externalId: string
  handle: string
  title: string | null
  url: string
  details: { [key: string]: Json }
  statistics: SourceStatistics | null
}

export type Resolution =
  | { input: string; found: SourceProfile }
  | { input: string; found: null; reason: string }

/** One source to look at: `ref` is the caller's own name for it and comes back with the answer. */
export type CollectTarget = {
  ref: string
  externalId: string
  handle: string
  details: { [key: string]: Json }
  /** Whatever this adapter returned last time; null on the first run. */
  cursor: Json
  /** The adapter asks for the source's own numbers when the last ones are older than a day. */
  statisticsAt: Date | null
}

export type Collected = {
  ref: string
  /** Newest first or last: the caller does not care, natural keys make the order moot. */
  posts: PlatformPost[]
  cursor: Json
  statistics: SourceStatistics | null
  /** Changes of the source's own facts (renamed, uploads playlist ...), merged into `details`. */
  details: { [key: string]: Json } | null
  /**
   * false: the platform's listing ended before the last cursor was reached, so posts between
   * the cursor and the oldest of `posts` may be missing. The caller records a coverage gap.
   */
  complete: boolean
  /** Twitch: external ids of streams that were running at the last cursor and have ended. */
  endedStreams: { externalId: string; endedAt: Date }[]
}

/** Only this source failed; the others go on. */
export type CollectFailure = { ref: string; error: PlatformError }

export type RefreshTarget = { ref: string; externalId: string; kind: PostKind }
/** `metrics` null: the platform says that the post is gone. */
export type Refreshed = { ref: string; metrics: Metrics | null }

/** `parentExternalId` null: it answers the post itself. */
export type PlatformComment = {
  /** Never that of a post, whatever numbers the platform gives the two. */
  externalId: string
  parentExternalId: string | null
  /** null: deleted, or not told. */
  author: PlatformAuthor | null
  /** null: deleted or removed; the answers below it stay. */
  text: string | null
  /** Lower case, without '@'. */
  mentions: string[]
  url: string | null
  publishedAt: Date
  likes: number | null
  /** Reddit: ups minus downs; null while Reddit hides it. */
  score: number | null
  extra: { [key: string]: Json }
}

export type CommentTarget = { ref: string; externalId: string; kind: PostKind }
/** The comments of one post, in no order. `complete` false: there are more than were asked for. */
export type CommentThread = { ref: string; comments: PlatformComment[]; complete: boolean }

export type Verification = {
  /** What this credential opens, in words, for the person who typed it in. */
  detail: string
}

export type OpenPlatform = {
  /** The cheapest real call that proves the credential. Throws PlatformError. */
  verify: () => Promise<Verification>
  /** Many handles in as few calls as the platform allows; each input answers for itself. */
  resolve: (handles: string[]) => AsyncIterable<Resolution[]>
  /** New posts since each target's cursor. Throws only what concerns the whole credential. */
  collect: (targets: CollectTarget[]) => AsyncIterable<Collected | CollectFailure>
  /** Fresh numbers of known posts, in batches. */
  refresh: (targets: RefreshTarget[]) => AsyncIterable<Refreshed[]>
  /**
   * The comments of posts of `commentedKinds`, one post after the other, each with a bounded number of
   * calls. A post that is gone or closed fails alone. Left out where `commentedKinds` is.
   */
  comments?: (targets: CommentTarget[]) => AsyncIterable<CommentThread | CollectFailure>
}

/** App tokens are asked for once and kept for all runs of a profile. */
export type TokenStore = {
  get: () => { value: string; expiresAt: Date } | null
  set: (token: { value: string; expiresAt: Date } | null) => void
}

export type PlatformTools = {
  /** Origin of the sandbox, without a trailing slash; null: the platform's own hosts. */
  baseUrl: string | null
  signal: AbortSignal
  clock: Clock
  log: Logger
  budget: Budget
  token: TokenStore
  /** Milliseconds one request may take. */
  timeoutMs: number
  /** Told after each call that went out; outcomes are a closed set (watched-call.ts). */
  onCall?: (call: { outcome: string; seconds: number }) => void
  /** Posts of a source that its first run takes at most; 100 where it is left out. */
  firstRunPosts?: number
  /** Settings of one platform alone, by name; today `xDialect`: 'tweet' | 'post'. */
  options?: { [name: string]: string | undefined }
}

export type CredentialField = {
  name: string
  label: string
  /** Secret fields are never shown again, but for their last 4 characters. */
  secret: boolean
}

export type PlatformDefinition<Id extends string, Credentials> = {
  id: Id
  name: string
  sourceKind: 'channel' | 'account' | 'subreddit'
  /** Minutes between two runs: the seeds' ranges, which the configuration may widen. */
  interval: { min: number; max: number; default: number }
  credentials: z.ZodType<Credentials>
  credentialFields: CredentialField[]
  /** How a person gets these credentials today, step by step. */
  setup: { url: string; steps: string[]; note: string | null }
  handle: {
    example: string
    /** '@name', a URL or an id as a person pastes it -> the handle to resolve; null: not one. */
    parse: (input: string) => string | null
  }
  limits: Limit[]
  /**
   * The kinds of post whose numbers `refresh` can ask for by the post's own id. Others (Twitch
   * streams) are sampled by `collect` alone, so no refresh is to be planned for them.
   */
  refreshableKinds: readonly PostKind[]
  /** Left out: the usual plan (sample-ages.ts). */
  sampleAges?: readonly string[]
  /** The kinds of post whose comments `comments` can ask for; left out: the platform gives none. */
  commentedKinds?: readonly PostKind[]
  /**
   * Expected use of one run over n sources, m refreshed posts and the comments of k posts, for the
   * budget forecast.
   */
  estimate: (
    sources: number,
    refreshedPosts: number,
    threads?: number,
  ) => { bucket: string; amount: number }[]
  open: (credentials: Credentials, tools: PlatformTools) => OpenPlatform
}

export type Platform<Id extends string = string> = Omit<
  PlatformDefinition<Id, unknown>,
  'credentials' | 'open'
> & {
  credentials: z.ZodType
  open: (credentials: unknown, tools: PlatformTools) => OpenPlatform
}

/** Ties the credential schema to `open`, then hides the type. */
export function definePlatform<Id extends string, Credentials>(
  definition: PlatformDefinition<Id, Credentials>,
): Platform<Id> {
  return {
    ...definition,
    open: (credentials, tools) => definition.open(definition.credentials.parse(credentials), tools),
  }
}
