import { z } from 'zod'
import { type AnswerShape, keyText, keyTextOrNone } from '../answer-shape.ts'

const text = z.string().nullish()
/** YouTube sends counts as texts ("10700000"); it leaves out those that the owner hides. */
const count = z.union([z.string().regex(/^\d{1,15}$/), z.number().int().nonnegative()]).nullish()
const moment = z.iso.datetime({ offset: true })
/**
 * `items` is absent, not empty, when nothing was found. But a list under another name is one that was
 * renamed: read as nothing, it would make all channels and videos look deleted.
 */
const list = <Item extends z.ZodType>(item: Item) =>
  z
    .looseObject({ items: z.array(item).nullish(), nextPageToken: text })
    .refine((body) => body.items || !Object.values(body).some(Array.isArray), { path: ['items'] })
const thumbnails = z.record(z.string(), z.looseObject({ url: text })).nullish()

const Channel = z.looseObject({
  id: keyText,
  snippet: z
    .looseObject({
      title: text,
      description: text,
      /** The channel's @handle; older channels may still have a plain name here, or nothing. */
      customUrl: keyTextOrNone,
      publishedAt: text,
      country: text,
      thumbnails,
    })
    .nullish(),
  statistics: z
    .looseObject({
      viewCount: count,
      subscriberCount: count,
      hiddenSubscriberCount: z.boolean().nullish(),
      videoCount: count,
    })
    .nullish(),
  contentDetails: z
    .looseObject({
      relatedPlaylists: z.looseObject({ uploads: keyTextOrNone }).nullish(),
    })
    .nullish(),
})

const PlaylistItem = z
  .looseObject({
    contentDetails: z
      .looseObject({ videoId: keyText, videoPublishedAt: moment.nullish() })
      .nullish(),
    snippet: z
      .looseObject({ resourceId: z.looseObject({ videoId: keyText.nullish() }).nullish() })
      .nullish(),
  })
  .refine((item) => videoIdOf(item) !== null, { path: ['contentDetails', 'videoId'] })
type Upload = {
  contentDetails?: { videoId: string } | null | undefined
  snippet?:
    | { resourceId?: { videoId?: string | null | undefined } | null | undefined }
    | null
    | undefined
}
export const videoIdOf = ({ contentDetails, snippet }: Upload): string | null =>
  contentDetails?.videoId ?? snippet?.resourceId?.videoId ?? null

const Statistics = z.looseObject({ viewCount: count, likeCount: count, commentCount: count })

const Video = z.looseObject({
  id: keyText,
  snippet: z
    .looseObject({
      publishedAt: moment,
      channelId: keyText,
      channelTitle: text,
      title: z.string(),
      description: text,
      tags: z.array(z.string()).nullish(),
      categoryId: text,
      defaultLanguage: text,
      defaultAudioLanguage: text,
      thumbnails,
    })
    .nullish(),
  statistics: Statistics.nullish(),
  contentDetails: z.looseObject({ duration: text }).nullish(),
})

const VideoStatistics = z.looseObject({ id: keyText, statistics: Statistics.nullish() })
const Category = z.looseObject({
  id: keyText,
  snippet: z.looseObject({ title: text }).nullish(),
})

const Comment = z.looseObject({
  id: keyText,
  snippet: z.looseObject({
    authorDisplayName: keyTextOrNone,
    authorChannelId: z.looseObject({ value: keyTextOrNone }).nullish(),
    textDisplay: text,
    textOriginal: text,
    likeCount: count,
    publishedAt: moment,
  }),
})
const CommentThread = z.looseObject({
  id: keyText,
  snippet: z.looseObject({ topLevelComment: Comment, totalReplyCount: count }),
  replies: z.looseObject({ comments: z.array(Comment).nullish() }).nullish(),
})

export const ErrorAnswer = z.looseObject({
  error: z.looseObject({
    errors: z.array(z.looseObject({ reason: text })).nullish(),
    details: z.array(z.looseObject({ reason: text })).nullish(),
    status: text,
  }),
})

export type Channel = z.infer<typeof Channel>
export type Video = z.infer<typeof Video>
export type Statistics = z.infer<typeof Statistics>
export type Comment = z.infer<typeof Comment>
export type CommentThread = z.infer<typeof CommentThread>
export type Count = z.infer<typeof count>

export const Channels = list(Channel)
export const PlaylistItems = list(PlaylistItem)
export const Videos = list(Video)
export const BatchStatistics = list(VideoStatistics)
export const Categories = list(Category)
export const CommentThreads = list(CommentThread)
export const Comments = list(Comment)

export const shapes: AnswerShape[] = [
  { name: 'youtube channels', path: /^\/youtube\/v3\/channels$/, schema: Channels },
  { name: 'youtube uploads', path: /^\/youtube\/v3\/playlistItems$/, schema: PlaylistItems },
  { name: 'youtube videos', path: /^\/youtube\/v3\/videos$/, schema: Videos },
  {
    name: 'youtube statistics',
    path: /^\/youtube\/v3\/videos:batchGetStats$/,
    schema: BatchStatistics,
  },
  { name: 'youtube categories', path: /^\/youtube\/v3\/videoCategories$/, schema: Categories },
  { name: 'youtube threads', path: /^\/youtube\/v3\/commentThreads$/, schema: CommentThreads },
  { name: 'youtube comments', path: /^\/youtube\/v3\/comments$/, schema: Comments },
]
