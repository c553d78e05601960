import type { EntityManager } from '@mikro-orm/postgresql'
import { dayMs, floorTo, hourMs, minuteMs, type Range } from '../counts/period.ts'
import { countTags } from '../counts/tag-counts.queries.ts'
import { countPosts, findPastAuthors, type Length, type Past } from './authors.queries.ts'
import { observedShares } from './observed.ts'

const weeks = 3
const weekMs = 7 * dayMs
/** A window of which less was observed says nothing of what is usual. */
const leastObserved = 0.8
/** Nobody can say what is usual who has watched for less than a day. */
const leastLearnedMs = dayMs
const quarterMs = 15 * minuteMs
const factorBounds = [0.2, 5] as const

export type Baseline = {
  /**
   * What was usual, as `surprise` asks for it. The usual rate is of posts: what hours and days are
   * kept by. Who posts twice in a window counts twice there, so it calls a tag no rarer than it is.
   */
  of: (tag: string, length: Length) => { sameHour: (number | null)[]; usual: number }
  hourFactor: number
  /** In how many of the weeks before this hour was observed. */
  weeksSeen: number
}

/** What is usual for these tags at this hour of the week; null: too little was observed to say. */
export async function findBaseline(
  em: EntityManager,
  { to, tags, platform }: { to: number; tags: string[]; platform?: string | undefined },
): Promise<Baseline | null> {
  const start = to - hourMs
  const learning = { from: floorTo(start - weeks * weekMs, hourMs), to: floorTo(start, hourMs) }
  const windows = Array.from({ length: weeks }, (_, week) => ({
    from: start - (week + 1) * weekMs,
    to: to - (week + 1) * weekMs,
  }))
  const [learned = 0, ...seen] = await observedShares(em, [learning, ...windows], platform)
  const learnedMs = learned * (learning.to - learning.from)
  if (learnedMs < leastLearnedMs) return null
  const isSeen = seen.map((share) => share >= leastObserved)
  const past = await findPastAuthors(em, { to, weeks, tags, platform })
  const posts = await countTags(em, { ...learning, tags, platform })
  const usual = new Map(posts.map(({ hashtag, count }) => [hashtag, count]))
  const seenWindows = windows.filter((_, week) => isSeen[week])
  return {
    of: (tag, length) => ({
      sameHour: past.map((week, index) => authorsIn(week.get(tag), length, isSeen[index])),
      usual: ((usual.get(tag) ?? 0) * length * minuteMs) / learnedMs,
    }),
    hourFactor: await hourFactor(em, { learning, learnedMs, windows: seenWindows, platform }),
    weeksSeen: seenWindows.length,
  }
}

const authorsIn = (past: Past | undefined, length: Length, isSeen = false): number | null =>
  isSeen ? (past?.[length] ?? 0) : null

type Factor = {
  learning: Range
  learnedMs: number
  windows: Range[]
  platform?: string | undefined
}

/** How busy this hour of the week is over the mean hour, for all posts together. */
async function hourFactor(em: EntityManager, factor: Factor): Promise<number> {
  const { learning, learnedMs, windows, platform } = factor
  const quarters = windows.map(({ from, to }) => ({
    from: floorTo(from, quarterMs),
    to: floorTo(to, quarterMs),
  }))
  const [all = 0, ...then] = await countPosts(em, [learning, ...quarters], { platform })
  if (then.length === 0 || all === 0) return 1
  const mean = then.reduce((sum, posts) => sum + posts, 0) / then.length
  const [least, most] = factorBounds
  return Math.min(most, Math.max(least, mean / ((all * hourMs) / learnedMs)))
}
