import { type EntityManager, LockMode } from '@mikro-orm/postgresql'
import type { Context } from '../../context.ts'
import { AppError, notFound } from '../../core/errors.ts'
import { queueMail } from '../mail/index.ts'
import { voidTokens } from './links/account-tokens.repository.ts'
import { noteAccount } from './note-account.ts'
import { endSessions } from './sessions/sessions.service.ts'
import { type User, UserEntity } from './user.entity.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'origin'>

/**
 * Takes somebody's access away at once: sessions end, API tokens and links are refused while it lasts.
 * The person is told by mail. Throws `not_found`, and `conflict` for the last admin.
 */
export const disableAccount = (ctx: Needs, userId: string, reason: string | null): Promise<User> =>
  held(ctx, userId, async (inside, user, isLastAdmin) => {
    if (!user.isActive) return
    if (isLastAdmin) throw lastAdmin()
    const now = inside.clock.now()
    Object.assign(user, {
      isActive: false,
      disabledAt: now,
      disabledReason: reason,
      updatedAt: now,
    })
    await inside.em.flush()
    const sessions = await endSessions(inside, userId, { reason: 'account_disabled' })
    await voidTokens(inside, userId, ['verify_email', 'reset_password', 'change_email'])
    await queueMail(inside, {
      userId,
      to: user.email,
      template: 'account_disabled',
      data: { name: user.displayName ?? null, reason },
    })
    await noteAccount(inside, userId, 'account.disabled', { details: { sessions } })
  })

/** Gives access back; sessions that were ended stay so. Throws `not_found`. */
export const enableAccount = (ctx: Needs, userId: string): Promise<User> =>
  held(ctx, userId, async (inside, user) => {
    if (user.isActive) return
    const updatedAt = inside.clock.now()
    Object.assign(user, { isActive: true, disabledAt: null, disabledReason: null, updatedAt })
    await inside.em.flush()
    await noteAccount(inside, userId, 'account.enabled')
  })

/** Makes somebody an admin, or one no more. Throws `not_found`, and `conflict` for the last admin. */
export const setRole = (ctx: Needs, userId: string, role: User['role']): Promise<User> =>
  held(ctx, userId, async (inside, user, isLastAdmin) => {
    if (user.role === role) return
    if (role === 'user' && isLastAdmin) throw lastAdmin()
    const before = user.role
    Object.assign(user, { role, updatedAt: inside.clock.now() })
    await inside.em.flush()
    const details = { from: before, to: role }
    await noteAccount(inside, userId, 'account.role_changed', { details })
  })

type Change = (inside: Needs, user: User, isLastAdmin: boolean) => Promise<void>

/** With all admins held still, in one order: two who take each other's rights away wait. */
function held(ctx: Needs, userId: string, change: Change): Promise<User> {
  return ctx.em.transactional(async (tx) => {
    const em = tx as EntityManager
    const found = await em.find(
      UserEntity,
      { $or: [{ id: userId }, { role: 'admin', isActive: true }] },
      { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' }, refresh: true },
    )
    const user = found.find(({ id }) => id === userId)
    if (!user) throw notFound('User')
    await change({ ...ctx, em }, user, user.role === 'admin' && found.length === 1)
    return user
  })
}

/** Somebody must be able to undo it. */
const lastAdmin = () =>
  new AppError('conflict', 'This is the last admin: make somebody else one first.')
