import { type EntityManager, UniqueConstraintViolationException } from '@mikro-orm/postgresql'
import type { Context } from '../../../context.ts'
import { queueMail } from '../../mail/index.ts'
import { noteAccount } from '../note-account.ts'
import { endSessions } from '../sessions/sessions.service.ts'
import { UserEntity } from '../user.entity.ts'
import { useToken, voidTokens } from './account-tokens.repository.ts'
import { badLink } from './bad-link.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'origin'>

/**
 * Makes the new address the one to sign in with, ends every session, and tells the old address. One
 * that somebody else took meanwhile is refused like any link that is not good.
 */
export async function confirmEmail(ctx: Needs, token: string): Promise<void> {
  try {
    await ctx.em.transactional((tx) => change({ ...ctx, em: tx as EntityManager }, token))
  } catch (error) {
    throw error instanceof UniqueConstraintViolationException ? badLink() : error
  }
}

async function change(ctx: Needs, token: string): Promise<void> {
  const { em, clock } = ctx
  const used = await useToken(ctx, { token, purpose: 'change_email' })
  const user = used && (await em.findOne(UserEntity, { id: used.user_id }))
  if (!used || !user?.isActive) throw badLink()
  const before = user.email
  const now = clock.now()
  user.email = used.email
  user.isVerified = true
  user.updatedAt = now
  await em.flush()
  // Links that went to the old address open nothing from here on.
  await voidTokens(ctx, user.id, ['change_email', 'reset_password', 'verify_email'])
  // All: a link is followed in whatever browser, so which session asked is not known.
  const sessionsEnded = await endSessions(ctx, user.id, { reason: 'email_changed' })
  await queueMail(ctx, {
    userId: user.id,
    to: before,
    template: 'email_changed',
    data: { name: user.displayName ?? null, newEmail: used.email, at: now.toISOString() },
  })
  await noteAccount(ctx, user.id, 'email.changed', {
    userId: user.id,
    email: before,
    details: { sessionsEnded },
  })
}
