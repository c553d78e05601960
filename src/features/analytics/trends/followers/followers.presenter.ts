import { downsample } from '../../../../statistics/downsample.ts'
import { dailyGrowth, growthRate } from '../../../../statistics/growth.ts'
import { localIso } from '../../frame/buckets.ts'
import { figure } from '../../frame/figure.ts'

const dayMs = 86_400_000
const mostPoints = 1_000

/** A day of the zone, and the last look in it. */
export type Day = {
  fromMs: number
  toMs: number
  offsetMs: number
  followers: number | null
  at: Date | null
}

const iso = (ms: number) => new Date(ms).toISOString()

/** Days as points, at most 1,000: neighbours share one, and what was least and most stays visible. */
export function pointsOf(days: readonly Day[]) {
  let before: number | null = null
  const points = downsample(days, ({ followers }) => followers, mostPoints).map(
    ({ points: own, first, last, min, max, mean }) => {
      const look = own.findLast(({ at }) => at !== null)
      const followers = look?.followers ?? null
      const change = before === null || followers === null ? null : followers - before
      before = followers
      return {
        from: iso(first.fromMs),
        to: iso(last.toMs),
        local: localIso(first.fromMs, first.offsetMs),
        followers,
        at: look?.at?.toISOString() ?? null,
        mean,
        min,
        max,
        change,
        days: own.length,
        reason: followers === null ? ('not_observed' as const) : null,
      }
    },
  )
  return { points, daysPerPoint: Math.max(1, Math.ceil(days.length / mostPoints)) }
}

export function growthOf(days: readonly Day[]) {
  const known = days.filter((day) => day.at !== null)
  const [first, last] = [known[0], known.at(-1)]
  const [from, to] = [first?.followers ?? null, last?.followers ?? null]
  const n = known.length
  const apart = (last?.at?.getTime() ?? 0) - (first?.at?.getTime() ?? 0)
  const two = n > 1 && from !== null && to !== null
  const reason = two ? 'starts_from_nothing' : 'fewer_than_two_looks'
  return {
    change: figure('followers', two ? to - from : null, n, reason),
    rate: figure('growth_rate', two ? growthRate(from, to) : null, n, reason),
    daily: figure('daily_growth', two ? dailyGrowth(from, to, apart / dayMs) : null, n, reason),
  }
}
