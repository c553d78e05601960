import type { Config } from '../../config/config.ts'
import type { Limit } from '../../platforms/budget.ts'
import type { Platform } from '../../platforms/platform.ts'

export type EffectiveLimit = Limit & {
  /** What the platform itself allows by default: an override may ask for less, or know of more. */
  platformAmount: number
}

/** The platform's buckets with the profile's overrides; what X may cost by default is configured. */
export function limitsOf(
  platform: Platform,
  overrides: Record<string, number>,
  config: Config,
): EffectiveLimit[] {
  return platform.limits.map((limit) => {
    const standard =
      limit.unit === 'micro_dollars' ? config.platforms.xMonthlyMicroDollars : limit.amount
    const override = Object.hasOwn(overrides, limit.bucket) ? overrides[limit.bucket] : undefined
    return { ...limit, amount: override ?? standard, platformAmount: standard }
  })
}

/** '9,600 units', '$1.25' */
export function inWords(unit: Limit['unit'], amount: number): string {
  if (unit !== 'micro_dollars') return `${Math.ceil(amount).toLocaleString('en-US')} ${unit}`
  const dollars = amount / 1_000_000
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: dollars < 1 ? 4 : 2 }
  return `$${dollars.toLocaleString('en-US', digits)}`
}
