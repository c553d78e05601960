import type { SandboxClock } from './sandbox-clock.ts'

/**
 * World time runs `speed` times as fast as the clock from the epoch on. What happens there is dated
 * by the clock's time at which it happened, so nothing is ever dated in the future: an event at
 * world time w is presented at epoch + (w - epoch) / speed. Before the epoch both are the same.
 * Changing the speed starts a new stretch and leaves what is already dated alone.
 */
export type WorldTime = {
  epochMs: number
  /** World milliseconds at this moment. */
  now: () => number
  presented: (worldMs: number) => number
  world: (presentedMs: number) => number
  speed: () => number
  setSpeed: (speed: number) => void
}

type Stretch = { fromMs: number; worldMs: number; speed: number }

export function createWorldTime(clock: SandboxClock, epochMs: number, speed: number): WorldTime {
  const history: Stretch = { fromMs: 0, worldMs: 0, speed: 1 }
  const stretches: Stretch[] = [history, { fromMs: epochMs, worldMs: epochMs, speed }]
  const last = (fits: (stretch: Stretch) => boolean) => stretches.findLast(fits) ?? history

  const world = (ms: number) => {
    const stretch = last(({ fromMs }) => fromMs <= ms)
    return stretch.worldMs + (ms - stretch.fromMs) * stretch.speed
  }
  const presented = (ms: number) => {
    const stretch = last(({ worldMs }) => worldMs <= ms)
    return Math.floor(stretch.fromMs + (ms - stretch.worldMs) / stretch.speed)
  }
  const setSpeed = (next: number) => {
    const fromMs = Math.max(clock.ms(), epochMs)
    const worldMs = world(fromMs)
    while (stretches.length > 1 && last(() => true).fromMs >= fromMs) stretches.pop()
    stretches.push({ fromMs, worldMs, speed: next })
  }
  return {
    epochMs,
    now: () => world(clock.ms()),
    presented,
    world,
    speed: () => last(() => true).speed,
    setSpeed,
  }
}

/** Restarts on one day agree with each other when the world starts at the day's midnight. */
export const midnightBefore = (now: Date) =>
  Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate())
