import type { EntityManager } from '@mikro-orm/postgresql'
import type { Context } from '../../context.ts'
import { AppError } from '../../core/errors.ts'
import { passwordHashing } from './password.ts'
import { type User, UserEntity } from './user.entity.ts'

/** The person behind these credentials; one answer for an unknown address and a wrong password. */
export async function checkCredentials(
  { em, config }: Pick<Context, 'em' | 'config'>,
  { email, password }: { email: string; password: string },
): Promise<User> {
  const user = await em.findOne(UserEntity, { email })
  const cost = config.auth.passwordHashCost
  const same = await passwordHashing.matches(password, user?.passwordHash ?? null, cost)
  if (!user || !same || !user.isActive) {
    throw new AppError('unauthorized', 'The e-mail address or the password is wrong.')
  }
  return user
}

export async function getUser(em: EntityManager, id: string): Promise<User> {
  return em.findOneOrFail(UserEntity, { id })
}
