import { dayMs, type Slot } from '../calendar.ts'
import { counted, type Growth, shareAt } from '../growth.ts'
import { logNormal, randomFor } from '../random.ts'
import type { RedditPost } from '../reddit.world.ts'
import { moodNames, nowAndThenAwkward, paragraphs, sentence } from '../text/composer.ts'
import { personName } from '../text/names.ts'
import { postId } from './reddit.ids.ts'
import type { Source } from './roster.ts'
import type { Setting } from './setting.ts'

const key = (community: Source, slot: Slot) => [community.index, slot.day, slot.ordinal] as const

/** Moderators remove one post in thirty; removed ones leave the listings but answer by id. */
export function isListed({ seed, time }: Setting, community: Source, slot: Slot): boolean {
  const random = randomFor(seed, 'reddit-removal', ...key(community, slot))
  const goneMs = random.chance(0.03) ? slot.worldMs + random.float() * dayMs : Infinity
  return slot.worldMs <= time.now() && goneMs > time.now()
}

export const growthOf = (community: Source, slot: Slot): Growth => ({
  bornMs: slot.worldMs,
  halfLife: 5,
  utcOffset: community.utcOffset,
})

const mostComments = 1500

export function finalsOf({ seed }: Setting, community: Source, slot: Slot) {
  const random = randomFor(seed, 'reddit-luck', ...key(community, slot))
  const reach = Math.sqrt(community.audience(slot.worldMs)) * 0.25 * community.charm
  const score = logNormal(random, reach, 1.4)
  const ratio = Math.min(0.99, Math.max(0.3, 0.9 + random.normal() * 0.1))
  const comments = Math.min(mostComments, Math.floor(score * random.between(0.05, 0.7)))
  return { score, ratio, comments }
}

/** `ups` is the score and `downs` 0, as Reddit has answered since 2014. */
export function numbersOf(setting: Setting, community: Source, slot: Slot) {
  const final = finalsOf(setting, community, slot)
  const share = shareAt(growthOf(community, slot), setting.time.now())
  // A downvoted post sinks below zero; everyone starts with their own vote.
  const direction = final.ratio < 0.5 ? -0.2 : 1
  const score = 1 + Math.trunc(final.score * direction * share)
  const settled = share > 0 ? 1 - (1 - final.ratio) * Math.min(1, share * 3) : 1
  return {
    score,
    upvoteRatio: Math.round(settled * 100) / 100,
    comments: counted(final.comments, share),
  }
}

export function writePost(setting: Setting, community: Source, slot: Slot): RedditPost {
  const random = randomFor(setting.seed, 'reddit-text', ...key(community, slot))
  const { topic, lang } = community
  const numbers = numbersOf(setting, community, slot)
  const presentedMs = setting.time.presented(slot.worldMs)
  const removed = !isListed(setting, community, slot)
  const title = sentence(random, topic, random.pick(moodNames), lang).slice(0, 300)
  const body = random.chance(0.55)
    ? nowAndThenAwkward(random, paragraphs(random, topic, lang, 3))
    : null
  const author = personName(random).handle
  return {
    id: postId(presentedMs, community.index, slot.ordinal),
    subreddit: community.handle,
    title: nowAndThenAwkward(random, title).replaceAll(/\s+/g, ' '),
    selftext: removed ? '[removed]' : (body ?? ''),
    author: removed || random.chance(0.02) ? null : author,
    link:
      body === null
        ? `https://${random.pick(['news', 'blog', 'images', 'video'])}.example.com/${topic.id}/${slot.day}/${slot.ordinal}`
        : null,
    flair: random.chance(0.5)
      ? random.pick(['Discussion', 'Question', 'Help', 'Show & tell', 'News', 'Meta'])
      : null,
    presentedMs,
    score: numbers.score,
    ups: Math.max(0, numbers.score),
    downs: 0,
    upvoteRatio: numbers.upvoteRatio,
    comments: numbers.comments,
    over18: false,
    stickied: false,
    removed,
  }
}
