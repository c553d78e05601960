import { z } from 'zod'
import type { AnswerShape } from '../answer-shape.ts'

const text = z.string().nullish()
const count = z.number().nullish()
const flag = z.boolean().nullish()

export const Token = z.looseObject({ access_token: z.string().min(1), expires_in: z.number() })
/** Reddit refuses some grants with a 200. */
export const TokenRefusal = z.looseObject({ error: z.union([z.string(), z.number()]) })

/** A post, Reddit's "link". */
export const Submission = z.looseObject({
  id: z.string().min(1),
  name: z.string().regex(/^t3_[a-z0-9]+$/),
  subreddit: z.string(),
  title: z.string(),
  selftext: text,
  author: text,
  author_fullname: text,
  link_flair_text: text,
  permalink: text,
  created_utc: z.number(),
  score: z.number().int().nullish(),
  upvote_ratio: z.number().min(0).max(1).nullish(),
  num_comments: z.number().int().nonnegative().nullish(),
})
export type Submission = z.infer<typeof Submission>

export const Subreddit = z.looseObject({
  name: text,
  display_name: z.string(),
  title: text,
  public_description: text,
  subscribers: count,
  active_user_count: count,
  accounts_active: count,
  subreddit_type: text,
  quarantine: flag,
  over18: flag,
  created_utc: count,
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
            ? children.filter(({ kind } = {}) => kinds.includes(kind))
            : children,
        z.array(child),
      ),
    }),
  })

export const Submissions = listingOf(['t3'], post)
export const Subreddits = listingOf(['t5'], community)
const Info = listingOf(['t3', 't5'], z.discriminatedUnion('kind', [post, community]))
export const About = community

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
  { name: 'reddit about', path: /^\/r\/[^/]+\/about$/, schema: About },
]
