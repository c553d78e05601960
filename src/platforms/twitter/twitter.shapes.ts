import { z } from 'zod'
import { type AnswerShape, keyText } from '../answer-shape.ts'

/** X renamed its vocabulary in 2026 (tweet -> post, retweet -> repost): each word is read in both. */
const text = z.string().nullish()
const count = z.number().int().nonnegative().nullish()
const id = z.string().regex(/^\d{1,20}$/)
const moment = z.iso.datetime({ offset: true }).nullish()

const Reference = z.looseObject({ type: z.string(), id })
const Entities = z.looseObject({
  hashtags: z.array(z.looseObject({ tag: z.string() })).nullish(),
  mentions: z.array(z.looseObject({ username: z.string() })).nullish(),
})
/** Texts beyond 280 characters stand here whole; `text` is cut. */
const Note = z.looseObject({ text: z.string(), entities: Entities.nullish() })

const PostMetrics = z.looseObject({
  like_count: count,
  reply_count: count,
  retweet_count: count,
  repost_count: count,
  quote_count: count,
  bookmark_count: count,
  impression_count: count,
})

export const Post = z.looseObject({
  id,
  text: z.string(),
  author_id: id.nullish(),
  created_at: moment,
  lang: text,
  conversation_id: text,
  in_reply_to_user_id: text,
  entities: Entities.nullish(),
  public_metrics: PostMetrics.nullish(),
  referenced_tweets: z.array(Reference).nullish(),
  referenced_posts: z.array(Reference).nullish(),
  note_tweet: Note.nullish(),
  note_post: Note.nullish(),
})
export type Post = z.infer<typeof Post>

export const User = z.looseObject({
  id,
  username: keyText,
  name: text,
  description: text,
  location: text,
  created_at: moment,
  profile_image_url: text,
  protected: z.boolean().nullish(),
  verified: z.boolean().nullish(),
  verified_type: text,
  public_metrics: z
    .looseObject({ followers_count: count, tweet_count: count, post_count: count })
    .nullish(),
})
export type User = z.infer<typeof User>

/** Why a part of the answer, or all of it, is missing. */
export const Problem = z.looseObject({
  title: text,
  detail: text,
  type: text,
  value: text,
  resource_id: text,
})
export type Problem = z.infer<typeof Problem>

const problems = z.array(Problem).nullish()

/**
 * An empty list has no `data`. So that a renamed one is not taken for empty: the answer must say that
 * it is, by a count of 0 or by the reasons why all of it is missing.
 */
const isWhole = (list: {
  data?: unknown
  errors?: unknown
  meta?: { result_count?: unknown } | null | undefined
}) => Boolean(list.data || list.errors || list.meta?.result_count === 0)
const whole = { error: 'neither data nor a reason for its absence' }

export const PostList = z
  .looseObject({
    data: z.array(Post).nullish(),
    errors: problems,
    meta: z.looseObject({ next_token: text, result_count: count }).nullish(),
  })
  .refine(isWhole, whole)
export type PostList = z.infer<typeof PostList>

export const UserList = z
  .looseObject({ data: z.array(User).nullish(), errors: problems })
  .refine(isWhole, whole)
export type UserList = z.infer<typeof UserList>

/** The body of an answer that is not 2xx; `parameters` names what X did not understand. */
export const Refusal = z.looseObject({
  type: text,
  title: text,
  detail: text,
  reason: text,
  period: text,
  errors: z
    .array(z.looseObject({ parameters: z.record(z.string(), z.unknown()).nullish() }))
    .nullish(),
})
export type Refusal = z.infer<typeof Refusal>

export const shapes: AnswerShape[] = [
  { name: 'x users by name', path: /^\/2\/users\/by$/, schema: UserList },
  { name: 'x users by id', path: /^\/2\/users$/, schema: UserList },
  { name: 'x posts by id', path: /^\/2\/tweets$/, schema: PostList },
  { name: 'x timeline', path: /^\/2\/users\/\d+\/tweets$/, schema: PostList },
  { name: 'x search', path: /^\/2\/tweets\/search\/recent$/, schema: PostList },
]
