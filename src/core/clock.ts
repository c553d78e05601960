/** The only source of "now" outside tests; a test hands in its own. */
export type Clock = { now: () => Date }
export const systemClock: Clock = { now: () => new Date() }
