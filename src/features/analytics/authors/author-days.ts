import { growthRate } from '../../../statistics/growth.ts'
import { type Figure, figure } from '../frame/figure.ts'

const dayMs = 86_400_000

/** `ago` 0 is today. */
export type DaySums = {
  ago: number
  posts: number
  views: number
  viewsN: number
  engagement: number
  engagementN: number
}

type DayRow = Record<'day' | 'posts' | 'views' | 'views_n' | 'engagement' | 'engagement_n', string>

/** Every day from 60 days ago to today, oldest first; those without a row have nothing. */
export function daySums(found: readonly DayRow[], today: number): DaySums[] {
  const byAgo = new Map(
    found.map((row) => [today - Date.parse(`${row.day}T00:00:00Z`) / dayMs, row]),
  )
  return Array.from({ length: 61 }, (_, index) => {
    const ago = 60 - index
    const row = byAgo.get(ago)
    return {
      ago,
      posts: Number(row?.posts ?? 0),
      views: Number(row?.views ?? 0),
      viewsN: Number(row?.views_n ?? 0),
      engagement: Number(row?.engagement ?? 0),
      engagementN: Number(row?.engagement_n ?? 0),
    }
  })
}

/** The days from `nearest` to `farthest` ago together. */
export function sumDays(days: readonly DaySums[], nearest: number, farthest: number) {
  const own = days.filter(({ ago }) => ago >= nearest && ago <= farthest)
  const sum = (key: Exclude<keyof DaySums, 'ago'>) =>
    own.reduce((total, one) => total + one[key], 0)
  const [posts, engagementN, viewsN] = [sum('posts'), sum('engagementN'), sum('viewsN')]
  const why = posts > 0 ? 'not_reported' : 'no_items'
  const told = (definition: string, value: number, n: number) =>
    figure(definition, n > 0 ? value : null, n, why)
  return {
    posts: figure('posts', posts, own.length),
    engagement: told('engagement', sum('engagement'), engagementN),
    views: told('views', sum('views'), viewsN),
    averagePerPost: told('average_per_post', sum('engagement') / engagementN, engagementN),
  }
}

/** `isWatched`: the days before were watched as well; else they are no measure for these. */
export const growthOf =
  (isWatched: boolean) =>
  (before: Figure, last: Figure): Figure => {
    const rate = isWatched ? growthRate(before.value, last.value) : null
    const why = before.value === null ? 'nothing_before' : 'nothing_to_compare'
    const reason = before.value === 0 ? 'from_zero' : why
    return figure('growth_rate', rate, last.n, isWatched ? reason : 'not_watched_before')
  }
