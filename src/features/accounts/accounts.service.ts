import type { EntityManager } from '@mikro-orm/postgresql'
import { type User, UserEntity } from './user.entity.ts'

/** Throws where there is nobody: whoever asks knows from a session that there was. */
export async function getUser(em: EntityManager, id: string): Promise<User> {
  return em.findOneOrFail(UserEntity, { id })
}
