import { dayMs, type Slot } from '../calendar.ts'
import { counted, type Growth, shareAt } from '../growth.ts'
import { logNormal, randomFor } from '../random.ts'
import { nowAndThenAwkward, paragraphs, sentence, titleOf } from '../text/composer.ts'
import type { YoutubeVideo } from '../youtube.world.ts'
import type { Source } from './roster.ts'
import type { Setting } from './setting.ts'
import { videoId } from './youtube.ids.ts'

/** One video in seventy is taken down or made private within a month. */
export function isVisible({ seed, time }: Setting, creator: Source, slot: Slot): boolean {
  const random = randomFor(seed, 'takedown', creator.index, slot.day, slot.ordinal)
  const goneMs = random.chance(0.014) ? slot.worldMs + random.float() * 30 * dayMs : Infinity
  return slot.worldMs <= time.now() && goneMs > time.now()
}

export const growthOf = (creator: Source, slot: Slot): Growth => ({
  bornMs: slot.worldMs,
  halfLife: 20,
  utcOffset: creator.utcOffset,
})

const commentsAreOff = (creator: Source, slot: Slot) => (creator.index * 31 + slot.day) % 23 === 0
const mostComments = 3000

export function finalNumbers({ seed, time }: Setting, creator: Source, slot: Slot) {
  const random = randomFor(seed, 'youtube-luck', creator.index, slot.day, slot.ordinal)
  const views = creator.audience(slot.worldMs) * creator.charm * logNormal(random, 0.3, 1.2)
  const likes = views * random.between(0.015, 0.07)
  const comments = Math.min(mostComments, Math.floor(likes * random.between(0.02, 0.15)))
  const share = shareAt(growthOf(creator, slot), time.now())
  return { views, likes, comments, share, viewsNow: counted(views, share) }
}

export function writeVideo(setting: Setting, creator: Source, slot: Slot): YoutubeVideo {
  const { seed, time } = setting
  const random = randomFor(seed, 'video-text', creator.index, slot.day, slot.ordinal)
  const { topic, lang } = creator
  const final = finalNumbers(setting, creator, slot)
  const title = lang === 'en' ? titleOf(random, topic) : sentence(random, topic, 'news', lang)
  const links = random.chance(0.5)
    ? `\n\nMore: https://example.com/${topic.id}\n#${random.pick(topic.tag)}`
    : ''
  return {
    id: videoId(seed, { channel: creator.index, day: slot.day, ordinal: slot.ordinal }),
    channelId: creator.id,
    presentedMs: time.presented(slot.worldMs),
    title: nowAndThenAwkward(random, title).replaceAll('\n', ' ').slice(0, 100),
    description: paragraphs(random, topic, lang, 3) + links,
    tags: [...new Set([random.pick(topic.tag), random.pick(topic.tag), topic.id])],
    categoryId: topic.category,
    lang: random.chance(0.8) ? lang : null,
    durationS: Math.round(Math.min(4 * 3600, Math.max(20, logNormal(random, 600, 0.9)))),
    views: final.viewsNow,
    likes: creator.index % 14 === 5 ? null : counted(final.likes, final.share),
    comments: commentsAreOff(creator, slot) ? null : counted(final.comments, final.share),
  }
}

export const finalComments = (setting: Setting, creator: Source, slot: Slot) =>
  commentsAreOff(creator, slot) ? 0 : finalNumbers(setting, creator, slot).comments
