import type { Limit } from '../../platforms/budget.ts'
import type { Platform } from '../../platforms/platform.ts'
import { windowAt } from './budget.window.ts'

/** Sources that are looked at together. */
export type JobGroup = { intervalMinutes: number; sources: number }

export type Load = {
  groups: JobGroup[]
  /** Looks a day at the numbers of posts already known. */
  refreshesPerDay: number
  /** Looks a day at the comments of posts. */
  threadsPerDay?: number
}

/** Due looks wait this long for others (`due_profiles`), so no two within it are two calls. */
const refreshEveryMs = 300_000

/**
 * New posts a source and day, where nothing was measured: an active X account, a channel that
 * uploads daily, a lively subreddit.
 */
const assumedPostsPerDay: Record<string, number> = { twitter: 10, youtube: 1, reddit: 50 }
export const assumedPosts = (platformId: string): number =>
  Object.hasOwn(assumedPostsPerDay, platformId) ? (assumedPostsPerDay[platformId] ?? 10) : 10

const minutesADay = 1_440
const dayMs = 86_400_000

/** What a bucket will give in a day of this load: every run of each group, and every refresh. */
export function usePerDay(platform: Platform, bucket: string, load: Load): number {
  const runs = load.groups.map(
    ({ intervalMinutes, sources }) =>
      (minutesADay / intervalMinutes) * estimateOf(platform, bucket, sources, 0),
  )
  const looks = refreshUse(platform, bucket, load, dayMs) + threadUse(platform, bucket, load, dayMs)
  return Math.ceil(sum(runs) + looks)
}

/**
 * The most that one window will take. In a short one, all groups fall due together and as often as
 * their intervals allow.
 */
export function usePerWindow(platform: Platform, limit: Limit, load: Load, now: Date): number {
  const { window, bucket } = limit
  if (window.kind === 'day') return usePerDay(platform, bucket, load)
  if (window.kind === 'month') {
    const { startedAt, resetsAt } = windowAt(window, now)
    const days = (resetsAt.getTime() - startedAt.getTime()) / dayMs
    return Math.ceil(days * usePerDay(platform, bucket, load))
  }
  const runs = load.groups.map(
    ({ intervalMinutes, sources }) =>
      Math.ceil(window.seconds / (intervalMinutes * 60)) * estimateOf(platform, bucket, sources, 0),
  )
  const windowMs = window.seconds * 1_000
  const looks =
    refreshUse(platform, bucket, load, windowMs) + threadUse(platform, bucket, load, windowMs)
  return Math.ceil(sum(runs) + looks)
}

/** Refreshes spread evenly over the dispatches of a time: some carry one post more than others. */
function refreshUse(platform: Platform, bucket: string, load: Load, timeMs: number): number {
  const refreshes = Math.ceil((load.refreshesPerDay * timeMs) / dayMs)
  if (refreshes === 0) return 0
  const passes = Math.max(1, Math.min(refreshes, Math.floor(timeMs / refreshEveryMs)))
  const each = Math.floor(refreshes / passes)
  const fuller = refreshes - each * passes
  return (
    fuller * estimateOf(platform, bucket, 0, each + 1) +
    (passes - fuller) * estimateOf(platform, bucket, 0, each)
  )
}

/** No two threads share a call. */
const threadUse = (
  platform: Platform,
  bucket: string,
  { threadsPerDay = 0 }: Load,
  timeMs: number,
): number => Math.ceil((threadsPerDay * timeMs) / dayMs) * estimateOf(platform, bucket, 0, 0, 1)

const estimateOf = (
  platform: Platform,
  bucket: string,
  sources: number,
  refreshed: number,
  threads = 0,
) =>
  sum(
    platform
      .estimate(sources, refreshed, threads)
      .filter((cost) => cost.bucket === bucket)
      .map((cost) => cost.amount),
  )

const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0)

/** The load with more sources of one interval: they join the group that already has it. */
export function withSources(groups: JobGroup[], intervalMinutes: number, sources: number) {
  const same = groups.find((group) => group.intervalMinutes === intervalMinutes)
  const others = groups.filter((group) => group !== same)
  return [...others, { intervalMinutes, sources: (same?.sources ?? 0) + sources }]
}
