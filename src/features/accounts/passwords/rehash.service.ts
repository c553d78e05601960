import type { Context } from '../../../context.ts'
import { rows, sql } from '../../../database/sql.ts'
import { hashCost, passwordHashing, placeOfPerson } from '../password.ts'

type Needs = Pick<Context, 'em' | 'config' | 'log'>
type Proven = { userId: string; password: string; storedHash: string }

/**
 * Hashes a password that was just proven once more, where PASSWORD_HASH_COST has been raised since.
 * Never in the way of signing in: where there is no room in the line it is done next time.
 */
export async function rehashIfCheaper(
  { em, config, log }: Needs,
  { userId, password, storedHash }: Proven,
): Promise<void> {
  const cost = config.auth.passwordHashCost
  const stored = hashCost(storedHash)
  if (stored === null || stored >= cost) return
  try {
    const hash = await passwordHashing.hash(password, cost, placeOfPerson(userId))
    await rows(
      em,
      sql`update users set password_hash = ${hash}
        where id = ${userId} and password_hash = ${storedHash}`,
    )
    log.info({ userId, from: stored, to: cost }, 'a password is hashed at the raised cost now')
  } catch (error) {
    log.warn({ userId, err: error }, 'a password keeps its cheaper hash for now')
  }
}
