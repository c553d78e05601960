import type { EntityManager } from '@mikro-orm/postgresql'
import type { Context } from '../../../context.ts'
import { revokeAllApiTokens } from '../api-tokens/revoke-all.repository.ts'
import { noteAccount } from '../note-account.ts'
import { requireSecondFactor } from '../own/require-second-factor.ts'
import { passwordHashing, placeOfPerson } from '../password.ts'
import { requireGoodPassword } from '../passwords/password-rules.ts'
import { setPassword } from '../passwords/set-password.ts'
import { endSessions } from '../sessions/sessions.service.ts'
import { type User, UserEntity } from '../user.entity.ts'
import { countTry, findTokenHolder, useToken, voidTokens } from './account-tokens.repository.ts'
import { badLink } from './bad-link.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'config' | 'origin' | 'keyring' | 'limits'>
type Reset = { token: string; password: string; code?: string | undefined }

/**
 * Sets a new password for whoever shows the link, and the second factor where one is on. Whoever had
 * the old one is out: sessions end, API tokens are revoked. Throws for a link that is not good.
 */
export async function resetPassword(ctx: Needs, { token, password, code }: Reset): Promise<void> {
  const shown = { token, purpose: 'reset_password' } as const
  const link = await findTokenHolder(ctx, shown)
  const user = link && (await findHolder(ctx.em, link))
  if (!link || !user) throw badLink()
  requireGoodPassword(password, user, '/password')
  await requireSecondFactor(ctx, user.id, code, () => tryLink(ctx, link.id))
  const cost = ctx.config.auth.passwordHashCost
  const passwordHash = await passwordHashing.hash(password, cost, placeOfPerson(user.id))
  await ctx.em.transactional(async (tx) => {
    const em = tx as EntityManager
    const used = await useToken({ ...ctx, em }, shown)
    const holder = used && (await findHolder(em, used))
    if (!holder) throw badLink()
    await takeOver({ ...ctx, em }, holder, passwordHash)
  })
}

/** Wrong codes after which the link is worth nothing: many at once are no more tries. */
const mostTries = 5
const tryLink = async (ctx: Needs, tokenId: string): Promise<boolean> =>
  ((await countTry(ctx, tokenId))?.tries ?? mostTries + 1) <= mostTries

const findHolder = (em: EntityManager, link: { user_id: string; email: string }) =>
  em.findOne(UserEntity, { id: link.user_id, email: link.email, isActive: true }, { refresh: true })

async function takeOver(ctx: Needs, user: User, passwordHash: string): Promise<void> {
  const provenNow = !user.isVerified
  user.isVerified = true
  await setPassword(ctx, user, passwordHash)
  await voidTokens(ctx, user.id, ['reset_password', 'change_email', 'verify_email'])
  const sessions = await endSessions(ctx, user.id, { reason: 'password_reset' })
  const apiTokens = await revokeAllApiTokens(ctx, user.id)
  const { id: userId } = user
  if (provenNow) {
    const details = { by: 'reset_password' }
    await noteAccount(ctx, userId, 'account.verified', { userId, details })
  }
  await noteAccount(ctx, userId, 'password.reset', { userId, details: { sessions, apiTokens } })
}
