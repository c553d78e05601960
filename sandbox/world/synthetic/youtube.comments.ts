import type { Slot } from '../calendar.ts'
import { matured, momentWhen } from '../growth.ts'
import { logNormal, randomFor, token } from '../random.ts'
import { nowAndThenAwkward, reaction } from '../text/composer.ts'
import { personName } from '../text/names.ts'
import type { CommentRef, ThreadRef, YoutubeComment, YoutubeThread } from '../youtube.world.ts'
import type { Source } from './roster.ts'
import type { Setting } from './setting.ts'
import { videoId } from './youtube.ids.ts'
import { finalComments, growthOf } from './youtube.videos.ts'

const hour = 3_600_000

/**
 * Comments arrive one by one along the video's growth, so that their number is always the number
 * that statistics report. Some answer an earlier thread.
 */
export function createComments(setting: Setting) {
  const { seed } = setting
  const write = (creator: Source, slot: Slot, shape: CommentRef, id: string): YoutubeComment => {
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
    threads: (creator: Source, slot: Slot) => threadsOf(setting, creator, slot),
    thread: (creator: Source, slot: Slot, ref: ThreadRef): YoutubeThread => {
      const video = videoId(seed, {
        channel: creator.index,
        day: slot.day,
        ordinal: slot.ordinal,
      })
      const id = threadId(video, ref.index)
      const replies = ref.replies.map((reply) =>
        write(creator, slot, reply, `${id}.${token(22, seed, video, reply.index)}`),
      )
      return { ...write(creator, slot, ref, id), replies }
    },
  }
}

function threadsOf(setting: Setting, creator: Source, slot: Slot): ThreadRef[] {
  const final = finalComments(setting, creator, slot)
  const list: ThreadRef[] = []
  for (let index = 0; index < final; index++) {
    const worldMs = momentWhen(growthOf(creator, slot), (index + 1) / final)
    if (worldMs > setting.time.now()) break
    const { ref, random } = refOf(setting, creator, slot, index, worldMs)
    const thread = list.length > 0 && random.chance(0.3) ? random.pick(list) : null
    if (thread) thread.replies.push(ref)
    else list.push({ ...ref, replies: [] })
  }
  return list
}

function refOf(
  { seed, time }: Setting,
  creator: Source,
  slot: Slot,
  index: number,
  worldMs: number,
) {
  const random = randomFor(seed, 'yt-comment', creator.index, slot.day, slot.ordinal, index)
  const age = (time.now() - worldMs) / hour
  const likes = Math.floor(logNormal(random, 0.7, 1.6) * matured(age, 12))
  return { random, ref: { index, presentedMs: time.presented(worldMs), likes } }
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
