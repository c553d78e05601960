import { z } from 'zod'
import { Instant } from '../../core/instant.ts'
import { pageLimit } from '../../core/paging.ts'
import { Id } from '../../http/id.ts'
import { platformIds } from '../../platforms/index.ts'

export const postKinds = ['tweet', 'video', 'reddit_post', 'stream', 'comment'] as const
const sentimentLabels = ['negative', 'neutral', 'positive'] as const

const Compound = z.coerce.number().min(-1).max(1)

const filters = {
  kind: z.enum(postKinds).optional(),
  source: Id.optional().describe('Id of a source'),
  author: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe("An author's id, or a handle (with or without @ or u/), on any platform"),
  tag: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .transform((tag) => tag.replace(/^#/, '').toLowerCase())
    .optional()
    .describe('A hashtag, with or without #'),
  text: z
    .string()
    .trim()
    .min(1)
    .max(300)
    .optional()
    .describe('Words of title or body: all of them; "a phrase", or, -without'),
  sentiment: z
    .enum(sentimentLabels)
    .optional()
    .describe(
      'The class with the highest score; a tie is neutral. Posts without a score never fit',
    ),
  minCompound: Compound.optional().describe('Least compound score, -1 to 1, inclusive'),
  maxCompound: Compound.optional().describe('Greatest compound score, -1 to 1, inclusive'),
  promoted: z
    .enum(['true', 'false'])
    .optional()
    .describe('Only posts that are marked as promoted, or only the others'),
  from: Instant.optional().describe('Published at or after this time'),
  to: Instant.optional().describe('Published before this time'),
  limit: pageLimit(50, 200),
  cursor: z.string().max(500).optional().describe('nextCursor of the page before'),
}

export const PlatformPostFilter = z.strictObject(filters)
export const PostFilter = z.strictObject({ platform: z.enum(platformIds).optional(), ...filters })
export type PostFilter = z.infer<typeof PostFilter>

const count = z.number().int().nullable()
const share = z.number().min(0).max(1)

const MetricsView = z
  .object({
    views: count,
    likes: count,
    comments: count,
    shares: count,
    score: count.describe('Reddit: ups minus downs'),
    upvoteRatio: z.number().nullable().describe('Reddit: ups / (ups + downs), 0 to 1'),
    viewers: count.describe('Twitch: concurrent viewers when last seen'),
  })
  .meta({ id: 'PostMetrics', description: 'Null: the platform does not report this figure' })

const SentimentView = z
  .object({
    label: z.enum(sentimentLabels).describe('The class with the highest score; a tie is neutral'),
    negative: share,
    neutral: share,
    positive: share,
    compound: z.number().min(-1).max(1),
    model: z.string(),
  })
  .meta({ id: 'PostSentiment' })

export const PostView = z
  .object({
    id: Id,
    platform: z.enum(platformIds),
    kind: z.enum(postKinds),
    source: z.object({ id: Id, handle: z.string(), title: z.string().nullable() }),
    author: z.object({ id: Id, handle: z.string(), displayName: z.string().nullable() }).nullable(),
    externalId: z.string().describe("The platform's own id"),
    title: z.string().nullable(),
    body: z.string().nullable(),
    url: z.string().nullable(),
    lang: z.string().nullable(),
    hashtags: z.array(z.string()).describe('Lower case, without #, by alphabet'),
    mentions: z.array(z.string()).describe('Lower case, without @'),
    replyTo: z.string().nullable().describe("The platform's id of the post that this one answers"),
    promoted: z.boolean().describe('Marked as promoted by a person of the workspace'),
    category: z.string().nullable().describe('Twitch game, YouTube category, Reddit flair'),
    publishedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable().describe('Twitch: when the stream was seen to have ended'),
    fetchedAt: z.iso.datetime(),
    goneAt: z.iso.datetime().nullable().describe('When the platform first said that it is gone'),
    metrics: MetricsView,
    sentiment: SentimentView.nullable().describe('Null: not scored (yet), or no text to score'),
  })
  .meta({ id: 'Post' })
export type PostView = z.infer<typeof PostView>

export const PostPage = z
  .object({
    items: z.array(PostView),
    nextCursor: z.string().nullable().describe('Null: this was the last page'),
  })
  .meta({ id: 'PostPage' })

export const ChangePost = z
  .strictObject({ promoted: z.boolean() })
  .meta({ id: 'ChangePost', description: 'What people say of a post; the rest is the platform’s' })

export const SampleFilter = z.strictObject({
  from: Instant.optional().describe('Sampled at or after this time'),
  to: Instant.optional().describe('Sampled before this time'),
  limit: pageLimit(200, 1_000),
  cursor: z.string().max(500).optional().describe('nextCursor of the page before'),
})
export type SampleFilter = z.infer<typeof SampleFilter>

export const PostSamples = z
  .object({
    items: z.array(MetricsView.extend({ sampledAt: z.iso.datetime() })),
    nextCursor: z.string().nullable().describe('Null: these were the newest samples'),
  })
  .meta({ id: 'PostSamples' })
