import { createHash, randomBytes } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Clock } from '../../../core/clock.ts'
import { firstRow, rows, sql } from '../../../database/sql.ts'

export type LinkPurpose = 'verify_email' | 'reset_password' | 'change_email'
export type AccountToken = { token: string; expiresAt: Date }

type Needs = { em: EntityManager; clock: Clock }

/** Nobody guesses 256 bits, so a fast hash keeps them as well as a slow one would. */
const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url')

const goodForMs: Record<LinkPurpose, number> = {
  verify_email: 3_600_000,
  reset_password: 1_800_000,
  change_email: 3_600_000,
}

type Mint = { userId: string; purpose: LinkPurpose; email: string }

/** The only moment at which the token is known here: it goes into a mail, its hash stays. */
export async function mintToken(
  { em, clock }: Needs,
  { userId, purpose, email }: Mint,
): Promise<AccountToken> {
  const token = randomBytes(32).toString('base64url')
  const now = clock.now()
  const expiresAt = new Date(now.getTime() + goodForMs[purpose])
  await rows(
    em,
    sql`insert into account_tokens (user_id, purpose, token_hash, email, created_at, expires_at)
      values (${userId}, ${purpose}, ${hashOf(token)}, ${email}, ${now}, ${expiresAt})`,
  )
  return { token, expiresAt }
}

type Shown = { token: string; purpose: LinkPurpose }
type Holder = { id: string; user_id: string; email: string; tries: number }

/** Whose link this is, while it is good. Uses nothing up. */
export const findTokenHolder = ({ em, clock }: Needs, { token, purpose }: Shown) =>
  firstRow(
    em,
    sql<Holder>`
      select id, user_id, email, tries from account_tokens
      where token_hash = ${hashOf(token)} and purpose = ${purpose}
        and used_at is null and expires_at > ${clock.now()}`,
  )

/** Uses the link up: of many who show it at once one gets a row. */
export const useToken = ({ em, clock }: Needs, { token, purpose }: Shown) =>
  firstRow(
    em,
    sql<Holder>`
      update account_tokens set used_at = ${clock.now()}
      where token_hash = ${hashOf(token)} and purpose = ${purpose}
        and used_at is null and expires_at > ${clock.now()}
      returning id, user_id, email, tries`,
  )

/** Makes every open link of these kinds worthless. */
export const voidTokens = ({ em, clock }: Needs, userId: string, purposes: LinkPurpose[]) =>
  rows(
    em,
    sql`update account_tokens set used_at = ${clock.now()}
      where user_id = ${userId} and purpose = any(${purposes}) and used_at is null`,
  )

/** Counts a second factor that is tried with this link, before it is looked at. */
export const countTry = ({ em }: Needs, tokenId: string) =>
  firstRow(
    em,
    sql<{ tries: number }>`
      update account_tokens set tries = tries + 1 where id = ${tokenId} returning tries`,
  )

const keptDays = 7

/** Forgets links that have been worthless for a week. */
export const purgeTokens = ({ em, clock }: Needs) =>
  rows(
    em,
    sql`delete from account_tokens
      where expires_at < ${clock.now()}::timestamptz - make_interval(days => ${keptDays})`,
  )
