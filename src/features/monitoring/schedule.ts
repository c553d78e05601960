const minute = 60_000

/**
 * The run after a good one: the first slot of the job's own rhythm that lies ahead, so that missed
 * runs are caught up once and the rhythm is kept.
 */
export function nextSlot(scheduledFor: Date, intervalMinutes: number, now: Date): Date {
  const interval = intervalMinutes * minute
  const passed = Math.max(0, now.getTime() - scheduledFor.getTime())
  return new Date(scheduledFor.getTime() + (Math.floor(passed / interval) + 1) * interval)
}

/**
 * The run after a failed one: 1, 2, 4 ... minutes, never later than the job's own interval (a day
 * for a source that is gone), spread by up to a fifth so that failures do not march in step.
 * `chance` is a number in [0, 1).
 */
export function retryAt(
  failures: number,
  intervalMinutes: number,
  kind: string,
  now: Date,
  chance: number,
): Date {
  const most = kind === 'not_found' ? 1_440 : intervalMinutes
  const wait = Math.min(2 ** Math.min(failures - 1, 20), most) * minute
  return new Date(now.getTime() + Math.round(wait * (0.9 + 0.2 * chance)))
}
