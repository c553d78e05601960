import type { Context } from '../../../context.ts'
import { addressKey } from '../../../limits/address.ts'
import type { Limiter, LimitRule } from '../../../limits/limits.ts'
import type { Place } from '../hashing/hashing-line.ts'

/** Counts right passwords by account and address; forgotten three weeks after the first. */
const rule: LimitRule = {
  name: 'login_familiar',
  points: 1_000_000_000,
  durationS: 21 * 24 * 3_600,
  refuseFromMemory: false,
}

type Needs = Pick<Context, 'limits' | 'origin'>

const entry = ({ limits, origin }: Needs, email: string): [Limiter, string] => [
  limits.limiter(rule),
  `${email} ${addressKey(origin.ip ?? undefined)}`,
]

/**
 * Where a login stands in the line of hashing: from an address where this account's password was
 * right before, ahead of everybody who only tries. Asked for accounts that are not there as well.
 */
export async function placeOf(ctx: Needs, email: string): Promise<Place> {
  const [limiter, key] = entry(ctx, email)
  const familiar = (await limiter.get(key)) !== null
  return { from: addressKey(ctx.origin.ip ?? undefined), familiar }
}

/** The password was right: next time this address is familiar. A lost note costs a wait, no more. */
export async function noteFamiliar(ctx: Needs, email: string): Promise<void> {
  const [limiter, key] = entry(ctx, email)
  await limiter.consume(key)
}
