import type { Context } from '../../../context.ts'
import { AppError, invalidField } from '../../../core/errors.ts'
import type { LimitRule } from '../../../limits/limits.ts'
import { getUser } from '../accounts.service.ts'
import { passwordHashing } from '../password.ts'
import type { User } from '../user.entity.ts'

/** Whoever holds a stolen session must not find the password with it. */
const rule: LimitRule = {
  name: 'password_confirm',
  points: 10,
  durationS: 900,
  refuseFromMemory: false,
}

/**
 * The person, after they have shown their password once more: in front of what a stolen session
 * must not be able to do. Throws `invalid_input` at /currentPassword, or `rate_limited`.
 */
export async function confirmPassword(
  { em, config, limits }: Pick<Context, 'em' | 'config' | 'limits'>,
  userId: string,
  currentPassword: string,
): Promise<User> {
  const limiter = limits.limiter(rule)
  // Counted before it is judged: many at once are no more tries.
  const standing = await limiter.consume(userId)
  if (!standing.allowed) {
    throw new AppError('rate_limited', 'Too many wrong passwords. Wait before the next one.', {
      retryAfterS: Math.max(1, Math.ceil(standing.resetMs / 1_000)),
    })
  }
  const user = await getUser(em, userId)
  if (!(await isRight(currentPassword, user, config.auth.passwordHashCost))) {
    throw invalidField('/currentPassword', 'This is not your password.')
  }
  await limiter.delete(userId)
  return user

  async function isRight(typed: string, { passwordHash }: User, cost: number): Promise<boolean> {
    try {
      return await passwordHashing.matches(typed, passwordHash, cost)
    } catch (error) {
      await limiter.reward(userId)
      throw error
    }
  }
}
