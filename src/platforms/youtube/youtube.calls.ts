import { changedShape } from '../answer-shape.ts'
import { siteOf, stats, units, type YoutubeClient } from './youtube.client.ts'
import {
  BatchStatistics,
  Categories,
  type Channel,
  Channels,
  PlaylistItems,
  type Statistics,
  type Video,
  Videos,
  videoIdOf,
} from './youtube.shapes.ts'

export const idsPerCall = 50

export type DescribedVideo = Video & { snippet: NonNullable<Video['snippet']> }

type ChannelFilter = { id: string[] } | { forHandle: string } | { forUsername: string }

/** Up to 50 ids for one unit, or one handle. Channels that do not exist are left out. */
export async function channelsBy(client: YoutubeClient, filter: ChannelFilter): Promise<Channel[]> {
  const part = ['snippet', 'statistics', 'contentDetails']
  const endpoint = { what: 'channels.list', bucket: units, schema: Channels } as const
  const { items } = await client.ask(endpoint, (api, options) =>
    api.channels.list({ part, maxResults: idsPerCall, ...filter }, options),
  )
  return items ?? []
}

export type UploadsPage = {
  uploads: { videoId: string; publishedAt: Date | null }[]
  next: string | null
}

/** A page of a channel's uploads, newest first. */
export async function uploadsPage(
  client: YoutubeClient,
  playlistId: string,
  pageToken: string | null,
): Promise<UploadsPage> {
  const endpoint = { what: 'playlistItems.list', bucket: units, schema: PlaylistItems } as const
  const page = pageToken === null ? {} : { pageToken }
  const params = { part: ['contentDetails'], playlistId, maxResults: idsPerCall, ...page }
  const { items, nextPageToken } = await client.ask(endpoint, (api, options) =>
    api.playlistItems.list(params, options),
  )
  const uploads = (items ?? []).flatMap((item) => {
    const videoId = videoIdOf(item)
    const publishedAt = dateOf(item.contentDetails?.videoPublishedAt)
    return videoId === null ? [] : { videoId, publishedAt }
  })
  return { uploads, next: nextPageToken || null }
}

/** Everything about at most 50 videos. */
export async function videosBy(client: YoutubeClient, id: string[]): Promise<DescribedVideo[]> {
  const part = ['snippet', 'statistics', 'contentDetails']
  const endpoint = { what: 'videos.list', bucket: units, schema: Videos } as const
  const { items } = await client.ask(endpoint, (api, options) =>
    api.videos.list({ part, id, maxResults: idsPerCall }, options),
  )
  return (items ?? []).map((item, index) => withSnippet(item, index))
}

/** The numbers alone of at most 50 videos, out of a quota of their own; gone ones are left out. */
export async function statisticsBy(
  client: YoutubeClient,
  id: string[],
): Promise<Map<string, Statistics | null>> {
  const endpoint = { what: 'videos.batchGetStats', bucket: stats, schema: BatchStatistics } as const
  const { items } = await client.ask(endpoint, (api, options) =>
    api.videos.batchGetStats({ part: ['statistics'], id }, options),
  )
  return new Map((items ?? []).map((item) => [item.id, item.statistics ?? null]))
}

/** All categories, by id. A region must be named; their ids and names are the same in all we saw. */
export async function categoriesOf(client: YoutubeClient): Promise<Map<string, string>> {
  const endpoint = { what: 'videoCategories.list', bucket: units, schema: Categories } as const
  const { items } = await client.ask(endpoint, (api, options) =>
    api.videoCategories.list({ part: ['snippet'], regionCode: 'US', hl: 'en_US' }, options),
  )
  return new Map((items ?? []).map(({ id, snippet }) => [id, snippet?.title || id]))
}

/** Asked for, so it must be there: without it a video would be left out without a word. */
function withSnippet(video: Video, index: number): DescribedVideo {
  if (video.snippet) return { ...video, snippet: video.snippet }
  throw changedShape(siteOf('videos.list'), `items.${index}.snippet (missing)`)
}

const dateOf = (moment: string | null | undefined) => (moment ? new Date(moment) : null)
