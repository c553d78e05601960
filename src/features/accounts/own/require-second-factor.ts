import { invalidField } from '../../../core/errors.ts'
import { checkSecondFactor, type SecondFactorNeeds } from '../second-factor/check.service.ts'
import { hasSecondFactor } from '../second-factor/second-factor.repository.ts'

/**
 * Asks for a code where a second factor is on. `countTry` is asked before the code is judged; false:
 * it was tried too often. Throws a refusal of /code, or `rate_limited`.
 */
export async function requireSecondFactor(
  ctx: SecondFactorNeeds,
  userId: string,
  code: string | undefined,
  countTry: () => Promise<boolean> = async () => true,
): Promise<void> {
  if (!(await hasSecondFactor(ctx.em, userId))) return
  if (code === undefined) {
    const message = 'This account has a second factor: give a code of the app, or a recovery code.'
    throw invalidField('/code', message)
  }
  if ((await countTry()) && (await checkSecondFactor(ctx, userId, code))) return
  throw invalidField('/code', 'This code is wrong, was used before, or is too old.')
}
