import type { LimitRule } from '../../../limits/limits.ts'

const minuteS = 60
const hourS = 3_600
/** We count and decide; the limiter never refuses by itself. */
const uncapped = 1_000_000_000

/** Tries that cost nothing but themselves; the last of them, when it fails, closes the gate. */
export const freeTries = 5
const firstDelayS = 30
const longestDelayS = hourS

/** 30 s after the fifth wrong try, then twice as long after each one more, up to an hour. */
export const delayAfter = (tries: number): number =>
  tries < freeTries ? 0 : Math.min(firstDelayS * 2 ** (tries - freeTries), longestDelayS)

/** Wrong tries for one account, from wherever, after which its owner is told. Once in the window. */
export const tellOwnerAt = 10
/** Accounts that one address may get wrong before that is a pattern: somebody tries a list. */
export const manyAccounts = 20

const rule = (name: string, durationS: number, points = uncapped): LimitRule => ({
  name,
  points,
  durationS,
  // A right login from the same address lifts them, in every process at once.
  refuseFromMemory: false,
})

/** Tries by account and address: a day after the first one everything begins anew. */
export const triesRule = rule('login_tries', 24 * hourS)
/** Those of them that went through the gate: how long it is closed next. */
export const passesRule = rule('login_passes', 24 * hourS)
/** Closed while its one point is taken: it lets one through at a time, however many come at once. */
export const gateRule: LimitRule = {
  ...rule('login_gate', firstDelayS, 1),
  longestBlockS: longestDelayS,
}
export const accountRule = rule('login_account', hourS)
export const firstWrongRule = rule('login_first_wrong', 10 * minuteS)
export const addressRule = rule('login_address', 10 * minuteS)
