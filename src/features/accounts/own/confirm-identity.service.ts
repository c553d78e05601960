import type { Context } from '../../../context.ts'
import { invalidField } from '../../../core/errors.ts'
import { findHomeWorkspaceId } from '../../workspaces/index.ts'
import { passwordHashing, placeOfPerson } from '../password.ts'
import type { SecondFactorNeeds } from '../second-factor/check.service.ts'
import { beginTry } from '../sign-in/lockout.service.ts'
import { noteFailedLogin } from '../sign-in/login-failure.service.ts'
import type { User } from '../user.entity.ts'
import { requireSecondFactor } from './require-second-factor.ts'

type Proof = { password: string; code: string | undefined }

/**
 * Asks for the password once more, and for the second factor where one is on, before what a stolen
 * session must not do. Wrong ones count like those of a login: a session is no place to guess from.
 * Throws a refusal of /currentPassword or /code, or `rate_limited`.
 */
export async function confirmIdentity(
  ctx: SecondFactorNeeds & Pick<Context, 'config'>,
  user: Pick<User, 'id' | 'email' | 'passwordHash'> & Partial<Pick<User, 'displayName'>>,
  { password, code }: Proof,
): Promise<void> {
  const attempt = await beginTry(ctx, user.email)
  const cost = ctx.config.auth.passwordHashCost
  const same = await passwordHashing
    .matches(password, user.passwordHash, cost, placeOfPerson(user.id))
    .catch(async (error: unknown) => {
      await attempt.takeBack()
      throw error
    })
  if (!same) {
    const workspaceId = await findHomeWorkspaceId(ctx.em, user.id)
    const tried = { userId: user.id, workspaceId, name: user.displayName ?? null }
    const reason = 'wrong password in a session'
    await noteFailedLogin(ctx, { email: user.email, tried, reason, attempt })
    throw invalidField('/currentPassword', 'This is not your password.')
  }
  await attempt.forgive()
  await requireSecondFactor(ctx, user.id, code)
}
