import type { Context } from '../../context.ts'
import { invalidField } from '../../core/errors.ts'
import type { Platform } from '../../platforms/platform.ts'

/** The minutes a job of this platform may take: the platform's range, or what the set-up widens it to. */
const intervalRange = (ctx: Pick<Context, 'config'>, platform: Platform) => ({
  min: ctx.config.platforms.minIntervalMinutes ?? platform.interval.min,
  max: platform.interval.max,
})

/** The interval asked for, or the default; refused in words when it lies outside the range. */
export function intervalFor(
  ctx: Pick<Context, 'config'>,
  platform: Platform,
  asked: number | undefined,
  pointer: string,
): number {
  if (asked === undefined) return platform.interval.default
  const { min, max } = intervalRange(ctx, platform)
  if (asked >= min && asked <= max) return asked
  throw invalidField(
    pointer,
    `A ${platform.name} job runs every ${min} to ${max} minutes; ${asked} is outside of that`,
  )
}
