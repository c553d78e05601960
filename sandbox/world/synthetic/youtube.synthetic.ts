import type { Slot } from '../calendar.ts'
import { randomFor, token } from '../random.ts'
import { paragraphs } from '../text/composer.ts'
import type { SourceListing } from '../world.ts'
import type {
  ChannelStatistics,
  ThreadRef,
  VideoRef,
  YoutubeChannel,
  YoutubeWorld,
} from '../youtube.world.ts'
import { createRoster, hasLeft, listing, type Source } from './roster.ts'
import { firstDayOfLastYear, type Setting } from './setting.ts'
import { createComments, readThreadId } from './youtube.comments.ts'
import { readVideoId, videoId } from './youtube.ids.ts'
import { finalNumbers, isVisible, writeVideo } from './youtube.videos.ts'

export function createYoutube(setting: Setting): YoutubeWorld & { list: () => SourceListing[] } {
  const creators: Source[] = createRoster(setting, {
    platform: 'youtube',
    count: 100,
    perDay: 0.45,
    maxPerDay: 16,
    medianAudience: 25_000,
    firstDay: firstDayOfLastYear(setting),
    fates: [
      { standing: 'gone', every: 33, at: 19 },
      { standing: 'leaves', every: 100, at: 57 },
    ],
  }).map((profile) => ({
    ...profile,
    id: `UC${token(22, setting.seed, 'channel', profile.index)}`,
  }))

  const by = (key: (creator: Source) => string) =>
    new Map(creators.map((creator) => [key(creator), creator]))
  const byId = by(({ id }) => id)
  const byHandle = by(({ handle }) => handle.toLowerCase())
  const show = (creator: Source | undefined) =>
    creator && !hasLeft(setting, creator) ? presentChannel(setting, creator) : null
  const find = (id: string): { creator: Source; slot: Slot } | null => {
    const place = readVideoId(setting.seed, id)
    const creator = place && creators[place.channel]
    const slot = place && creator?.calendar.slot(place.day, place.ordinal)
    const there = creator && slot && !hasLeft(setting, creator) && isVisible(setting, creator, slot)
    return there ? { creator, slot } : null
  }
  const comments = createComments(setting)
  const threads = (id: string) => {
    const found = find(id)
    return found ? comments.threads(found.creator, found.slot) : []
  }
  const thread = (id: string, ref: ThreadRef) => {
    const found = find(id)
    return found ? comments.thread(found.creator, found.slot, ref) : null
  }
  return {
    list: () =>
      creators.map((creator) =>
        listing('youtube', { ...creator, handle: `@${creator.handle}` }, creator.id),
      ),
    channelById: (id) => show(byId.get(id)),
    channelByHandle: (handle) => show(byHandle.get(handle.toLowerCase())),
    // Names from before handles existed: only some channels are old enough to have one.
    channelByUsername: (name) => {
      const creator = byHandle.get(name.toLowerCase())
      return creator && creator.index % 4 === 0 ? show(creator) : null
    },
    channelByPlaylist: (id) => show(byId.get(`UC${id.slice(2)}`)),
    channels: () => creators.flatMap((creator) => show(creator) ?? []),
    uploads: (id) => uploadsOf(setting, byId.get(id)),
    video: (id) => {
      const found = find(id)
      return found ? writeVideo(setting, found.creator, found.slot) : null
    },
    threads,
    thread,
    threadById: (id) => {
      const place = readThreadId(id)
      const ref = place && threads(place.videoId).find(({ index }) => index === place.index)
      const found = ref && thread(place.videoId, ref)
      return found ? { videoId: place.videoId, thread: found } : null
    },
  }
}

function uploadsOf(setting: Setting, creator: Source | undefined): VideoRef[] {
  if (!creator) return []
  return [...creator.calendar.before(setting.time.now())]
    .filter((slot) => isVisible(setting, creator, slot))
    .map((slot) => ({
      id: videoId(setting.seed, { channel: creator.index, day: slot.day, ordinal: slot.ordinal }),
      channelId: creator.id,
      presentedMs: setting.time.presented(slot.worldMs),
    }))
}

function presentChannel(setting: Setting, creator: Source): YoutubeChannel {
  const random = randomFor(setting.seed, 'youtube-bio', creator.index)
  return {
    id: creator.id,
    handle: creator.handle,
    legacyUsername: creator.index % 4 === 0 ? creator.handle : null,
    title: creator.title,
    description: paragraphs(random, creator.topic, creator.lang, 2),
    createdAt: new Date(creator.createdMs),
    country: random.chance(0.8) ? random.pick(['US', 'GB', 'DE', 'ES', 'BR', 'JP', 'FR']) : null,
    uploadsPlaylistId: `UU${creator.id.slice(2)}`,
    statistics: () => statisticsOf(setting, creator),
  }
}

function statisticsOf(setting: Setting, creator: Source): ChannelStatistics {
  const now = setting.time.now()
  const hidden = creator.index % 17 === 9
  const videos = [...creator.calendar.before(now)].filter((slot) =>
    isVisible(setting, creator, slot),
  )
  return {
    subscribers: hidden ? null : creator.audience(now),
    views: videos.reduce((sum, slot) => sum + finalNumbers(setting, creator, slot).viewsNow, 0),
    videoCount: videos.length,
  }
}
