import { createHash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import {
  createHashingLine,
  type HashingLine,
  type LineLimits,
  type Place,
} from './hashing/hashing-line.ts'
import { createHashingThreads } from './hashing/hashing-threads.ts'

/** bcrypt reads 72 bytes and no more: it gets the base64 of a SHA-384, which is 64. */
const scheme = 'bcrypt-sha384$'
const condensed = (password: string) =>
  createHash('sha384').update(password.normalize('NFKC')).digest('base64')

/** Where no place is named, it is whoever holds this machine's terminal. */
const proven: Place = { from: null, familiar: true }

/** Somebody who has proven who they are: ahead of strangers, and one of many who have. */
export const placeOfPerson = (userId: string): Place => ({
  from: `user ${userId}`,
  familiar: true,
  waiting: 2,
})

export type PasswordHashing = Pick<HashingLine, 'requireRoom'> & {
  hash: (password: string, cost: number, place?: Place) => Promise<string>
  /** `stored` null: nobody has this address, and finding that out must take as long. */
  matches: (
    password: string,
    stored: string | null,
    cost: number,
    place?: Place,
  ) => Promise<boolean>
}

/**
 * At cost 12 a hash takes a fifth of a second of a core. So it is done in threads that step back for
 * everything else, a few at once, with a short line in front: a flood of logins cannot take the box.
 */
export function createPasswordHashing(limits: LineLimits): PasswordHashing {
  const line = createHashingLine(limits)
  const threads = createHashingThreads()
  return {
    requireRoom: line.requireRoom,
    hash: (password, cost, place = proven) =>
      line.run(place, async () => scheme + (await threads.hash(condensed(password), cost))),
    matches: (password, stored, cost, place = proven) =>
      line.run(place, async () => {
        const known = stored?.startsWith(scheme) ? stored.slice(scheme.length) : null
        const typed = condensed(password)
        const same = await threads.compare(typed, known ?? nobodysHash(cost))
        for (const missing of missingWork(stored, cost)) {
          await threads.compare(typed, nobodysHash(missing))
        }
        return same && known !== null
      }),
  }
}

/** What a stored hash cost. null: not one of ours. */
export function hashCost(stored: string): number | null {
  const [, cost] = /^bcrypt-sha384\$\$2b\$(\d\d)\$/.exec(stored) ?? []
  return cost ? Number(cost) : null
}

/**
 * A hash from before the cost was raised is compared sooner than nobody's, and that would tell who has
 * an account. Costs are powers of two: from 10 to 12 it lacks one of 10 and one of 11.
 */
function missingWork(stored: string | null, cost: number): number[] {
  const had = stored === null ? null : hashCost(stored)
  if (had === null || had >= cost) return []
  return Array.from({ length: cost - had }, (_, more) => had + more)
}

/** Well-formed, of the same cost, and the hash of nothing anybody knows. */
const nobodysHash = (cost: number) =>
  `$2b$${String(cost).padStart(2, '0')}$CwTycUXWue0Thq9StjUM0uJ8T8Yv1oP1Bz3nC5bMZr8lqk0u9xYyG`

/** With it a flood of strangers keeps a thread busy for a third of the time. */
const restShare = 2

/**
 * One line for the whole process, because its cores are one; at most half of them, because where a
 * container's share of the machine is counted, priorities do not help whoever used it up. Four that
 * wait for a thread are served in under three seconds: who waits longer is hashed for nothing.
 */
const atOnce = Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2)))
export const passwordHashing = createPasswordHashing({
  atOnce,
  waiting: 4 * atOnce,
  waitingFrom: 4,
  rest: (workedMs) => pause(workedMs * restShare, undefined, { ref: false }),
})
