import { type Draws, draws } from './planted.ts'

export const minutesOfWeek = 7 * 24 * 60
const weeks = 5
/** Whoever judges has seen this much before the first planted burst. */
export const learnedMinutes = 3 * minutesOfWeek
export const lengthMinutes = weeks * minutesOfWeek
export const tags = 120

export type PlantedBurst = { tag: number; from: number; to: number; size: number }
/** authors[tag]: for each post its minute and its author, in the order of time. */
export type TagPost = { minute: number; author: number }
export type BurstWorld = { posts: TagPost[][]; bursts: PlantedBurst[] }

/** The stream's own day and week. */
function rhythm(minute: number): number {
  const hour = (minute / 60) % 24
  const day = Math.floor(minute / 1440) % 7
  return (1 + 0.7 * Math.sin((2 * Math.PI * (hour - 9)) / 24)) * (day >= 5 ? 0.7 : 1)
}

/**
 * Tags of very different sizes, some with a weekday of their own (#mondaymotivation), 200 bursts of 3
 * to 30 times the usual for 5 minutes to 6 hours, and people who post one tag over and over.
 */
export function burstWorld(seed: number): BurstWorld {
  const draw = draws(seed)
  const rates = Array.from({ length: tags }, (_, tag) => 60 / (1 + tag) ** 0.8 / 60)
  const weekday = rates.map((_, tag) => (tag % 6 === 0 ? draw.whole(7) : null))
  const bursts = plantBursts(draw, rates)
  const posts = rates.map((rate, tag) => {
    const own = bursts.filter((burst) => burst.tag === tag)
    const people = 2_000
    const list: TagPost[] = []
    for (let minute = 0; minute < lengthMinutes; minute++) {
      const day = Math.floor(minute / 1440) % 7
      const peak = weekday[tag] === day ? 6 : 1
      const boost = own.find(({ from, to }) => minute >= from && minute < to)?.size ?? 1
      const count = draw.poisson(rate * rhythm(minute) * peak * boost)
      for (let n = 0; n < count; n++) list.push({ minute, author: draw.whole(people) })
    }
    return list.concat(spam(draw)).toSorted((one, other) => one.minute - other.minute)
  })
  return { posts, bursts }
}

function plantBursts(draw: Draws, rates: readonly number[]): PlantedBurst[] {
  const bursts: PlantedBurst[] = []
  while (bursts.length < 200) {
    const tag = draw.whole(rates.length)
    const length = Math.round(5 * 72 ** draw.uniform())
    const from = learnedMinutes + draw.whole(lengthMinutes - learnedMinutes - length)
    const apart = bursts.every(
      (one) => one.tag !== tag || from > one.to + 720 || from + length < one.from - 720,
    )
    // A burst that brings fewer than ten posts is no burst in anybody's eyes.
    const size = 3 * 10 ** draw.uniform()
    const posts = (rates[tag] ?? 0) * size * rhythm(from + length / 2) * length
    if (apart && posts >= 10) bursts.push({ tag, from, to: from + length, size })
  }
  return bursts
}

/** Somebody posts the tag sixty times in an hour, now and then. */
function spam(draw: Draws): TagPost[] {
  if (draw.uniform() > 0.25) return []
  const from = learnedMinutes + draw.whole(lengthMinutes - learnedMinutes - 60)
  const author = 1_000_000
  return Array.from({ length: 60 }, (_, n) => ({ minute: from + n, author }))
}
