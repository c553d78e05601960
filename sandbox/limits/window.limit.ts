/** What is left of an allowance, and when it is whole again (epoch milliseconds). */
type Allowance = { limit: number; remaining: number; resetMs: number; refused: boolean }

type Limiter = {
  /** Counts one call, unless nothing is left. */
  take: (key: string, limit: number) => Allowance
  reset: () => void
}

/** A window that opens with the first call and is full again when it closes. */
export function createWindowLimiter(nowMs: () => number, windowMs: number): Limiter {
  return windows((key, opened) => {
    const now = nowMs()
    const since = opened.get(key)
    if (since !== undefined && now < since + windowMs && now >= since)
      return [since, since + windowMs]
    opened.set(key, now)
    return [now, now + windowMs]
  })
}

/** A window that opens and closes at fixed times: the ten minutes of the clock, a zone's day. */
export function createFixedLimiter(bounds: () => [number, number]): Limiter {
  return windows(bounds)
}

function windows(bounds: (key: string, opened: Map<string, number>) => [number, number]): Limiter {
  const opened = new Map<string, number>()
  const used = new Map<string, { since: number; count: number }>()
  return {
    take: (key, limit) => {
      const [since, resetMs] = bounds(key, opened)
      const known = used.get(key)
      const state = known?.since === since ? known : { since, count: 0 }
      used.set(key, state)
      const refused = state.count >= limit
      if (!refused) state.count++
      return { limit, remaining: limit - state.count, resetMs, refused }
    },
    reset: () => {
      opened.clear()
      used.clear()
    },
  }
}

/** A bucket that fills up evenly: Twitch's points. */
export function createBucketLimiter(nowMs: () => number, fullInMs: number): Limiter {
  const buckets = new Map<string, { points: number; atMs: number }>()
  return {
    take: (key, limit) => {
      const now = nowMs()
      const last = buckets.get(key) ?? { points: limit, atMs: now }
      const filled = Math.min(
        limit,
        last.points + (Math.max(0, now - last.atMs) / fullInMs) * limit,
      )
      const refused = filled < 1
      const points = refused ? filled : filled - 1
      buckets.set(key, { points, atMs: now })
      const resetMs = now + ((limit - points) / limit) * fullInMs
      return { limit, remaining: Math.floor(points), resetMs, refused }
    },
    reset: () => buckets.clear(),
  }
}
