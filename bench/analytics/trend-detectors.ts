import { surprise } from '../../src/statistics/burst.ts'
import type { TagPost } from './burst-world.ts'
import { minutesOfWeek } from './burst-world.ts'

/** Says which tags trend at a minute, strongest first. Asked every `everyMinutes`, in order. */
export type Detector = { name: string; trending: (minute: number) => number[] }

export const everyMinutes = 5
const listed = 10

/** Counts of posts and of distinct authors by range of minutes, by binary search. */
export class Counter {
  private readonly posts: readonly TagPost[][]
  constructor(posts: readonly TagPost[][]) {
    this.posts = posts
  }

  private first(tag: number, minute: number): number {
    const list = this.posts[tag] ?? []
    let [low, high] = [0, list.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((list[middle]?.minute ?? 0) < minute) low = middle + 1
      else high = middle
    }
    return low
  }

  count(tag: number, from: number, to: number): number {
    return this.first(tag, to) - this.first(tag, from)
  }

  people(tag: number, from: number, to: number): number {
    const list = (this.posts[tag] ?? []).slice(this.first(tag, from), this.first(tag, to))
    return new Set(list.map(({ author }) => author)).size
  }
}

const top = (scores: readonly number[], least: number): number[] =>
  scores
    .map((score, tag) => ({ score, tag }))
    .filter(({ score }) => score >= least)
    .toSorted((one, other) => other.score - one.score)
    .slice(0, listed)
    .map(({ tag }) => tag)

const all = (tags: number) => Array.from({ length: tags }, (_, tag) => tag)

/** The k tags with the most posts in the last hour. */
export const plainCount = (counter: Counter, tags: number): Detector => ({
  name: 'plain count',
  trending: (minute) =>
    top(
      all(tags).map((tag) => counter.count(tag, minute - 60, minute)),
      1,
    ),
})

/** Mastodon's score of a tag: a term of chi-square, 0 for less than 5 accounts and for fewer than before. */
export function mastodonScore(accountsBefore: number, observed: number): number {
  const expected = Math.max(1, accountsBefore)
  return expected > observed || observed < 5 ? 0 : (observed - expected) ** 2 / expected
}

/** Its peak after so many minutes: half of it is left after 4 hours, nothing after 2 days. */
export const mastodonDecay = (peak: number, minutes: number): number =>
  minutes > 2 * 1440 ? 0 : peak * 0.5 ** (minutes / 240)

/**
 * Mastodon's tags: distinct accounts of this UTC day against yesterday's, (o - e)² / e from 5
 * accounts on, the peak decaying by half in 4 hours and forgotten after 2 days, below 1 dropped.
 */
export function mastodon(counter: Counter, tags: number): Detector {
  const peaks = all(tags).map(() => ({ score: 0, at: 0 }))
  return {
    name: 'Mastodon',
    trending: (minute) => {
      const today = Math.floor(minute / 1440) * 1440
      const scores = peaks.map((peak, tag) => {
        const observed = counter.people(tag, today, minute)
        const score = mastodonScore(counter.people(tag, today - 1440, today), observed)
        if (score > decayed(peak, minute)) Object.assign(peak, { score, at: minute })
        return decayed(peak, minute)
      })
      return top(scores, 1)
    },
  }
}

const decayed = ({ score, at }: { score: number; at: number }, minute: number) =>
  mastodonDecay(score, minute - at)

/** Misskey's ranking: the current window's count averaged with the one before; here of an hour each. */
export const misskey = (counter: Counter, tags: number): Detector => ({
  name: 'Misskey',
  trending: (minute) => {
    const window = Math.floor(minute / 60) * 60
    return top(
      all(tags).map(
        (tag) => (counter.count(tag, window, minute) + counter.count(tag, window - 60, window)) / 2,
      ),
      1,
    )
  },
})

const windows = [15, 60]
const leastAuthors = 5
/** What the product lists: this many deviations and more. */
export const clear = 5.5

/** Earshot's `surprise`, at any threshold: its scores are computed once. */
export function surpriseScores(counter: Counter, tags: number): (clear: number) => Detector {
  const known = new Map<number, number[]>()
  const scoresAt = (minute: number) => {
    const scores =
      known.get(minute) ??
      all(tags).map((tag) =>
        Math.max(...windows.map((length) => zOf(counter, tag, minute, length))),
      )
    known.set(minute, scores)
    return scores
  }
  return (least) => ({ name: 'surprise', trending: (minute) => top(scoresAt(minute), least) })
}

function zOf(counter: Counter, tag: number, minute: number, length: number): number {
  const observed = counter.people(tag, minute - length, minute)
  if (observed < leastAuthors) return 0
  const sameHour = [1, 2, 3].map((week) => {
    const then = minute - week * minutesOfWeek
    return then - length < 0 ? null : counter.people(tag, then - length, then)
  })
  const learned = Math.min(minute - length, 3 * minutesOfWeek)
  const usual = (counter.count(tag, minute - length - learned, minute - length) * length) / learned
  return surprise({ observed, sameHour, usual, hourFactor: 1 }).z
}
