import type { Random } from './random.ts'
import { minuteMs, type Numbers, type WorldSample } from './world.ts'

/** Ages in minutes at which a post's numbers are looked at, the first look among them. */
export const usualLooks = [5, 15, 60, 180, 360, 720, 1_440, 2_880, 5_760, 10_080, 20_160, 43_200]
export const fewLooks = [60, 360, 1_440, 10_080]

/** The minutes of the looks that were before the world's end; a young post has been seen once. */
export function looksOf(publishedMs: number, epochMs: number, ages: readonly number[]): number[] {
  const looks = ages
    .map((age) => Math.floor(publishedMs / minuteMs + age) * minuteMs)
    .filter((at) => at <= epochMs)
  return looks.length > 0 ? looks : [Math.floor(epochMs / minuteMs) * minuteMs]
}

/** Few posts have very much: one over what is drawn, at most twenty times the usual. */
export const luck = (random: Random) => 0.6 / (0.03 + random.unit())

const grown = (whole: number | null, share: number) =>
  whole === null ? null : Math.floor(whole * share)

/** Numbers that grow towards `whole`: half of it after `halfMinutes`, and never less than before. */
export function growTo(
  publishedMs: number,
  looks: readonly number[],
  whole: Numbers,
  halfMinutes: number,
): WorldSample[] {
  return looks.map((atMs) => {
    const age = Math.max(0, (atMs - publishedMs) / minuteMs)
    const share = age / (age + halfMinutes)
    return {
      atMs,
      views: grown(whole.views, share),
      likes: grown(whole.likes, share),
      comments: grown(whole.comments, share),
      shares: grown(whole.shares, share),
      score: grown(whole.score, share),
      upvoteRatio: whole.upvoteRatio,
    }
  })
}
