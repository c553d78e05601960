export type XUser = {
  id: string
  username: string
  name: string
  description: string
  location: string | null
  createdAt: Date
  verified: boolean
  standing: 'active' | 'protected' | 'suspended'
  /** null: this world does not know it, and the answer leaves it out. */
  metrics: {
    followers: number
    following: number
    tweets: number
    listed: number
    likes: number
  } | null
}

export type TweetKind = 'original' | 'reply' | 'quote' | 'retweet'

/** A tweet before its text is written: enough to page, filter and sort. */
export type TweetRef = { id: string; kind: TweetKind; authorId: string; presentedMs: number }

export type TweetMetrics = {
  likes: number
  retweets: number
  replies: number
  quotes: number | null
  bookmarks: number | null
  impressions: number | null
}

export type Tweet = TweetRef & {
  text: string
  lang: string | null
  /** The tweet that this one answers, quotes or repeats. */
  target: { id: string; authorId: string } | null
  conversationId: string
  /** Short links in the text and what they stand for. */
  links: { url: string; expanded: string }[]
  metrics: TweetMetrics | null
}

export type XWorld = {
  userByName: (username: string) => XUser | null
  userById: (id: string) => XUser | null
  /** Everyone whose posts a search may find. */
  activeUsers: () => XUser[]
  /** Newest first, without what was deleted since. */
  timeline: (userId: string) => Iterable<TweetRef>
  tweet: (id: string) => Tweet | null
  /** Answers by strangers to one tweet, newest first. */
  repliesTo: (tweetId: string) => Tweet[]
}
