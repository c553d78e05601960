import type { Context } from '../../../context.ts'
import { firstRow, sql } from '../../../database/sql.ts'
import { type AccountToken, mintToken } from './account-tokens.repository.ts'

type Needs = Pick<Context, 'em' | 'clock'>

/** The mail that the link will stand in, as it was asked for. */
export type LinkMail = { userId: string | null; to: string; createdAt: Date }

type Holder = { id: string; email: string; is_verified: boolean; password_changed_at: Date | null }

/**
 * Somebody who may still use what was asked for at `createdAt`. Not after a later change of password:
 * whoever asked before may be the one who was locked out by it.
 */
async function findHolder({ em }: Needs, { userId, createdAt }: LinkMail): Promise<Holder | null> {
  if (!userId) return null
  return firstRow(
    em,
    sql<Holder>`
      select id, email, is_verified, password_changed_at from users
      where id = ${userId} and is_active
        and (password_changed_at is null or password_changed_at <= ${createdAt})`,
  )
}

/** Good for an hour. null: there is nothing to verify any more. */
export async function mintVerifyEmailToken(
  ctx: Needs,
  mail: LinkMail,
): Promise<AccountToken | null> {
  const holder = await findHolder(ctx, mail)
  if (!holder || holder.is_verified || holder.email !== mail.to) return null
  return mintToken(ctx, { userId: holder.id, purpose: 'verify_email', email: mail.to })
}

/** Good for half an hour. null: nobody waits for it any more. */
export async function mintResetToken(ctx: Needs, mail: LinkMail): Promise<AccountToken | null> {
  const holder = await findHolder(ctx, mail)
  if (holder?.email !== mail.to) return null
  return mintToken(ctx, { userId: holder.id, purpose: 'reset_password', email: mail.to })
}

/** For the new address, good for an hour. null: nobody waits for it any more. */
export async function mintChangeEmailToken(
  ctx: Needs,
  mail: LinkMail,
): Promise<AccountToken | null> {
  const holder = await findHolder(ctx, mail)
  if (!holder || holder.email === mail.to) return null
  return mintToken(ctx, { userId: holder.id, purpose: 'change_email', email: mail.to })
}
