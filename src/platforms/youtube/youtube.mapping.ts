import type { Json } from '../../core/json.ts'
import { fieldsBeyond } from '../answer-shape.ts'
import {
  type Metrics,
  noMetrics,
  type PlatformComment,
  type PlatformPost,
  type SourceProfile,
  type SourceStatistics,
} from '../platform.ts'
import { distinct, hashtagOf, hashtagsIn, mentionsIn } from '../text.ts'
import type { DescribedVideo } from './youtube.calls.ts'
import type { Channel, Comment, Count, Statistics } from './youtube.shapes.ts'

export const numberOf = (count: Count): number | null => (count == null ? null : Number(count))

/** Likes and comments are absent where the owner hides or closes them: null, never 0. */
export const metricsOf = (statistics: Statistics | null | undefined): Metrics => ({
  ...noMetrics,
  views: numberOf(statistics?.viewCount),
  likes: numberOf(statistics?.likeCount),
  comments: numberOf(statistics?.commentCount),
})

export const statisticsOf = ({ statistics }: Channel): SourceStatistics => ({
  followers: statistics?.hiddenSubscriberCount ? null : numberOf(statistics?.subscriberCount),
  totalViews: numberOf(statistics?.viewCount),
  totalPosts: numberOf(statistics?.videoCount),
  online: null,
  isLive: null,
})

export const uploadsPlaylistOf = ({ contentDetails }: Channel): string | null =>
  contentDetails?.relatedPlaylists?.uploads || null

/** customUrl is '@name' today; a plain name from before handles cannot be asked for again. */
const handleOf = ({ id, snippet }: Channel): string =>
  snippet?.customUrl?.startsWith('@') ? snippet.customUrl : id

export const channelDetails = (channel: Channel): { [key: string]: Json } => ({
  handle: handleOf(channel),
  channelTitle: channel.snippet?.title || null,
  uploadsPlaylistId: uploadsPlaylistOf(channel),
  description: channel.snippet?.description || null,
  avatarUrl: bestThumbnail(channel.snippet?.thumbnails),
  country: channel.snippet?.country || null,
  createdAt: channel.snippet?.publishedAt || null,
})

export function profileOf(channel: Channel): SourceProfile {
  const handle = handleOf(channel)
  return {
    externalId: channel.id,
    handle,
    title: channel.snippet?.title || null,
    url: `https://www.youtube.com/${handle.startsWith('@') ? handle : `channel/${handle}`}`,
    details: channelDetails(channel),
    statistics: statisticsOf(channel),
  }
}

const snippetMapped = [
  ...['publishedAt', 'channelId', 'title', 'description', 'thumbnails', 'channelTitle', 'tags'],
  // The title and description once more, in the language of the request.
  'localized',
]

export function postOf(
  { id, snippet, statistics, contentDetails }: DescribedVideo,
  channel: Channel,
  categories: Map<string, string>,
): PlatformPost {
  const tags = snippet.tags ?? []
  const body = snippet.description || null
  return {
    externalId: id,
    kind: 'video',
    author: {
      externalId: snippet.channelId,
      handle: snippet.channelId === channel.id ? handleOf(channel) : snippet.channelId,
      displayName: snippet.channelTitle || null,
      followers: snippet.channelId === channel.id ? statisticsOf(channel).followers : null,
    },
    title: snippet.title,
    body,
    url: `https://www.youtube.com/watch?v=${id}`,
    lang: snippet.defaultAudioLanguage || snippet.defaultLanguage || null,
    hashtags: distinct(
      hashtagsIn(snippet.title),
      hashtagsIn(body),
      tags.flatMap((tag) => hashtagOf(tag) ?? []),
    ),
    mentions: distinct(mentionsIn(snippet.title), mentionsIn(body)),
    replyTo: null,
    category: snippet.categoryId
      ? (categories.get(snippet.categoryId) ?? snippet.categoryId)
      : null,
    publishedAt: new Date(snippet.publishedAt),
    metrics: metricsOf(statistics),
    extra: {
      tags,
      thumbnailUrl: bestThumbnail(snippet.thumbnails),
      ...fieldsBeyond(snippet, snippetMapped),
      ...fieldsBeyond(statistics ?? {}, ['viewCount', 'likeCount', 'commentCount']),
      ...(contentDetails && fieldsBeyond(contentDetails, [])),
    },
  }
}

/** Named by a channel where YouTube says which; a handle such as '@ada' since 2022. */
export function commentOf({ id, snippet }: Comment, parent: string | null): PlatformComment {
  const channel = snippet.authorChannelId?.value
  const text = snippet.textDisplay || snippet.textOriginal || null
  return {
    externalId: id,
    parentExternalId: parent,
    author: channel
      ? {
          externalId: channel,
          handle: snippet.authorDisplayName || channel,
          displayName: null,
          followers: null,
        }
      : null,
    text,
    mentions: mentionsIn(text),
    url: null,
    publishedAt: new Date(snippet.publishedAt),
    likes: numberOf(snippet.likeCount),
    score: null,
    extra: fieldsBeyond(snippet, commentMapped),
  }
}

const commentMapped = [
  ...['authorDisplayName', 'authorChannelId', 'authorChannelUrl', 'authorProfileImageUrl'],
  ...['textDisplay', 'textOriginal', 'likeCount', 'publishedAt', 'channelId', 'videoId'],
  ...['parentId', 'canRate', 'viewerRating'],
]

type Thumbnails = NonNullable<Channel['snippet']>['thumbnails']
const bestThumbnail = (thumbnails: Thumbnails): string | null =>
  ['maxres', 'standard', 'high', 'medium', 'default']
    .map((size) => thumbnails?.[size]?.url)
    .find(Boolean) ?? null
