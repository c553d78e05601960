import type { Game, TwitchChannel, TwitchSegment, TwitchVideo } from '../world/twitch.world.ts'

const seconds = (date: Date) => `${date.toISOString().slice(0, 19)}Z`
const picture = (id: string, kind: string, size: string) =>
  `https://static-cdn.jtvnw.net/jtv_user_pictures/${id}-${kind}-${size}.png`

export const presentUser = (channel: TwitchChannel) => ({
  id: channel.id,
  login: channel.login,
  display_name: channel.displayName,
  type: '',
  broadcaster_type: channel.broadcasterType,
  description: channel.description,
  profile_image_url: picture(channel.id, 'profile_image', '300x300'),
  offline_image_url: '',
  // Deprecated by Twitch, which answers 0 since 2022.
  view_count: 0,
  created_at: seconds(channel.createdAt),
})

const gameFields = (game: Game | null) => ({ game_id: game?.id ?? '', game_name: game?.name ?? '' })

export function presentStream(channel: TwitchChannel) {
  const { stream } = channel
  if (!stream) return []
  return [
    {
      id: stream.id,
      user_id: channel.id,
      user_login: channel.login,
      user_name: channel.displayName,
      ...gameFields(stream.game),
      type: 'live',
      title: stream.title,
      viewer_count: stream.viewers,
      started_at: seconds(stream.startedAt),
      language: channel.language,
      thumbnail_url: `https://static-cdn.jtvnw.net/previews-ttv/live_user_${channel.login}-{width}x{height}.jpg`,
      tag_ids: [],
      tags: channel.tags,
      is_mature: channel.mature,
    },
  ]
}

export const presentChannel = (channel: TwitchChannel) => ({
  broadcaster_id: channel.id,
  broadcaster_login: channel.login,
  broadcaster_name: channel.displayName,
  broadcaster_language: channel.language,
  ...gameFields(channel.game),
  title: channel.title,
  delay: 0,
  tags: channel.tags,
  content_classification_labels: channel.mature ? ['MatureGame'] : [],
  is_branded_content: false,
})

export const presentGame = ({ id, name }: Game) => ({
  id,
  name,
  box_art_url: `https://static-cdn.jtvnw.net/ttv-boxart/${id}-{width}x{height}.jpg`,
  igdb_id: '',
})

export const presentVideo = (video: TwitchVideo, channel: TwitchChannel) => ({
  id: video.id,
  stream_id: video.streamId,
  user_id: channel.id,
  user_login: channel.login,
  user_name: channel.displayName,
  title: video.title,
  description: '',
  created_at: seconds(video.createdAt),
  published_at: seconds(video.createdAt),
  url: `https://www.twitch.tv/videos/${video.id}`,
  thumbnail_url: `https://static-cdn.jtvnw.net/cf_vods/${video.id}/thumb/thumb0-%{width}x%{height}.jpg`,
  viewable: 'public',
  view_count: video.views,
  language: channel.language,
  type: 'archive',
  duration: duration(video.durationS),
  muted_segments: null,
})

/** "3h8m33s" */
function duration(totalS: number): string {
  const hours = Math.floor(totalS / 3600)
  const minutes = Math.floor((totalS % 3600) / 60)
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${totalS % 60}s`
}

export const presentSchedule = (channel: TwitchChannel, segments: TwitchSegment[]) => ({
  segments: segments.map((segment) => ({
    id: segment.id,
    start_time: seconds(segment.startsAt),
    end_time: seconds(segment.endsAt),
    title: segment.title,
    canceled_until: null,
    category: segment.game ? { id: segment.game.id, name: segment.game.name } : null,
    is_recurring: false,
  })),
  broadcaster_id: channel.id,
  broadcaster_name: channel.displayName,
  broadcaster_login: channel.login,
  vacation: null,
})
