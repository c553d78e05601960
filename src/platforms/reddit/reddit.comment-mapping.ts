import type { PlatformComment } from '../platform.ts'
import { redditMentionsIn } from '../text.ts'
import { authorOf, fieldsOf, textOf } from './reddit.mapping.ts'
import type { Comment } from './reddit.shapes.ts'

/** Comments and posts are numbered apart, so a comment keeps the name that tells which it is: t1_x. */
export function commentOf(comment: Comment): PlatformComment {
  const text = textOf(comment.body)
  return {
    externalId: comment.name,
    parentExternalId: comment.parent_id.startsWith('t1_') ? comment.parent_id : null,
    author: authorOf(comment),
    text,
    mentions: redditMentionsIn(text),
    url: comment.permalink ? `https://www.reddit.com${comment.permalink}` : null,
    publishedAt: new Date(comment.created_utc * 1_000),
    likes: null,
    // While it is hidden Reddit says 1, whatever it is.
    score: comment.score_hidden ? null : (comment.score ?? null),
    extra: fieldsOf(comment, mapped),
  }
}

const mapped = [
  ...['id', 'name', 'link_id', 'parent_id', 'author', 'author_fullname', 'body', 'body_html'],
  ...['created_utc', 'score', 'permalink', 'replies', 'depth', 'subreddit', 'subreddit_id'],
  ...['subreddit_name_prefixed', 'subreddit_type'],
]
