import type { Context } from '../../../context.ts'
import { AppError } from '../../../core/errors.ts'
import { addressKey } from '../../../limits/address.ts'
import type { Limiter } from '../../../limits/limits.ts'
import {
  accountRule,
  addressRule,
  delayAfter,
  firstWrongRule,
  freeTries,
  gateRule,
  passesRule,
  triesRule,
} from './lockout.rules.ts'

type Needs = Pick<Context, 'limits' | 'origin'>

/** One try at one account from one address, counted before anything is hashed. */
export type LoginTry = {
  /** The how manieth it is; undone by a right password. */
  number: number
  /** How long this address waits for its next try at this account, if this one fails. Seconds. */
  delayS: number
  /** It was right: this address starts anew with this account. */
  forgive: () => Promise<void>
  /** It was never judged: it does not count. */
  takeBack: () => Promise<void>
}

const locked = (resetMs: number) =>
  new AppError('rate_limited', 'Too many wrong tries from here. Wait before the next one.', {
    retryAfterS: Math.max(1, Math.ceil(resetMs / 1_000)),
  })

/**
 * Lets a try in, or throws `rate_limited`. The count is kept by account and address together, so that
 * nobody can lock another out; an account that is not there is counted the same. Of many tries at
 * once beyond the free ones, one passes. Without a store each process counts alone.
 */
export async function beginTry({ limits, origin }: Needs, email: string): Promise<LoginTry> {
  const key = `${email} ${addressKey(origin.ip ?? undefined)}`
  const counted = [triesRule, gateRule, passesRule].map((rule) => limits.limiter(rule))
  const [tries, gate, passes] = counted as [Limiter, Limiter, Limiter]
  const closed = await gate.get(key)
  if (closed && !closed.allowed) throw locked(closed.resetMs)
  const { used } = await tries.consume(key)
  const free = used < freeTries
  const number = free ? used : await passGate({ gate, passes }, key)
  return {
    number,
    delayS: delayAfter(number),
    forgive: async () => {
      await Promise.all(counted.map((limiter) => limiter.delete(key)))
    },
    takeBack: async () => {
      await (free ? tries : passes).reward(key)
      if (!free) await gate.delete(key)
    },
  }
}

/** One at a time comes through, and closes it behind itself for longer than the one before. */
async function passGate(
  { gate, passes }: { gate: Limiter; passes: Limiter },
  key: string,
): Promise<number> {
  const pass = await gate.consume(key)
  if (!pass.allowed) throw locked(pass.resetMs)
  const number = freeTries - 1 + (await passes.consume(key)).used
  await gate.block(key, delayAfter(number))
  return number
}

/** What a wrong try adds up to, beyond its own account and address. Nothing is refused for it. */
export async function countWrongTry(
  { limits, origin }: Needs,
  email: string,
): Promise<{ ofAccount: number; accountsFromHere: number | null }> {
  const address = addressKey(origin.ip ?? undefined)
  const { used: ofAccount } = await limits.limiter(accountRule).consume(email)
  const first = await limits.limiter(firstWrongRule).consume(`${email} ${address}`)
  if (first.used > 1) return { ofAccount, accountsFromHere: null }
  const { used: accountsFromHere } = await limits.limiter(addressRule).consume(address)
  return { ofAccount, accountsFromHere }
}
