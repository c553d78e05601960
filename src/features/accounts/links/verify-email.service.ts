import { type EntityManager, LockMode } from '@mikro-orm/postgresql'
import type { Context } from '../../../context.ts'
import { invalidField } from '../../../core/errors.ts'
import { noteAccount } from '../note-account.ts'
import { passwordHashing, placeOfPerson } from '../password.ts'
import { UserEntity } from '../user.entity.ts'
import { findTokenHolder, useToken, voidTokens } from './account-tokens.repository.ts'
import { badLink } from './bad-link.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'config' | 'origin'>
type Verification = { token: string; password: string }

/**
 * Whoever shows the link has read the mail: the address is theirs. The account is theirs only where
 * they know its password too: anybody may open one with anybody's address, and its first or newest
 * password may be a stranger's, who waits for the link to be followed. Throws for a link that is not
 * good, and for a wrong password, which does not use it up.
 */
export async function verifyEmail(ctx: Needs, { token, password }: Verification): Promise<void> {
  const shown = { token, purpose: 'verify_email' } as const
  const link = await findTokenHolder(ctx, shown)
  const holder = link && { id: link.user_id, email: link.email, isActive: true }
  const user = holder && (await ctx.em.findOne(UserEntity, holder))
  if (!user) throw badLink()
  const { id: userId, passwordHash } = user
  const cost = ctx.config.auth.passwordHashCost
  if (!(await passwordHashing.matches(password, passwordHash, cost, placeOfPerson(userId)))) {
    const message =
      'This is not the password that was chosen for this account. If you do not know it, choose a new one: that confirms the address, too.'
    throw invalidField('/password', message)
  }
  await ctx.em.transactional(async (tx) => {
    const em = tx as EntityManager
    const inside = { ...ctx, em }
    // Of a registration that comes at the same time, either its password was asked for or it waits.
    const unchanged = { ...holder, passwordHash }
    const held = await em.findOne(UserEntity, unchanged, {
      lockMode: LockMode.PESSIMISTIC_WRITE,
      refresh: true,
    })
    if (!held || !(await useToken(inside, shown))) throw badLink()
    await voidTokens(inside, userId, ['verify_email'])
    if (held.isVerified) return
    held.isVerified = true
    held.updatedAt = ctx.clock.now()
    await em.flush()
    await noteAccount(inside, userId, 'account.verified', {
      userId,
      details: { by: 'verify_email' },
    })
  })
}
