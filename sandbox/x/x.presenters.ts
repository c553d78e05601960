import type { Tweet, XUser, XWorld } from '../world/x.world.ts'
import { olderName, type Words } from './x.dialect.ts'
import { entitiesOf } from './x.entities.ts'

export type View = {
  words: Words
  x: XWorld
  tweetFields: ReadonlySet<string>
  userFields: ReadonlySet<string>
  expansions: ReadonlySet<string>
}

/** Without fields asked for there is the id, the text and the edit history, and nothing else. */
export function presentTweet(view: View, tweet: Tweet): Record<string, unknown> {
  const fields = tweetFacts(view, tweet)
  const wanted = Object.entries(fields).filter(
    ([name, value]) => view.tweetFields.has(olderName(name)) && value !== null,
  )
  return {
    id: tweet.id,
    text: tweet.text,
    [view.words.editHistory]: [tweet.id],
    ...Object.fromEntries(wanted),
  }
}

const relations = { retweet: 'retweeted', quote: 'quoted', reply: 'replied_to' } as const

function tweetFacts({ words, x, tweetFields }: View, tweet: Tweet): Record<string, unknown> {
  const { target, kind } = tweet
  return {
    author_id: tweet.authorId,
    conversation_id: tweet.conversationId,
    created_at: new Date(tweet.presentedMs).toISOString(),
    lang: tweet.lang,
    possibly_sensitive: false,
    reply_settings: 'everyone',
    in_reply_to_user_id: kind === 'reply' ? (target?.authorId ?? null) : null,
    // Looking up names costs; most callers do not ask.
    entities: tweetFields.has('entities') ? entitiesOf(tweet.text, tweet.links, x) : null,
    public_metrics: tweet.metrics && metricsOf(words, tweet.metrics),
    [words.referenced]:
      target && kind !== 'original' ? [{ type: relations[kind], id: target.id }] : null,
  }
}

/** A figure that the world does not know is left out, as X did before it counted views. */
function metricsOf(words: Words, metrics: NonNullable<Tweet['metrics']>) {
  const { quotes, bookmarks, impressions } = metrics
  return {
    [words.repostCount]: metrics.retweets,
    reply_count: metrics.replies,
    like_count: metrics.likes,
    ...(quotes !== null && { quote_count: quotes }),
    ...(bookmarks !== null && { bookmark_count: bookmarks }),
    ...(impressions !== null && { impression_count: impressions }),
  }
}

export function presentUser({ words, userFields }: View, user: XUser): Record<string, unknown> {
  const fields: Record<string, unknown> = {
    created_at: user.createdAt.toISOString(),
    description: user.description,
    location: user.location,
    protected: user.standing === 'protected',
    verified: user.verified,
    verified_type: user.verified ? 'blue' : 'none',
    url: '',
    profile_image_url: `https://pbs.twimg.com/profile_images/${user.id}/normal.jpg`,
    public_metrics: user.metrics && {
      followers_count: user.metrics.followers,
      following_count: user.metrics.following,
      [words.postCount]: user.metrics.tweets,
      listed_count: user.metrics.listed,
      like_count: user.metrics.likes,
    },
  }
  const wanted = Object.entries(fields).filter(
    ([name, value]) => userFields.has(name) && value !== null,
  )
  return { id: user.id, name: user.name, username: user.username, ...Object.fromEntries(wanted) }
}
