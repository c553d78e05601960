import { token } from '../world/random.ts'
import type { SourceListing } from '../world/world.ts'
import type { YoutubeChannel, YoutubeVideo, YoutubeWorld } from '../world/youtube.world.ts'
import { readRows } from './jsonl.ts'
import { files, type VideoRow, VideoRow as VideoRowSchema } from './rows.ts'

type Creator = { channel: YoutubeChannel; videos: YoutubeVideo[] }

/**
 * Each video once, with its latest numbers. Several countries list a video on one day: the highest
 * count is the latest. The panel counts a video on several days: the last day counts.
 */
export async function latestVideos(folder: string): Promise<VideoRow[]> {
  const videos = new Map<string, VideoRow & { firstDay: string }>()
  const rows = [
    ...(await readRows(folder, files.videos2018, VideoRowSchema)),
    ...(await readRows(folder, files.videos2017, VideoRowSchema)),
  ]
  for (const row of rows) {
    const known = videos.get(row.video_id)
    const newer =
      !known ||
      (row.day ?? '') > (known.day ?? '') ||
      (row.day === known.day && row.views > known.views)
    const firstDay =
      [known?.firstDay, row.day ?? ''].filter((day) => day !== undefined).toSorted()[0] ?? ''
    videos.set(row.video_id, { ...(newer ? row : known), firstDay })
  }
  return [...videos.values()].map(({ firstDay, ...row }) => ({
    ...row,
    published_at: row.published_at ?? `${firstDay}T00:00:00.000Z`,
  }))
}

export const channelIdOf = (row: VideoRow) =>
  row.channel_id ?? `UC${token(22, 'channel', row.channel)}`

export async function loadYoutube(
  folder: string,
): Promise<YoutubeWorld & { list: () => SourceListing[] }> {
  const creators = new Map<string, Creator>()
  const videos = new Map<string, YoutubeVideo>()
  for (const row of await latestVideos(folder)) {
    const id = channelIdOf(row)
    const creator = creators.get(id) ?? newCreator(row, id)
    const video = videoOf(row, id)
    creators.set(id, creator)
    creator.videos.push(video)
    videos.set(video.id, video)
  }
  for (const creator of creators.values())
    creator.videos.sort((a, b) => b.presentedMs - a.presentedMs)
  const find = (fits: (channel: YoutubeChannel) => boolean) =>
    [...creators.values()].find(({ channel }) => fits(channel))?.channel ?? null
  return {
    list: () => [...creators.values()].map(({ channel }) => listing(channel)),
    channelById: (id) => creators.get(id)?.channel ?? null,
    channelByHandle: (handle) => find((channel) => channel.handle === handle.toLowerCase()),
    channelByUsername: () => null,
    channelByPlaylist: (id) => creators.get(`UC${id.slice(2)}`)?.channel ?? null,
    channels: () => [...creators.values()].map(({ channel }) => channel),
    uploads: (id) => creators.get(id)?.videos ?? [],
    video: (id) => videos.get(id) ?? null,
    threads: () => [],
    thread: () => null,
    threadById: () => null,
  }
}

function newCreator(row: VideoRow, id: string): Creator {
  const videos: YoutubeVideo[] = []
  return { channel: channelOf(row, id, videos), videos }
}

const channelOf = (row: VideoRow, id: string, videos: YoutubeVideo[]): YoutubeChannel => ({
  id,
  handle: `${row.channel.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}-${id.slice(-4)}`.toLowerCase(),
  legacyUsername: null,
  title: row.channel,
  description: '',
  createdAt: new Date(Date.UTC(2010, 0, 1)),
  country: null,
  uploadsPlaylistId: `UU${id.slice(2)}`,
  statistics: () => ({ subscribers: null, views: null, videoCount: videos.length }),
})

const videoOf = (row: VideoRow, channelId: string): YoutubeVideo => ({
  id: row.video_id,
  channelId,
  presentedMs: Date.parse(row.published_at ?? ''),
  title: row.title,
  description: row.description ?? '',
  tags: row.tags ?? [],
  categoryId: String(row.category_id),
  lang: null,
  durationS: 0,
  views: row.views,
  likes: row.likes,
  comments: row.comments,
})

/** Handles are not in the files, so that a channel is added by its id. */
const listing = ({ id, title }: YoutubeChannel): SourceListing => ({
  platform: 'youtube',
  handle: id,
  externalId: id,
  title,
  habit: 'real',
})
