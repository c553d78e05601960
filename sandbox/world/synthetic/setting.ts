import type { WorldTime } from '../../clock/world-time.ts'
import { dayMs } from '../calendar.ts'

export type Setting = { seed: number; time: WorldTime }

/**
 * History starts on the first of a month at least 45 days before the epoch, so that restarts on
 * other days of that month see the same past.
 */
export function firstDayOfHistory({ time }: Setting): number {
  const past = new Date(time.epochMs - 45 * dayMs)
  return Date.UTC(past.getUTCFullYear(), past.getUTCMonth(), 1) / dayMs
}

/** Slow platforms need a longer past for more than one page of it. */
export const firstDayOfLastYear = ({ time }: Setting) =>
  Date.UTC(new Date(time.epochMs).getUTCFullYear() - 1, 0, 1) / dayMs
