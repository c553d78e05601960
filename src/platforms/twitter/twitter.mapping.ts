import { fieldsBeyond } from '../answer-shape.ts'
import {
  type Metrics,
  noMetrics,
  type PlatformAuthor,
  type PlatformPost,
  type SourceStatistics,
} from '../platform.ts'
import { distinct, hashtagsIn, mentionsIn } from '../text.ts'
import { timeOf } from './snowflake.ts'
import type { Post, User } from './twitter.shapes.ts'

const mapped = ['id', 'text', 'author_id', 'created_at', 'lang', 'note_tweet', 'note_post']
const renamed = ['public_metrics', 'referenced_tweets', 'referenced_posts']
const mappedMetrics = [
  ...['like_count', 'reply_count', 'retweet_count', 'repost_count', 'impression_count'],
]

export function postOf(post: Post, author: PlatformAuthor): PlatformPost {
  const note = post.note_tweet ?? post.note_post
  const body = plain(note?.text ?? post.text)
  const entities = note?.entities ?? post.entities
  const references = post.referenced_tweets ?? post.referenced_posts ?? []
  return {
    externalId: post.id,
    kind: 'tweet',
    author,
    title: null,
    body,
    url: `https://x.com/${author.handle}/status/${post.id}`,
    lang: languageOf(post.lang),
    hashtags: entities?.hashtags
      ? distinct(entities.hashtags.map(({ tag }) => tag.normalize('NFC').toLowerCase()))
      : hashtagsIn(body),
    mentions: entities?.mentions
      ? distinct(entities.mentions.map(({ username }) => username.toLowerCase()))
      : mentionsIn(body),
    replyTo: references.find(({ type }) => type === 'replied_to')?.id ?? null,
    category: null,
    publishedAt: new Date(post.created_at ?? timeOf(post.id)),
    metrics: metricsOf(post),
    extra: {
      ...fieldsBeyond(post, [...mapped, ...renamed]),
      references: references.map((one) => fieldsBeyond(one, [])),
      quotes: post.public_metrics?.quote_count ?? null,
      bookmarks: post.public_metrics?.bookmark_count ?? null,
      metrics: fieldsBeyond(post.public_metrics ?? {}, [
        ...mappedMetrics,
        ...['quote_count', 'bookmark_count'],
      ]),
    },
  }
}

/**
 * shares are reposts alone (engagement is defined as likes + reposts + replies); quotes stand in
 * `extra`. X says 0 views for posts older than its view counter: a post that was liked was seen, so
 * such a 0 is no number.
 */
export function metricsOf({ public_metrics: numbers }: Pick<Post, 'public_metrics'>): Metrics {
  const likes = numbers?.like_count ?? null
  const comments = numbers?.reply_count ?? null
  const shares = numbers?.retweet_count ?? numbers?.repost_count ?? null
  const views = numbers?.impression_count ?? null
  const reacted = (likes ?? 0) + (comments ?? 0) + (shares ?? 0) > 0
  return { ...noMetrics, likes, comments, shares, views: views === 0 && reacted ? null : views }
}

/** A repost is another one's text and numbers; searches return none, so timelines leave them out too. */
export const isRepost = (post: Post): boolean =>
  (post.referenced_tweets ?? post.referenced_posts ?? []).some(
    ({ type }) => type === 'retweeted' || type === 'reposted',
  )

export const statisticsOf = (user: User): SourceStatistics => ({
  followers: user.public_metrics?.followers_count ?? null,
  totalViews: null,
  totalPosts: user.public_metrics?.tweet_count ?? user.public_metrics?.post_count ?? null,
  online: null,
  isLive: null,
})

/** X escapes three characters in every text, and only these. */
const plain = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

/** 'und', 'zxx', 'art' and the q.. codes (hashtags only, links only ...) are X's ways to say none. */
const languageOf = (code: string | null | undefined) =>
  code && !/^(und|zxx|art|q[a-z]{2})$/.test(code) ? code : null
