import type { Slot } from '../calendar.ts'
import { matured, momentWhen } from '../growth.ts'
import { logNormal, randomFor, token } from '../random.ts'
import { nowAndThenAwkward, reaction } from '../text/composer.ts'
import { personName } from '../text/names.ts'
import type { ThreadRef, YoutubeComment, YoutubeThread } from '../youtube.world.ts'
import type { Source } from './roster.ts'
import type { Setting } from './setting.ts'
import { videoId } from './youtube.ids.ts'
import { finalComments, growthOf } from './youtube.videos.ts'

type Shape = ThreadRef & { worldMs: number; thread: number | null }

const hour = 3_600_000

/**
 * Comments arrive one by one along the video's growth, so that their number is always the number
 * that statistics report. Some answer an earlier thread.
 */
export function createComments(setting: Setting) {
  const { seed, time } = setting
  const shapes = (creator: Source, slot: Slot): Shape[] => {
    const final = finalComments(setting, creator, slot)
    const threads: number[] = []
    const list: Shape[] = []
    for (let index = 0; index < final; index++) {
      const worldMs = momentWhen(growthOf(creator, slot), (index + 1) / final)
      if (worldMs > time.now()) break
      const random = randomFor(seed, 'yt-comment', creator.index, slot.day, slot.ordinal, index)
      const thread = threads.length > 0 && random.chance(0.3) ? random.pick(threads) : null
      if (thread === null) threads.push(index)
      const likes = Math.floor(
        logNormal(random, 0.7, 1.6) * matured((time.now() - worldMs) / hour, 12),
      )
      list.push({ index, worldMs, presentedMs: time.presented(worldMs), likes, thread })
    }
    return list
  }
  const write = (creator: Source, slot: Slot, shape: Shape, id: string): YoutubeComment => {
    const random = randomFor(seed, 'yt-words', creator.index, slot.day, slot.ordinal, shape.index)
    const { title } = personName(random)
    return {
      id,
      authorName: `@${title.replace(' ', '').toLowerCase()}${random.int(100)}`,
      authorChannelId: `UC${token(22, seed, 'viewer', random.int(2 ** 31))}`,
      text: nowAndThenAwkward(random, reaction(random, creator.topic, creator.lang)),
      presentedMs: shape.presentedMs,
      likes: shape.likes,
    }
  }
  return {
    threads: (creator: Source, slot: Slot): ThreadRef[] =>
      shapes(creator, slot).filter(({ thread }) => thread === null),
    thread: (creator: Source, slot: Slot, index: number): YoutubeThread | null => {
      const all = shapes(creator, slot)
      const top = all[index]
      if (!top || top.thread !== null) return null
      const video = videoId(seed, { channel: creator.index, day: slot.day, ordinal: slot.ordinal })
      const id = threadId(video, index)
      const replies = all
        .filter(({ thread }) => thread === index)
        .map((reply) => write(creator, slot, reply, `${id}.${token(22, seed, video, reply.index)}`))
      return { ...write(creator, slot, top, id), replies }
    },
  }
}

/** Looks like YouTube's, and holds the video and the comment's place under it. */
const threadId = (video: string, index: number) =>
  `Ugx${video}${index.toString(36).padStart(4, '0')}4AaABAg`

export function readThreadId(id: string): { videoId: string; index: number } | null {
  const parts = /^Ugx(?<video>[\w-]{11})(?<index>[0-9a-z]{4})4AaABAg$/.exec(id)?.groups
  return parts?.video && parts.index
    ? { videoId: parts.video, index: Number.parseInt(parts.index, 36) }
    : null
}
