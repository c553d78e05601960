export type Subreddit = {
  /** base36 without 't5_' */
  id: string
  name: string
  title: string
  description: string
  createdAt: Date
  over18: boolean
  /** null: this world does not know it. */
  subscribers: number | null
  online: number | null
  standing: 'active' | 'private' | 'banned'
}

/** A post before its text is written. `id` is base36 without 't3_'. */
export type RedditRef = { id: string; subreddit: string; presentedMs: number; score: () => number }

export type RedditPost = {
  id: string
  subreddit: string
  title: string
  selftext: string
  author: string | null
  /** Where a link post leads; null for a text post. */
  link: string | null
  flair: string | null
  presentedMs: number
  score: number
  ups: number
  downs: number
  upvoteRatio: number | null
  comments: number
  over18: boolean
  stickied: boolean
  removed: boolean
}

export type RedditComment = {
  /** base36 without 't1_' */
  id: string
  /** Index of the comment that this one answers; null: the post itself. */
  parent: number | null
  author: string | null
  body: string
  presentedMs: number
  score: number
}

/** The shape of a comment tree: texts are written only for what is shown. */
export type CommentShape = { parent: number | null; presentedMs: number; score: number }

export type RedditWorld = {
  subreddit: (name: string) => Subreddit | null
  /** Newest first, at most `most`. */
  newest: (subreddit: string, most: number) => RedditRef[]
  post: (id: string) => RedditPost | null
  /** Every comment of a post by now, in order of writing. */
  commentShapes: (postId: string) => CommentShape[]
  comment: (postId: string, index: number) => RedditComment | null
  /** A comment by its own id. */
  commentById: (
    id: string,
  ) => { postId: string; index: number; comment: RedditComment; parentId: string | null } | null
}
