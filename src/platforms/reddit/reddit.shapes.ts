import { z } from 'zod'
import { type AnswerShape, epochSeconds, keyText, keyTextOrNone } from '../answer-shape.ts'

const text = z.string().nullish()
const count = z.number().int().nonnegative().nullish()
const flag = z.boolean().nullish()

export const Token = z.looseObject({ access_token: z.string().min(1), expires_in: z.number() })
/** Reddit refuses some grants with a 200. */
export const TokenRefusal = z.looseObject({ error: z.union([z.string(), z.number()]) })

/** A post, Reddit's "link". */
export const Submission = z.looseObject({
  id: keyText,
  name: z.string().regex(/^t3_[a-z0-9]{1,30}$/),
  subreddit: z.string(),
  title: z.string(),
  selftext: text,
  author: keyTextOrNone,
  author_fullname: keyTextOrNone,
  link_flair_text: text,
  permalink: text,
  created_utc: epochSeconds,
  score: z.number().int().nullish(),
  upvote_ratio: z.number().min(0).max(1).nullish(),
  num_comments: z.number().int().nonnegative().nullish(),
})
export type Submission = z.infer<typeof Submission>

export const Subreddit = z.looseObject({
  name: keyText.nullish(),
  display_name: keyText,
  title: text,
  public_description: text,
  subscribers: count,
  active_user_count: count,
  accounts_active: count,
  subreddit_type: text,
  quarantine: flag,
  over18: flag,
  created_utc: epochSeconds.nullish(),
  community_icon: text,
  icon_img: text,
})
export type Subreddit = z.infer<typeof Subreddit>

const post = z.looseObject({ kind: z.literal('t3'), data: Submission })
const community = z.looseObject({ kind: z.literal('t5'), data: Subreddit })

/** Children of other kinds (comments, 'more', whatever comes next) are none of ours and left out. */
const listingOf = <Child extends z.ZodType>(kinds: readonly string[], child: Child) =>
  z.looseObject({
    kind: z.literal('Listing'),
    data: z.looseObject({
      after: text,
      children: z.preprocess(
        (children) =>
          Array.isArray(children)
            ? children.filter((child) => kinds.includes(child?.kind))
            : children,
        z.array(child),
      ),
    }),
  })

/**
 * `replies` is a listing again, '' where nobody answered. It is checked when it is reached, not here:
 * a chain of any length must not be one of calls.
 */
export const Comment = z.looseObject({
  id: keyText,
  name: z.string().regex(/^t1_[a-z0-9]{1,30}$/),
  parent_id: z.string().regex(/^t[13]_[a-z0-9]{1,30}$/),
  author: keyTextOrNone,
  author_fullname: keyTextOrNone,
  body: text,
  created_utc: epochSeconds,
  score: z.number().int().nullish(),
  score_hidden: flag,
  permalink: text,
  replies: z.unknown(),
})
export type Comment = z.infer<typeof Comment>

/** What Reddit left out. Without `children` it is a branch too deep for this answer. */
const More = z.looseObject({ parent_id: z.string(), children: z.array(z.string()) })
const reply = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('t1'), data: Comment }),
  z.looseObject({ kind: z.literal('more'), data: More }),
])
export type ReplyThing = z.infer<typeof reply>

export const Submissions = listingOf(['t3'], post)
export const Subreddits = listingOf(['t5'], community)
const Info = listingOf(['t3', 't5'], z.discriminatedUnion('kind', [post, community]))
export const About = community
export const Replies = listingOf(['t1', 'more'], reply)
/** A post and the comments under it. */
export const PostPage = z.tuple([Submissions, Replies])
export const MoreChildren = z.looseObject({
  json: z.looseObject({ data: z.looseObject({ things: z.array(reply) }).nullish() }),
})

/** What Reddit says with a 403 or 404: private, quarantined, banned, gold_only ... */
export const Refusal = z.looseObject({ reason: text, message: text })

export const shapes: AnswerShape[] = [
  {
    name: 'reddit token',
    path: /^\/api\/v1\/access_token$/,
    schema: z.union([Token, TokenRefusal]),
  },
  { name: 'reddit posts', path: /^\/(r\/[^/]+\/)?(new|hot|top|rising)?$/, schema: Submissions },
  { name: 'reddit info', path: /^\/api\/info$/, schema: Info },
  { name: 'reddit comments', path: /^\/(r\/[^/]+\/)?comments\/[^/]+$/, schema: PostPage },
  { name: 'reddit more comments', path: /^\/api\/morechildren$/, schema: MoreChildren },
  { name: 'reddit about', path: /^\/r\/[^/]+\/about$/, schema: About },
]
