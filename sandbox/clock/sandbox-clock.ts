import type { Clock } from '../../src/core/clock.ts'

/** The sandbox's one "now": the machine's or a given clock, which the control API may move. */
export type SandboxClock = Clock & {
  ms: () => number
  /** Jumps there; a frozen clock stays frozen there, a running one runs on. */
  set: (now: Date) => void
  advance: (ms: number) => void
}

export function createSandboxClock(base: Date | Clock): SandboxClock {
  const read = base instanceof Date ? () => base.getTime() : () => base.now().getTime()
  let offset = 0
  const ms = () => read() + offset
  return {
    ms,
    now: () => new Date(ms()),
    set: (now) => {
      offset = now.getTime() - read()
    },
    advance: (by) => {
      offset += by
    },
  }
}
