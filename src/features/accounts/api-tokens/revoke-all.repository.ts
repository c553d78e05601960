import type { Context } from '../../../context.ts'
import { rows, sql } from '../../../database/sql.ts'

/** Revokes everything that speaks for a person without their password; gives how many that were. */
export async function revokeAllApiTokens(
  { em, clock }: Pick<Context, 'em' | 'clock'>,
  userId: string,
): Promise<number> {
  const revoked = await rows(
    em,
    sql`update api_tokens set revoked_at = ${clock.now()}
      where user_id = ${userId} and revoked_at is null returning id`,
  )
  return revoked.length
}
