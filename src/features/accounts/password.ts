import { createHash } from 'node:crypto'
import bcrypt from 'bcrypt'
import PQueue from 'p-queue'
import { AppError } from '../../core/errors.ts'

/** bcrypt reads 72 bytes and no more: it gets the base64 of a SHA-384, which is 64. */
const scheme = 'bcrypt-sha384$'
const condensed = (password: string) =>
  createHash('sha384').update(password.normalize('NFKC')).digest('base64')

export type PasswordHashing = {
  hash: (password: string, cost: number) => Promise<string>
  /** `stored` null: nobody has this address, and finding that out must take as long. */
  matches: (password: string, stored: string | null, cost: number) => Promise<boolean>
}

type Limits = { atOnce: number; waiting: number }

/**
 * At cost 12 a hash takes a fifth of a second of a core: a few at once, a short line behind them,
 * and whoever comes after that is asked to come back. So a flood of logins cannot take the box.
 */
export function createPasswordHashing({ atOnce, waiting }: Limits): PasswordHashing {
  const line = new PQueue({ concurrency: atOnce })
  const inLine = <T>(work: () => Promise<T>): Promise<T> => {
    if (line.size >= waiting) {
      const message = 'Too many people are signing in just now. Try again in a moment.'
      throw new AppError('unavailable', message, { retryAfterS: 5 })
    }
    return line.add(work)
  }
  return {
    hash: (password, cost) =>
      inLine(async () => scheme + (await bcrypt.hash(condensed(password), cost))),
    matches: (password, stored, cost) =>
      inLine(async () => {
        const known = stored?.startsWith(scheme) ? stored.slice(scheme.length) : null
        const typed = condensed(password)
        const same = await bcrypt.compare(typed, known ?? nobodysHash(cost))
        for (const missing of missingWork(stored, cost)) {
          await bcrypt.compare(typed, nobodysHash(missing))
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

/** One line for the whole process, because its cores are one. */
export const passwordHashing = createPasswordHashing({ atOnce: 2, waiting: 64 })
