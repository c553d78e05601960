import type { ScopeQuery } from './scope.ts'

type Period = Pick<ScopeQuery, 'from' | 'to' | 'days'>

/** Where neither `from` nor `days` is said, so many days up to `to`: more than the usual thirty. */
export function usualPeriod<P extends Period>(period: P, days: number): P {
  if (period.from !== undefined || period.days !== undefined) return period
  if (period.to === undefined) return { ...period, days }
  return { ...period, from: new Date(Date.parse(period.to) - days * 86_400_000).toISOString() }
}
