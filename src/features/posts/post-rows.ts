import type { Json } from '../../core/json.ts'
import type { PlatformPost } from '../../platforms/platform.ts'

/** NUL cannot be stored by PostgreSQL, and a lone surrogate is not UTF-8: platforms send both. */
const storable = (text: string | null): string | null =>
  text === null ? null : text.replaceAll('\u0000', '').toWellFormed()

/** The same for all texts in it, keys too: escapes are read in pairs, because a text may show one. */
const storableJson = (value: Json): Json =>
  JSON.parse(
    JSON.stringify(value).replace(/\\(u0000|ud[89a-f][0-9a-f]{2}|.)/g, (written, code: string) => {
      if (code === 'u0000') return ''
      return code.length > 1 ? '\ufffd' : written
    }),
  )

/** A tag is a key of an index: what is longer than any platform allows is not one. */
const longestTag = 300
/** So is a category. */
const categoryOf = (text: string | null) => {
  const category = storable(text)
  return category && category.length <= longestTag ? category : null
}

const distinctTags = (tags: string[]): string[] => [
  ...new Set(
    tags
      .map((tag) => storable(tag)?.toLowerCase() ?? '')
      .filter((tag) => tag !== '' && tag.length <= longestTag),
  ),
]

/** One post as the ingest statement reads it; the names are those of the columns. */
export const postRow = (post: PlatformPost) => ({
  external_id: post.externalId,
  kind: post.kind,
  author_external_id: post.author?.externalId ?? null,
  title: storable(post.title),
  body: storable(post.body),
  url: storable(post.url),
  lang: storable(post.lang),
  tags: distinctTags(post.hashtags),
  mentions: distinctTags(post.mentions),
  reply_to: post.replyTo,
  thread_id: post.threadId ?? null,
  category: categoryOf(post.category),
  published_at: post.publishedAt.toISOString(),
  extra: storableJson(post.extra),
  views: post.metrics.views,
  likes: post.metrics.likes,
  comments: post.metrics.comments,
  shares: post.metrics.shares,
  score: post.metrics.score,
  upvote_ratio: post.metrics.upvoteRatio,
  viewers: post.metrics.viewers,
})

/** The distinct authors of a batch, in the order of their ids so that batches lock them alike. */
export function authorRows(posts: PlatformPost[]) {
  const authors = new Map(
    posts.flatMap((post) => (post.author ? [[post.author.externalId, post.author] as const] : [])),
  )
  return [...authors.values()]
    .toSorted((a, b) => (a.externalId < b.externalId ? -1 : 1))
    .map((author) => ({
      external_id: author.externalId,
      handle: storable(author.handle),
      display_name: storable(author.displayName),
      followers: author.followers,
    }))
}

/** A statement may touch a natural key once: the last of two equal ids wins. */
export const distinctPosts = (posts: PlatformPost[]): PlatformPost[] => [
  ...new Map(posts.map((post) => [post.externalId, post])).values(),
]
