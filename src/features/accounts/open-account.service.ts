import type { EntityManager } from '@mikro-orm/postgresql'
import type { Context } from '../../context.ts'
import { AppError } from '../../core/errors.ts'
import { createPersonalWorkspace } from '../workspaces/index.ts'
import { noteAccount } from './note-account.ts'
import { passwordHashing } from './password.ts'
import { type User, UserEntity } from './user.entity.ts'

export type NewAccount = {
  /** Lower case. */
  email: string
  passwordHash: string
  displayName?: string | null
  verified: boolean
  role?: User['role']
}

type Needs = Pick<Context, 'em' | 'clock' | 'origin'>

/** A person with a workspace of their own, in the caller's transaction. */
export async function writeAccount(
  { em, clock, origin }: Needs,
  { email, passwordHash, displayName = null, verified, role = 'user' }: NewAccount,
): Promise<User> {
  const now = clock.now()
  const user = em.create(UserEntity, {
    email,
    passwordHash,
    displayName,
    role,
    isActive: true,
    isVerified: verified,
    createdAt: now,
    updatedAt: now,
  })
  await em.flush()
  const name = displayName ?? email.split('@')[0] ?? email
  await createPersonalWorkspace(em, { userId: user.id, name, now })
  await noteAccount({ em, clock, origin }, user.id, 'account.registered', {
    details: { verified, role },
    email,
  })
  return user
}

type OpenAccount = Omit<NewAccount, 'passwordHash'> & { password: string }

/**
 * Opens an account for somebody whom the caller knows, or throws `conflict`: for the terminal alone,
 * because to a stranger nothing may say who has an account.
 */
export async function openAccount(
  { em, clock, origin, config }: Needs & Pick<Context, 'config'>,
  { password, ...account }: OpenAccount,
): Promise<User> {
  const passwordHash = await passwordHashing.hash(password, config.auth.passwordHashCost)
  return em.transactional(async (inner) => {
    const tx = inner as EntityManager
    if (await tx.findOne(UserEntity, { email: account.email })) {
      throw new AppError('conflict', `There is an account for ${account.email}.`)
    }
    return writeAccount({ em: tx, clock, origin }, { ...account, passwordHash })
  })
}
