import type { Context } from '../../context.ts'
import { AppError } from '../../core/errors.ts'
import type { LimitRule } from '../../limits/limits.ts'
import { countMails } from '../mail/index.ts'
import { holdAddress } from './invitations.repository.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'limits'>

const mailsAnHour = 5
const hourMs = 3_600_000

/** As many as of one workspace: whoever opens more of them may not send more. */
const byInviter: LimitRule = { name: 'invitations', points: 200, durationS: 86_400 }

/**
 * Nobody's mailbox is filled from many workspaces, and nobody writes to the world through them. One
 * refusal for both, and only mails are counted: it says neither who has an account nor who else asks
 * them in.
 */
export async function refuseFlood(
  { em, clock, limits }: Needs,
  { to, inviterId }: { to: string; inviterId: string },
): Promise<void> {
  await holdAddress(em, to)
  const since = new Date(clock.now().getTime() - hourMs)
  const written = await countMails(em, { to, template: 'invitation', since })
  const { allowed } = await limits.limiter(byInviter).consume(inviterId)
  if (allowed && written < mailsAnHour) return
  const message =
    'Too many invitations went to this address in an hour, or from you in a day. Try again later.'
  throw new AppError('rate_limited', message, { retryAfterS: hourMs / 1_000 })
}
