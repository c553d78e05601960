import { type EntityManager, UniqueConstraintViolationException } from '@mikro-orm/postgresql'
import type { Context } from '../../context.ts'
import { AppError } from '../../core/errors.ts'
import { createPersonalWorkspace } from '../workspaces/index.ts'
import type { Credentials } from './accounts.schemas.ts'
import { passwordHashing } from './password.ts'
import { type User, UserEntity } from './user.entity.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'config'>

/** A person with a workspace of their own, or nothing at all. Throws `conflict` for a known address. */
export async function createUser(
  { em, clock, config }: Needs,
  { email, password }: Credentials,
): Promise<User> {
  const taken = () => new AppError('conflict', 'There is an account for this e-mail address.')
  if (await em.findOne(UserEntity, { email })) throw taken()
  const passwordHash = await passwordHashing.hash(password, config.auth.passwordHashCost)
  const now = clock.now()
  try {
    return await em.transactional(async (tx) => {
      const user = tx.create(UserEntity, {
        email,
        passwordHash,
        role: 'user',
        isActive: true,
        isVerified: false,
        createdAt: now,
        updatedAt: now,
      })
      await tx.flush()
      const name = email.split('@')[0] ?? email
      await createPersonalWorkspace(tx as EntityManager, { userId: user.id, name, now })
      return user
    })
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException) throw taken()
    throw error
  }
}

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
