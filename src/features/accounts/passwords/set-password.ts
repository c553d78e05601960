import type { Context } from '../../../context.ts'
import { queueMail } from '../../mail/index.ts'
import type { User } from '../user.entity.ts'

/** Writes the new password and tells its owner, in the caller's transaction. */
export async function setPassword(
  { em, clock, origin }: Pick<Context, 'em' | 'clock' | 'origin'>,
  user: User,
  passwordHash: string,
): Promise<void> {
  const now = clock.now()
  user.passwordHash = passwordHash
  user.passwordChangedAt = now
  user.updatedAt = now
  await em.flush()
  await queueMail(
    { em, clock },
    {
      userId: user.id,
      to: user.email,
      template: 'password_changed',
      data: { name: user.displayName ?? null, at: now.toISOString(), ip: origin.ip },
    },
  )
}
