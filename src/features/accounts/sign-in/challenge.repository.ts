import { createHash, randomBytes } from 'node:crypto'
import type { Context } from '../../../context.ts'
import { firstRow, rows, sql } from '../../../database/sql.ts'

type Needs = Pick<Context, 'em' | 'clock'>

const goodForMs = 5 * 60_000
/** Wrong codes after which it is worth nothing. */
const mostTries = 5

const hashOf = (challenge: string) => createHash('sha256').update(challenge).digest('base64url')

/** Says that the password was right: with a code it becomes a session. Its hash alone is kept. */
export async function openChallenge(
  { em, clock }: Needs,
  userId: string,
): Promise<{ challenge: string; expiresAt: string }> {
  const challenge = randomBytes(32).toString('base64url')
  const now = clock.now()
  const expiresAt = new Date(now.getTime() + goodForMs)
  await rows(
    em,
    sql`insert into account_tokens (user_id, purpose, token_hash, created_at, expires_at)
      values (${userId}, 'second_factor', ${hashOf(challenge)}, ${now}, ${expiresAt})`,
  )
  return { challenge, expiresAt: expiresAt.toISOString() }
}

/** Takes one of its tries, before the code is judged: many at once are no more tries. null: no good. */
export const tryChallenge = ({ em, clock }: Needs, challenge: string) =>
  firstRow(
    em,
    sql<{ id: string; user_id: string; created_at: Date }>`
      update account_tokens set tries = tries + 1
      where token_hash = ${hashOf(challenge)} and purpose = 'second_factor'
        and used_at is null and expires_at > ${clock.now()} and tries < ${mostTries}
      returning id, user_id, created_at`,
  )

/** false: somebody else was first with it. */
export const useChallenge = async ({ em, clock }: Needs, id: string): Promise<boolean> => {
  const used = await firstRow(
    em,
    sql`update account_tokens set used_at = ${clock.now()}
      where id = ${id} and used_at is null returning id`,
  )
  return used !== null
}
