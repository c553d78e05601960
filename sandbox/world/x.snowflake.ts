const twitterEpochMs = 1_288_834_974_657

/**
 * X's own kind of id: milliseconds in the high bits, so that ids sort by time. The low 22 bits,
 * X's machine and sequence numbers, hold the source and the tweet's place in its day.
 */
export function snowflake(presentedMs: number, source: number, ordinal: number): string {
  const low = BigInt(source * 1024 + (ordinal % 1024))
  return ((BigInt(presentedMs - twitterEpochMs) << 22n) + low).toString()
}

export function readSnowflake(id: string): {
  presentedMs: number
  source: number
  ordinal: number
} {
  const value = BigInt(id)
  const low = Number(value & 0x3fffffn)
  return {
    presentedMs: Number(value >> 22n) + twitterEpochMs,
    source: Math.floor(low / 1024),
    ordinal: low % 1024,
  }
}

/** The smallest id of a moment: what since and start times compare with. */
export const firstIdAt = (presentedMs: number) =>
  BigInt(Math.max(0, presentedMs - twitterEpochMs)) << 22n
