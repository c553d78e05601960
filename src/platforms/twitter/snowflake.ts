/** X's ids carry the millisecond of their making above 22 other bits, so they sort by time. */
const epochMs = 1_288_834_974_657n
const otherBits = 22n

export const timeOf = (id: string): number => Number((BigInt(id) >> otherBits) + epochMs)

/** The smallest id of a moment. Moments before November 2010 had other ids. */
export function idAt(ms: number): string {
  const since = BigInt(Math.floor(ms)) - epochMs
  return (since > 0n ? since << otherBits : 0n).toString()
}

export const isNewer = (id: string, than: string): boolean => BigInt(id) > BigInt(than)

export const newestOf = (...ids: (string | null)[]): string | null =>
  ids.reduce((best, id) => (id !== null && (best === null || isNewer(id, best)) ? id : best), null)

export const oldestOf = (...ids: (string | null)[]): string | null =>
  ids.reduce((best, id) => (id !== null && (best === null || isNewer(best, id)) ? id : best), null)

export const earlier = (id: string, ms: number): string => idAt(timeOf(id) - ms)
