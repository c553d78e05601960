import type { EntityManager } from '@mikro-orm/postgresql'
import type { Context } from '../../../context.ts'
import { noteAccount } from '../note-account.ts'
import { UserEntity } from '../user.entity.ts'
import { useToken, voidTokens } from './account-tokens.repository.ts'
import { badLink } from './bad-link.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'origin'>

/** Whoever shows the link has read the mail: the address is theirs. Throws for a link that is not good. */
export const verifyEmail = (ctx: Needs, token: string): Promise<void> =>
  ctx.em.transactional(async (tx) => {
    const em = tx as EntityManager
    const inside = { ...ctx, em }
    const used = await useToken(inside, { token, purpose: 'verify_email' })
    const user = used && (await em.findOne(UserEntity, { id: used.user_id, email: used.email }))
    if (!user?.isActive) throw badLink()
    await voidTokens(inside, user.id, ['verify_email'])
    if (user.isVerified) return
    user.isVerified = true
    user.updatedAt = ctx.clock.now()
    await em.flush()
    const details = { by: 'verify_email' }
    await noteAccount(inside, user.id, 'account.verified', { userId: user.id, details })
  })
