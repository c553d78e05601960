import type { TimedPost } from '../../src/statistics/slot-cells.ts'
import type { Draws } from './planted.ts'

const slotCount = 168
const regulars = 12
const strangers = 60
const videoEffect = 0.7

/** What audiences do: a bump around one hour, weaker at weekends. */
export function plantedEffect(draw: Draws): number[] {
  const peak = draw.whole(24)
  const weekend = -0.5 * draw.uniform()
  return Array.from({ length: slotCount }, (_, slot) => {
    const away = Math.abs((((slot % 24) - peak + 36) % 24) - 12)
    return 0.9 * Math.exp(-((away / 3) ** 2)) + (slot >= 120 ? weekend : 0)
  })
}

export const flatEffect = (): number[] => new Array<number>(slotCount).fill(0)

type Habits = { author: string; level: number; growth: number; hour: () => number; count: number }

/**
 * Ninety days of one subreddit. Regulars post at office hours of their own, some much more than others,
 * and grow or fade. One of them is strong and always posts at the same hour. Strangers come once or
 * twice. Videos do better and are posted in the evening.
 */
export function postingWorld(draw: Draws, effect: readonly number[]): TimedPost[] {
  const videosAround = draw.whole(24)
  const people: Habits[] = Array.from({ length: regulars }, (_, index) => {
    const favourite = draw.whole(24)
    return {
      author: `regular${index}`,
      level: 3 + 1.2 * draw.normal(),
      growth: 0.3 * draw.normal(),
      hour: () => (favourite + Math.round(4 * draw.normal()) + 240) % 24,
      count: 20 + Math.floor(180 * draw.uniform() ** 3),
    }
  })
  const own = draw.whole(24)
  people.push({
    author: 'prolific',
    level: 5.5 + 0.5 * draw.normal(),
    growth: 0.3 * draw.normal(),
    hour: () => own,
    count: 150 + draw.whole(150),
  })
  for (let index = 0; index < strangers; index++) {
    people.push({
      author: `stranger${index}`,
      level: 2.5 + 1.2 * draw.normal(),
      growth: 0,
      hour: () => draw.whole(24),
      count: 1 + draw.whole(2),
    })
  }
  return people.flatMap((habits) => postsOf(draw, habits, effect, videosAround))
}

function postsOf(
  draw: Draws,
  { author, level, growth, hour: nextHour, count }: Habits,
  effect: readonly number[],
  videosAround: number,
): TimedPost[] {
  return Array.from({ length: count }, () => {
    const hour = nextHour()
    const day = draw.uniform() < 0.8 ? draw.whole(5) : 5 + draw.whole(2)
    const slot = 24 * day + hour
    const away = Math.abs(((hour - videosAround + 36) % 24) - 12)
    const video = draw.uniform() < (away < 4 ? 0.7 : 0.2)
    const month = draw.whole(3)
    return {
      source: 'subreddit',
      author,
      kind: video ? 'video' : 'text',
      month,
      slot,
      y:
        level +
        growth * month +
        (video ? videoEffect : 0) +
        (effect[slot] ?? 0) +
        0.9 * draw.normal(),
    }
  })
}
