import { type EntityManager, LockMode } from '@mikro-orm/postgresql'
import type { Context } from '../../../context.ts'
import type { Actor } from '../../../core/actor.ts'
import { AppError, invalidField } from '../../../core/errors.ts'
import { getUser } from '../accounts.service.ts'
import { voidTokens } from '../links/account-tokens.repository.ts'
import { noteAccount } from '../note-account.ts'
import { passwordHashing, placeOfPerson } from '../password.ts'
import { requireGoodPassword } from '../passwords/password-rules.ts'
import { setPassword } from '../passwords/set-password.ts'
import { endSessions } from '../sessions/sessions.service.ts'
import { type User, UserEntity } from '../user.entity.ts'
import { confirmIdentity } from './confirm-identity.service.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'config' | 'origin' | 'keyring' | 'limits'>
type Change = { currentPassword: string; newPassword: string; code?: string | undefined }

/** Changes the password and ends every other session; API tokens stay. */
export async function changePassword(
  ctx: Needs,
  { userId, sessionId }: Pick<Actor, 'userId' | 'sessionId'>,
  { currentPassword, newPassword, code }: Change,
): Promise<void> {
  const user = await getUser(ctx.em, userId)
  if (newPassword.normalize('NFKC') === currentPassword.normalize('NFKC')) {
    throw invalidField('/newPassword', 'must be another one than now')
  }
  requireGoodPassword(newPassword, user, '/newPassword')
  await confirmIdentity(ctx, user, { password: currentPassword, code })
  const cost = ctx.config.auth.passwordHashCost
  const hash = await passwordHashing.hash(newPassword, cost, placeOfPerson(userId))
  await ctx.em.transactional(async (tx) => {
    const inside = { ...ctx, em: tx as EntityManager }
    const held = await holdUnchanged(inside, user)
    await setPassword(inside, held, hash)
    await voidTokens(inside, userId, ['reset_password', 'change_email'])
    const ended = await endSessions(inside, userId, {
      except: sessionId,
      reason: 'password_changed',
    })
    await noteAccount(inside, userId, 'password.changed', { details: { sessionsEnded: ended } })
  })
}

/** Of two who change at once from the same password, one does. */
async function holdUnchanged({ em }: Needs, { id, passwordHash }: User): Promise<User> {
  const held = await em.findOne(
    UserEntity,
    { id, passwordHash },
    { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
  )
  if (!held) throw new AppError('conflict', 'The password was changed meanwhile. Sign in again.')
  return held
}
