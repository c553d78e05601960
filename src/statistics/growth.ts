/** From one value to a later one, as a share of the first: 0.1 is ten percent more. null from nothing. */
export const growthRate = (from: number | null, to: number | null): number | null =>
  from === null || to === null || from === 0 ? null : (to - from) / Math.abs(from)

/** The same growth a day, compounded, as if it had been even. null where it cannot be said. */
export function dailyGrowth(from: number | null, to: number | null, days: number): number | null {
  if (from === null || to === null || from <= 0 || to < 0 || days <= 0) return null
  return (to / from) ** (1 / days) - 1
}
