import type { Context } from '../../../context.ts'
import { AppError } from '../../../core/errors.ts'
import { checkSecondFactor } from '../second-factor/check.service.ts'
import { tryChallenge, useChallenge } from './challenge.repository.ts'
import type { SecondStep, SignedIn } from './sign-in.schemas.ts'
import { signIn } from './sign-in.service.ts'

/** One answer for a challenge that is not good and a code that is not. */
const wrong = () =>
  new AppError('unauthorized', 'The code is wrong, or it took too long: sign in again.')

/** The second half of signing in. Throws `unauthorized`, or `rate_limited` after many wrong codes. */
export async function takeSecondStep(
  ctx: Context,
  { challenge, code }: SecondStep,
): Promise<SignedIn> {
  const open = await tryChallenge(ctx, challenge)
  if (!open) throw wrong()
  const method = await checkSecondFactor(ctx, open.user_id, code)
  if (!method || !(await useChallenge(ctx, open.id))) throw wrong()
  return signIn(ctx, { userId: open.user_id, provenAt: open.created_at, method })
}
