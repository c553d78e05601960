import type { Context } from '../../../context.ts'
import { AppError } from '../../../core/errors.ts'
import { addressKey } from '../../../limits/address.ts'
import type { LimitRule, Standing } from '../../../limits/limits.ts'

/**
 * Of a million codes three are right at a time. Thirty wrong ones in an hour find one with a chance
 * of 0.2 % a day; who guesses them knows the password already, so the owner is told. The smaller
 * limit by address comes first, so that somebody else's guessing rarely locks the owner out.
 */
const fromAddress: LimitRule = {
  name: 'second_factor_address',
  points: 10,
  durationS: 900,
  refuseFromMemory: false,
}
const ofPerson: LimitRule = {
  name: 'second_factor_person',
  points: 30,
  durationS: 3_600,
  refuseFromMemory: false,
}

type Needs = Pick<Context, 'limits' | 'origin'>

export type CodeTry = {
  /** This try is the last one for a while, if it is wrong. */
  isLast: boolean
  /** It was right: it does not count. */
  forgive: () => Promise<void>
}

/** Counts a code before it is judged: many at once are no more tries. Throws `rate_limited`. */
export async function beginCodeTry({ limits, origin }: Needs, userId: string): Promise<CodeTry> {
  const key = `${userId} ${addressKey(origin.ip ?? undefined)}`
  const [here, everywhere] = [limits.limiter(fromAddress), limits.limiter(ofPerson)]
  const standings = [await here.consume(key)]
  if (standings[0]?.allowed) standings.push(await everywhere.consume(userId))
  const refused = standings.find(({ allowed }) => !allowed)
  if (refused) throw tooMany(refused)
  return {
    isLast: standings.some(({ remaining }) => remaining === 0),
    forgive: async () => {
      await here.delete(key)
      await everywhere.reward(userId)
    },
  }
}

const tooMany = ({ resetMs }: Standing) =>
  new AppError('rate_limited', 'Too many wrong codes. Wait before the next one.', {
    retryAfterS: Math.max(1, Math.ceil(resetMs / 1_000)),
  })
