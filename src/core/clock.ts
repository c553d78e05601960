/** The only source of "now" outside tests; a test hands in its own. */
export type Clock = { now: () => Date }
export const systemClock: Clock = { now: () => new Date() }

/** A clock that stands still: the same run twice gives the same rows. */
export const fixedClock = (at: Date): Clock => ({ now: () => new Date(at) })
