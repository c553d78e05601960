import type { Answer } from '../http/answer.ts'
import { listOf, type SandboxRequest } from '../http/request.ts'
import type { YoutubeChannel, YoutubeWorld } from '../world/youtube.world.ts'
import { categories } from './youtube.categories.ts'
import { isAnswer, listAnswer, pageOf, partsOf } from './youtube.envelope.ts'
import { invalidValue, noFilter, notFound } from './youtube.errors.ts'
import {
  channelParts,
  itemParts,
  presentChannel,
  presentPlaylistItem,
  presentVideo,
  presentVideoStat,
  statParts,
  videoParts,
} from './youtube.presenters.ts'

export type YoutubeHandler = (youtube: YoutubeWorld, request: SandboxRequest) => Answer

const mostIds = 50
const unique = (values: readonly string[]) => [...new Set(values)]

export const channels: YoutubeHandler = (youtube, request) => {
  const { query } = request
  const parts = partsOf(request, channelParts)
  if (isAnswer(parts)) return parts
  const ids = unique(listOf(query, 'id'))
  if (ids.length > mostIds) return invalidValue('id')
  const found = findChannels(youtube, ids, query)
  if (!found) return noFilter('forHandle, forUsername, id, managedByMe, mine')
  const page = pageOf(request, found, { most: 50, usual: Math.max(5, ids.length) })
  if (isAnswer(page)) return page
  return listAnswer(request, 'channelListResponse', {
    ...(page.next && { nextPageToken: page.next }),
    pageInfo: { totalResults: found.length, resultsPerPage: page.size },
    // Nothing found: YouTube leaves the list itself out.
    ...(found.length > 0 && { items: page.items.map((channel) => presentChannel(parts, channel)) }),
  })
}

function findChannels(
  youtube: YoutubeWorld,
  ids: string[],
  query: URLSearchParams,
): YoutubeChannel[] | null {
  if (ids.length > 0) return ids.flatMap((id) => youtube.channelById(id) ?? [])
  // One handle a call: YouTube takes no list here.
  const handle = query.get('forHandle')
  if (handle) return some(youtube.channelByHandle(handle.replace(/^@/, '')))
  const name = query.get('forUsername')
  return name ? some(youtube.channelByUsername(name)) : null
}

const some = (channel: YoutubeChannel | null) => (channel ? [channel] : [])

export const playlistItems: YoutubeHandler = (youtube, request) => {
  const parts = partsOf(request, itemParts)
  if (isAnswer(parts)) return parts
  const playlistId = request.query.get('playlistId')
  if (!playlistId) return noFilter('id, playlistId')
  const channel = youtube.channelByPlaylist(playlistId)
  if (!channel) return notFound('playlist')
  const all = youtube.uploads(channel.id).map((ref, position) => ({ ref, position }))
  const page = pageOf(request, all, { most: 50, usual: 5 })
  if (isAnswer(page)) return page
  return listAnswer(request, 'playlistItemListResponse', {
    ...(page.next && { nextPageToken: page.next }),
    ...(page.previous && { prevPageToken: page.previous }),
    items: page.items.flatMap(({ ref, position }) => {
      const video = youtube.video(ref.id)
      return video ? presentPlaylistItem(parts, { video, channel, position }) : []
    }),
    pageInfo: { totalResults: all.length, resultsPerPage: page.size },
  })
}

export const videos: YoutubeHandler = (youtube, request) => {
  const parts = partsOf(request, videoParts)
  if (isAnswer(parts)) return parts
  const ids = unique(listOf(request.query, 'id'))
  if (ids.length === 0) return noFilter('chart, id, myRating')
  if (ids.length > mostIds) return invalidValue('id', 'invalidFilters')
  const items = ids.flatMap((id) => {
    const video = youtube.video(id)
    return video
      ? presentVideo(parts, video, youtube.channelById(video.channelId)?.title ?? '')
      : []
  })
  const pageInfo = { totalResults: items.length, resultsPerPage: items.length }
  return listAnswer(request, 'videoListResponse', { items, pageInfo })
}

export const batchGetStats: YoutubeHandler = (youtube, request) => {
  const parts = partsOf(request, statParts)
  if (isAnswer(parts)) return parts
  const ids = unique(listOf(request.query, 'id'))
  if (ids.length === 0) return noFilter('id')
  if (ids.length > mostIds) return invalidValue('id')
  const items = ids.flatMap((id) => {
    const video = youtube.video(id)
    return video ? presentVideoStat(parts, video) : []
  })
  return listAnswer(request, 'batchGetStatsResponse', { items })
}

export const videoCategories: YoutubeHandler = (_, request) => {
  const parts = partsOf(request, ['snippet'])
  if (isAnswer(parts)) return parts
  const ids = listOf(request.query, 'id')
  if (ids.length === 0 && !request.query.has('regionCode')) return noFilter('id, regionCode')
  const items = categories.filter(({ id }) => ids.length === 0 || ids.includes(String(id)))
  return listAnswer(request, 'videoCategoryListResponse', { items })
}
