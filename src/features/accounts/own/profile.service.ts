import { type EntityManager, UniqueConstraintViolationException } from '@mikro-orm/postgresql'
import type { Context } from '../../../context.ts'
import { AppError } from '../../../core/errors.ts'
import { getUser } from '../accounts.service.ts'
import { noteAccount } from '../note-account.ts'
import type { User } from '../user.entity.ts'
import type { OwnChanges } from './own.schemas.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'origin'>

const taken = () =>
  new AppError('conflict', 'Somebody has this username already.', {
    fields: [{ in: 'body', pointer: '/username', message: 'is taken' }],
  })

/** Changes what people say of themselves. Throws `conflict` for a username that is taken. */
export async function changeOwnProfile(
  ctx: Needs,
  userId: string,
  changes: OwnChanges,
): Promise<User> {
  try {
    return await ctx.em.transactional((tx) =>
      change({ ...ctx, em: tx as EntityManager }, userId, changes),
    )
  } catch (error) {
    throw error instanceof UniqueConstraintViolationException ? taken() : error
  }
}

async function change(ctx: Needs, userId: string, changes: OwnChanges): Promise<User> {
  const user = await getUser(ctx.em, userId)
  const given = Object.entries(changes).filter(([, value]) => value !== undefined)
  const changed = given.filter(([field, value]) => user[field as keyof OwnChanges] !== value)
  if (changed.length === 0) return user
  Object.assign(user, Object.fromEntries(changed), { updatedAt: ctx.clock.now() })
  await ctx.em.flush()
  const details = { fields: changed.map(([field]) => field) }
  await noteAccount(ctx, userId, 'account.updated', { details })
  return user
}
