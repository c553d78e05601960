import type { Json } from '../../core/json.ts'
import { fieldsBeyond } from '../answer-shape.ts'
import { type Metrics, noMetrics, type PlatformAuthor, type PlatformPost } from '../platform.ts'
import { distinct, hashtagsIn, redditMentionsIn } from '../text.ts'
import type { Submission } from './reddit.shapes.ts'

export function postOf(post: Submission): PlatformPost {
  const body = textOf(post.selftext)
  const text = [post.title, body ?? ''].join('\n')
  return {
    externalId: post.id,
    kind: 'reddit_post',
    author: authorOf(post),
    title: post.title,
    body,
    url: post.permalink ? `https://www.reddit.com${post.permalink}` : null,
    lang: null,
    hashtags: distinct(hashtagsIn(text)),
    mentions: redditMentionsIn(text),
    replyTo: null,
    category: post.link_flair_text || null,
    publishedAt: new Date(post.created_utc * 1_000),
    metrics: metricsOf(post),
    extra: fieldsOf(post, mapped),
  }
}

/** `ups` is the score under another name today, so Reddit has no count of likes. */
export const metricsOf = (post: Submission): Metrics => ({
  ...noMetrics,
  score: post.score ?? null,
  upvoteRatio: post.upvote_ratio ?? null,
  comments: post.num_comments ?? null,
})

type Signed = Pick<Submission, 'author' | 'author_fullname'>

export function authorOf({ author, author_fullname: id }: Signed): PlatformAuthor | null {
  if (!author || author === '[deleted]') return null
  return { externalId: id || author, handle: author, displayName: null, followers: null }
}

export const textOf = (text: string | null | undefined) =>
  text && text !== '[removed]' && text !== '[deleted]' ? text : null

const mapped = [
  ...['id', 'name', 'title', 'selftext', 'author', 'author_fullname', 'link_flair_text'],
  ...['created_utc', 'score', 'upvote_ratio', 'num_comments'],
]
/** Other renderings of what is kept anyway, and how the one who asks stands to the post. */
const dispensable = [
  ...['selftext_html', 'created', 'ups', 'downs', 'media_embed', 'secure_media', 'preview'],
  ...['secure_media_embed', 'link_flair_richtext', 'author_flair_richtext', 'all_awardings'],
  ...['likes', 'saved', 'hidden', 'clicked', 'visited', 'can_mod_post', 'can_gild', 'send_replies'],
]

/** All other fields that say something: Reddit sends some sixty that are empty. */
export const fieldsOf = (
  thing: { [key: string]: unknown },
  known: readonly string[],
): { [key: string]: Json } =>
  Object.fromEntries(
    Object.entries(fieldsBeyond(thing, [...known, ...dispensable])).filter(
      ([, value]) => !isEmpty(value),
    ),
  )

const isEmpty = (value: Json | undefined): boolean =>
  value == null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)
