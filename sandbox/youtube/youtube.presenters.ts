import type { YoutubeChannel, YoutubeVideo } from '../world/youtube.world.ts'
import { pickParts, type Resource, resource } from './youtube.envelope.ts'

export const seconds = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`

const sizes = { default: [120, 90], medium: [320, 180], high: [480, 360] } as const
const thumbnails = (base: string) =>
  Object.fromEntries(
    Object.entries(sizes).map(([name, [width, height]]) => [
      name,
      { url: `${base}/${name}.jpg`, width, height },
    ]),
  )

/** YouTube shows three significant figures of a subscriber count, rounded down. */
function roundedSubscribers(count: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 2)
  return Math.floor(count / unit) * unit
}

export const channelParts = [
  'id',
  'snippet',
  'statistics',
  'contentDetails',
  'status',
  'brandingSettings',
  'topicDetails',
  'localizations',
  'contentOwnerDetails',
]

export const presentChannel = (parts: ReadonlySet<string>, channel: YoutubeChannel) =>
  resource(
    'channel',
    channel.id,
    pickParts(parts, {
      snippet: () => ({
        title: channel.title,
        description: channel.description,
        customUrl: `@${channel.handle.toLowerCase()}`,
        publishedAt: seconds(channel.createdAt.getTime()),
        thumbnails: thumbnails(`https://yt3.ggpht.com/${channel.id}`),
        localized: { title: channel.title, description: channel.description },
        ...(channel.country && { country: channel.country }),
      }),
      contentDetails: () => ({
        relatedPlaylists: { likes: '', uploads: channel.uploadsPlaylistId },
      }),
      statistics: () => channelFigures(channel),
      status: () => ({
        privacyStatus: 'public',
        isLinked: true,
        longUploadsStatus: 'longUploadsUnspecified',
      }),
      brandingSettings: () => ({
        channel: { title: channel.title, description: channel.description },
      }),
    }),
  )

function channelFigures(channel: YoutubeChannel): Resource {
  const { views, subscribers, videoCount } = channel.statistics()
  return {
    ...(views !== null && { viewCount: String(views) }),
    ...(subscribers !== null && { subscriberCount: String(roundedSubscribers(subscribers)) }),
    hiddenSubscriberCount: subscribers === null,
    videoCount: String(videoCount),
  }
}

export const videoParts = [
  'id',
  'snippet',
  'contentDetails',
  'statistics',
  'status',
  'player',
  'topicDetails',
  'recordingDetails',
  'liveStreamingDetails',
  'localizations',
  'paidProductPlacementDetails',
]

export const presentVideo = (
  parts: ReadonlySet<string>,
  video: YoutubeVideo,
  channelTitle: string,
) =>
  resource(
    'video',
    video.id,
    pickParts(parts, {
      snippet: () => ({
        publishedAt: seconds(video.presentedMs),
        channelId: video.channelId,
        title: video.title,
        description: video.description,
        thumbnails: thumbnails(`https://i.ytimg.com/vi/${video.id}`),
        channelTitle,
        ...(video.tags.length > 0 && { tags: video.tags }),
        categoryId: video.categoryId,
        liveBroadcastContent: 'none',
        localized: { title: video.title, description: video.description },
        ...(video.lang && { defaultAudioLanguage: video.lang, defaultLanguage: video.lang }),
      }),
      contentDetails: () => ({
        duration: isoDuration(video.durationS),
        dimension: '2d',
        definition: 'hd',
        caption: 'false',
        licensedContent: true,
        contentRating: {},
        projection: 'rectangular',
      }),
      status: () => ({
        uploadStatus: 'processed',
        privacyStatus: 'public',
        license: 'youtube',
        embeddable: true,
        publicStatsViewable: true,
        madeForKids: false,
      }),
      statistics: () => ({ ...figures(video), favoriteCount: '0' }),
    }),
  )

/** Hidden likes and switched-off comments are absent. */
const figures = ({ views, likes, comments }: YoutubeVideo): Resource => ({
  viewCount: String(views),
  ...(likes !== null && { likeCount: String(likes) }),
  ...(comments !== null && { commentCount: String(comments) }),
})

export const statParts = ['id', 'snippet', 'contentDetails', 'statistics']

export const presentVideoStat = (parts: ReadonlySet<string>, video: YoutubeVideo) =>
  resource(
    'videoStats',
    video.id,
    pickParts(parts, {
      snippet: () => ({ publishTime: seconds(video.presentedMs) }),
      contentDetails: () => ({ duration: `${video.durationS}s` }),
      statistics: () => figures(video),
    }),
  )

function isoDuration(totalS: number): string {
  const [hours, minutes, rest] = [
    Math.floor(totalS / 3600),
    Math.floor((totalS % 3600) / 60),
    totalS % 60,
  ]
  return `PT${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${rest > 0 || totalS === 0 ? `${rest}S` : ''}`
}

export const itemParts = ['id', 'snippet', 'contentDetails', 'status']

type Item = { video: YoutubeVideo; channel: YoutubeChannel; position: number }

export const presentPlaylistItem = (
  parts: ReadonlySet<string>,
  { video, channel, position }: Item,
) =>
  resource(
    'playlistItem',
    Buffer.from(`${channel.uploadsPlaylistId}.${video.id}`).toString('base64url'),
    pickParts(parts, {
      snippet: () => ({
        publishedAt: seconds(video.presentedMs),
        channelId: channel.id,
        title: video.title,
        description: video.description,
        thumbnails: thumbnails(`https://i.ytimg.com/vi/${video.id}`),
        channelTitle: channel.title,
        playlistId: channel.uploadsPlaylistId,
        position,
        resourceId: { kind: 'youtube#video', videoId: video.id },
        videoOwnerChannelTitle: channel.title,
        videoOwnerChannelId: channel.id,
      }),
      contentDetails: () => ({ videoId: video.id, videoPublishedAt: seconds(video.presentedMs) }),
      status: () => ({ privacyStatus: 'public' }),
    }),
  )
