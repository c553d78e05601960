import type { YoutubeVideo, YoutubeWorld } from '../world/youtube.world.ts'
import { isAnswer, listAnswer, pageOf, partsOf, resource } from './youtube.envelope.ts'
import type { YoutubeHandler } from './youtube.handlers.ts'

/** Videos and channels by words, a channel's videos by date: enough for finding sources. */
export const search: YoutubeHandler = (youtube, request) => {
  const parts = partsOf(request, ['id', 'snippet'])
  if (isAnswer(parts)) return parts
  const { query } = request
  const words = (query.get('q') ?? '').toLowerCase()
  const found =
    query.get('type') === 'channel'
      ? youtube
          .channels()
          .filter(({ title }) => title.toLowerCase().includes(words))
          .map(channelResult)
      : findVideos(youtube, query, words).map((video) => videoResult(youtube, video))
  const page = pageOf(request, found, { most: 50, usual: 5 })
  if (isAnswer(page)) return page
  return listAnswer(request, 'searchListResponse', {
    ...(page.next && { nextPageToken: page.next }),
    regionCode: 'US',
    pageInfo: { totalResults: found.length, resultsPerPage: page.size },
    items: page.items,
  })
}

function findVideos(youtube: YoutubeWorld, query: URLSearchParams, words: string): YoutubeVideo[] {
  const channelId = query.get('channelId')
  const ids = channelId ? [channelId] : youtube.channels().map(({ id }) => id)
  const after = Date.parse(query.get('publishedAfter') ?? '') || 0
  const before = Date.parse(query.get('publishedBefore') ?? '') || Number.POSITIVE_INFINITY
  return ids
    .flatMap((id) => (youtube.channelById(id) ? youtube.uploads(id).slice(0, 100) : []))
    .filter(({ presentedMs }) => presentedMs >= after && presentedMs < before)
    .toSorted((a, b) => b.presentedMs - a.presentedMs)
    .slice(0, 1000)
    .flatMap((ref) => youtube.video(ref.id) ?? [])
    .filter(({ title }) => title.toLowerCase().includes(words))
    .slice(0, 500)
}

const time = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`

function videoResult(youtube: YoutubeWorld, video: YoutubeVideo) {
  const published = time(video.presentedMs)
  return resource(
    'searchResult',
    { kind: 'youtube#video', videoId: video.id },
    {
      snippet: {
        publishedAt: published,
        channelId: video.channelId,
        title: video.title,
        description: video.description.slice(0, 160),
        thumbnails: {},
        channelTitle: youtube.channelById(video.channelId)?.title ?? '',
        liveBroadcastContent: 'none',
        publishTime: published,
      },
    },
  )
}

function channelResult({
  id,
  title,
  description,
  createdAt,
}: ReturnType<YoutubeWorld['channels']>[number]) {
  const published = time(createdAt.getTime())
  return resource(
    'searchResult',
    { kind: 'youtube#channel', channelId: id },
    {
      snippet: {
        publishedAt: published,
        channelId: id,
        title,
        description: description.slice(0, 160),
        thumbnails: {},
        channelTitle: title,
        liveBroadcastContent: 'none',
        publishTime: published,
      },
    },
  )
}
