import type { EntityManager } from '@mikro-orm/postgresql'
import type { Context } from '../../context.ts'
import { AppError } from '../../core/errors.ts'
import type { Platform } from '../../platforms/platform.ts'
import { sampleAgesOf, threadAges } from '../../platforms/sample-ages.ts'
import {
  assumedPosts,
  type JobGroup,
  type Load,
  usePerDay,
  usePerWindow,
  withSources,
} from './budget.forecast.ts'
import { type EffectiveLimit, inWords, limitsOf } from './budget.limits.ts'
import { findOpenWindows, type OpenWindow } from './budget.queries.ts'
import type { BudgetView } from './budget.schemas.ts'
import { leftOf } from './budget.store.ts'
import { windowAt } from './budget.window.ts'
import type { CredentialProfile } from './credential-profile.entity.ts'
import { platformOf } from './credentials.service.ts'
import { countCommented, findJobGroups, measurePostsPerDay } from './load.queries.ts'

type Part = Pick<Context, 'em' | 'clock' | 'config' | 'platforms'>

type Rhythm = Pick<BudgetView, 'postsPerSourcePerDay' | 'postsBasis'>

/** Measured where something was collected, assumed (and said so) where not. */
async function rhythmOf(
  em: EntityManager,
  platform: Platform,
  profileId: string,
  now: Date,
): Promise<Rhythm> {
  const kinds = platform.refreshableKinds
  if (kinds.length === 0) return { postsPerSourcePerDay: null, postsBasis: 'measured' }
  const measured = await measurePostsPerDay(em, profileId, kinds, now)
  if (measured !== null) return { postsPerSourcePerDay: measured, postsBasis: 'measured' }
  return { postsPerSourcePerDay: assumedPosts(platform.id), postsBasis: 'assumed' }
}

function loadOf(platform: Platform, groups: JobGroup[], { postsPerSourcePerDay }: Rhythm): Load {
  const sources = groups.reduce((total, group) => total + group.sources, 0)
  const looks = sampleAgesOf(platform).length
  const refreshesPerDay = Math.ceil(sources * (postsPerSourcePerDay ?? 0) * looks)
  return { groups, refreshesPerDay, threadsPerDay: 0 }
}

/** The load with the looks at comments. They wait where they do not fit, so no job is refused for them. */
async function withThreads(
  em: EntityManager,
  platform: Platform,
  profileId: string,
  load: Load,
  { postsPerSourcePerDay }: Rhythm,
): Promise<Load> {
  if (!platform.commentedKinds) return load
  const sources = await countCommented(em, profileId)
  const posts = sources * (postsPerSourcePerDay ?? 0)
  return { ...load, threadsPerDay: Math.ceil(posts * threadAges.length) }
}

/**
 * What the collection of posts will still need of each bucket before it refills: in a day or a month
 * by the part of it that lies ahead, in a short window all that falls due together.
 */
export async function collectionNeeds(
  ctx: Part,
  profile: CredentialProfile,
): Promise<Map<string, number>> {
  const platform = platformOf(ctx, profile.platform)
  const now = ctx.clock.now()
  const groups = await findJobGroups(ctx.em, profile.id)
  const load = loadOf(platform, groups, await rhythmOf(ctx.em, platform, profile.id, now))
  return new Map(
    limitsOf(platform, profile.limits, ctx.config).map((limit) => {
      const need = usePerWindow(platform, limit, load, now)
      if (limit.window.kind === 'rolling') return [limit.bucket, need]
      const { startedAt, resetsAt } = windowAt(limit.window, now)
      const ahead = resetsAt.getTime() - now.getTime()
      const whole = resetsAt.getTime() - startedAt.getTime()
      return [limit.bucket, Math.ceil((need * ahead) / whole)]
    }),
  )
}

/** What is left in each bucket, when it refills, and what the active jobs will use of it. */
export async function describeBudget(ctx: Part, profile: CredentialProfile): Promise<BudgetView> {
  const platform = platformOf(ctx, profile.platform)
  const now = ctx.clock.now()
  const windows = await findOpenWindows(ctx.em, profile.id, now)
  const groups = await findJobGroups(ctx.em, profile.id)
  const rhythm = await rhythmOf(ctx.em, platform, profile.id, now)
  const posts = loadOf(platform, groups, rhythm)
  const load = await withThreads(ctx.em, platform, profile.id, posts, rhythm)
  const limits = limitsOf(platform, profile.limits, ctx.config)
  return {
    profileId: profile.id,
    activeSources: groups.reduce((total, group) => total + group.sources, 0),
    ...rhythm,
    refreshesPerDay: load.refreshesPerDay,
    threadsPerDay: load.threadsPerDay ?? 0,
    buckets: limits.map((limit) =>
      describeBucket(platform, limit, windows.get(limit.bucket), load, now),
    ),
  }
}

function describeBucket(
  platform: Platform,
  limit: EffectiveLimit,
  open: OpenWindow | undefined,
  load: Load,
  now: Date,
): BudgetView['buckets'][number] {
  const most = Math.min(limit.amount, open?.seenLimit ?? limit.amount)
  const span = open ?? (limit.window.kind === 'rolling' ? null : windowAt(limit.window, now))
  const perDay = usePerDay(platform, limit.bucket, load)
  const perWindow = usePerWindow(platform, limit, load, now)
  const figures = { limit: most, used: open?.used ?? 0, remaining: leftOf(limit, open) }
  const money = limit.unit === 'micro_dollars'
  return {
    bucket: limit.bucket,
    label: limit.label,
    unit: limit.unit,
    ...figures,
    windowStartedAt: span?.startedAt.toISOString() ?? null,
    resetsAt: span?.resetsAt.toISOString() ?? null,
    forecastPerDay: perDay,
    forecastPerWindow: perWindow,
    fits: perWindow <= limit.amount,
    dollars: money
      ? {
          limit: figures.limit / 1_000_000,
          used: figures.used / 1_000_000,
          remaining: figures.remaining / 1_000_000,
          forecastPerDay: perDay / 1_000_000,
        }
      : null,
  }
}

/**
 * Throws over_budget, with the figures and what would fit, when jobs over so many more sources would
 * need more of a bucket than the profile has. Ask before a job is saved.
 */
export async function assertFits(
  ctx: Part,
  profile: CredentialProfile,
  extraSources: number,
  intervalMinutes: number,
): Promise<void> {
  const platform = platformOf(ctx, profile.platform)
  const now = ctx.clock.now()
  const groups = await findJobGroups(ctx.em, profile.id)
  const rhythm = await rhythmOf(ctx.em, platform, profile.id, now)
  const limits = limitsOf(platform, profile.limits, ctx.config)
  const before = loadOf(platform, groups, rhythm)
  const loadAt = (minutes: number) =>
    loadOf(platform, withSources(groups, minutes, extraSources), rhythm)
  const overAt = (minutes: number) =>
    limits.flatMap((limit) => {
      const [then, today] = [loadAt(minutes), before].map((load) =>
        usePerWindow(platform, limit, load, now),
      )
      const [needs = 0, has = 0] = [then, today]
      // A bucket that is too small already refuses only what takes even more of it.
      return needs > limit.amount && needs > has ? [{ limit, needs, has }] : []
    })
  const over = overAt(intervalMinutes)
  if (over.length === 0) return
  const slower = slowerIntervals
    .filter((minutes) => minutes > intervalMinutes && minutes <= platform.interval.max)
    .find((minutes) => overAt(minutes).length === 0)
  throw new AppError('over_budget', refusal(platform, profile, over, slower))
}

const slowerIntervals = [15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 720, 1_440]

function refusal(
  platform: Platform,
  profile: CredentialProfile,
  over: { limit: EffectiveLimit; needs: number; has: number }[],
  slower: number | undefined,
): string {
  const figures = over.map(({ limit, needs, has }) => {
    const [most, then, now] = [limit.amount, needs, has].map((amount) =>
      inWords(limit.unit, amount),
    )
    return `${limit.label}: ${most} allowed, ${then} needed, of which ${now} by the jobs that already run`
  })
  const advice = slower
    ? `Every ${slower} minutes would fit.`
    : `No interval that ${platform.name} jobs may have would fit: watch fewer ${platform.sourceKind}s, or raise the limits of the profile if ${platform.name} allows you more.`
  return `This does not fit the budget of the ${platform.name} profile '${profile.name}'. ${figures.join('; ')}. ${advice}`
}
