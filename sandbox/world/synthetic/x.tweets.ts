import { dayMs, type Slot } from '../calendar.ts'
import { counted, type Growth, shareAt } from '../growth.ts'
import { logNormal, type Random, randomFor } from '../random.ts'
import { snowflake } from '../x.snowflake.ts'
import type { Tweet, TweetKind, TweetMetrics } from '../x.world.ts'
import type { Source } from './roster.ts'
import type { Setting } from './setting.ts'
import type { Draft, Target } from './x.draft.ts'
import { words } from './x.words.ts'

export type TweetWriter = {
  isVisible: (account: Source, slot: Slot) => boolean
  write: (account: Source, slot: Slot) => Tweet
}

/** Cheap, so that timelines can be filtered without writing a word. */
export function kindOf({ seed }: Setting, account: Source, slot: Slot): TweetKind {
  const dice = randomFor(seed, 'x-kind', account.index, slot.day, slot.ordinal).float()
  return dice < 0.62 ? 'original' : dice < 0.8 ? 'reply' : dice < 0.88 ? 'quote' : 'retweet'
}

/** Some regret what they wrote: one in fifty is gone within three days. */
function deletedAt({ seed }: Setting, account: Source, slot: Slot): number {
  const random = randomFor(seed, 'x-regret', account.index, slot.day, slot.ordinal)
  return random.chance(0.02) ? slot.worldMs + random.float() * 3 * dayMs : Number.POSITIVE_INFINITY
}

export function tweetWriter(setting: Setting, accounts: readonly Source[]): TweetWriter {
  const visible = (account: Source, slot: Slot) =>
    deletedAt(setting, account, slot) > setting.time.now()
  return {
    isVisible: visible,
    write: (account, slot) => {
      const random = randomFor(setting.seed, 'tweet', account.index, slot.day, slot.ordinal)
      const kind = kindOf(setting, account, slot)
      const target =
        kind === 'original' ? null : findTarget(setting, accounts, account, slot, random)
      return compose(setting, { account, slot, random, kind: target ? kind : 'original', target })
    },
  }
}

/** An original tweet of somebody else from the days before: answers never answer answers. */
function findTarget(
  setting: Setting,
  accounts: readonly Source[],
  self: Source,
  slot: Slot,
  random: Random,
): Target | null {
  for (let attempt = 0; attempt < 4; attempt++) {
    const account = random.pick(accounts)
    if (account.index === self.index || account.standing !== 'active') continue
    const day = slot.day - random.int(2)
    const earlier = account.calendar
      .day(day)
      .filter(
        (other) => other.worldMs < slot.worldMs && kindOf(setting, account, other) === 'original',
      )
    if (earlier.length > 0) return { account, slot: random.pick(earlier) }
  }
  return null
}

export const idOf = ({ time }: Setting, { account, slot }: Target) =>
  snowflake(time.presented(slot.worldMs), account.index, slot.ordinal)

function compose(setting: Setting, draft: Draft): Tweet {
  const { account, slot, kind, target } = draft
  const id = idOf(setting, { account, slot })
  const { text, links } = words(setting, draft)
  const targetId = target ? idOf(setting, target) : null
  return {
    id,
    kind,
    authorId: account.id,
    presentedMs: setting.time.presented(slot.worldMs),
    text: escaped(text),
    links,
    lang: account.index % 20 === 13 ? null : account.lang,
    target: target && targetId ? { id: targetId, authorId: target.account.id } : null,
    conversationId: kind === 'reply' && targetId ? targetId : id,
    metrics:
      kind === 'retweet' && target
        ? { ...noMetrics, retweets: metrics(setting, target).retweets }
        : metrics(setting, { account, slot }),
  }
}

const noMetrics: TweetMetrics = {
  likes: 0,
  retweets: 0,
  replies: 0,
  quotes: 0,
  bookmarks: 0,
  impressions: 0,
}

export const growthOf = ({ account, slot }: Target): Growth => ({
  bornMs: slot.worldMs,
  halfLife: 2.5,
  utcOffset: account.utcOffset,
})

/** Final numbers, by the account's audience and luck: a heavy tail. */
export function finals({ seed }: Setting, { account, slot }: Target) {
  const random = randomFor(seed, 'x-luck', account.index, slot.day, slot.ordinal)
  const views = account.audience(slot.worldMs) * account.charm * logNormal(random, 0.35, 1.1)
  const likes = views * random.between(0.008, 0.05)
  return {
    impressions: views,
    likes,
    retweets: likes * random.between(0.05, 0.3),
    replies: likes * random.between(0.02, 0.2),
    quotes: likes * random.between(0, 0.05),
    bookmarks: likes * random.between(0.01, 0.15),
  }
}

/** The part of the final numbers that came by now. */
function metrics(setting: Setting, target: Target): TweetMetrics {
  const final = finals(setting, target)
  const growth = growthOf(target)
  const share = shareAt(growth, setting.time.now())
  const late = shareAt({ ...growth, halfLife: 4 }, setting.time.now())
  return {
    impressions: counted(final.impressions, share),
    likes: counted(final.likes, share),
    retweets: counted(final.retweets, late),
    replies: counted(final.replies, share),
    quotes: counted(final.quotes, late),
    bookmarks: counted(final.bookmarks, late),
  }
}

/** X sends texts with these three escaped. */
const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
