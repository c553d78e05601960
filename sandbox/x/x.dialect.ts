import type { XDialect } from '../sandbox.options.ts'

/** X renamed its vocabulary in 2026; both spellings are understood, one is spoken. */
export type Words = {
  fields: string
  repostCount: string
  referenced: string
  editHistory: string
  included: string
  postCount: string
  resource: string
  problems: string
}

export const wordsOf: Record<XDialect, Words> = {
  tweet: {
    fields: 'tweet.fields',
    repostCount: 'retweet_count',
    referenced: 'referenced_tweets',
    editHistory: 'edit_history_tweet_ids',
    included: 'tweets',
    postCount: 'tweet_count',
    resource: 'tweet',
    problems: 'https://api.twitter.com/2/problems',
  },
  post: {
    fields: 'post.fields',
    repostCount: 'repost_count',
    referenced: 'referenced_posts',
    editHistory: 'edit_history_post_ids',
    included: 'posts',
    postCount: 'post_count',
    resource: 'post',
    problems: 'https://api.x.com/2/problems',
  },
}

const older: Record<string, string> = {
  referenced_posts: 'referenced_tweets',
  edit_history_post_ids: 'edit_history_tweet_ids',
  note_post: 'note_tweet',
  'referenced_posts.id': 'referenced_tweets.id',
  'referenced_posts.author_id': 'referenced_tweets.id.author_id',
  most_recent_post_id: 'most_recent_tweet_id',
  pinned_post_id: 'pinned_tweet_id',
}

/** Inside the sandbox a field has its older name. */
export const olderName = (field: string) => older[field] ?? field
