import type { EntityManager } from '@mikro-orm/postgresql'
import type { Context } from '../../../context.ts'
import { invalidField } from '../../../core/errors.ts'
import { countMails, queueMail } from '../../mail/index.ts'
import { getUser } from '../accounts.service.ts'
import { noteAccount } from '../note-account.ts'
import { type User, UserEntity } from '../user.entity.ts'
import { confirmIdentity } from './confirm-identity.service.ts'

type Needs = Pick<Context, 'em' | 'clock' | 'config' | 'origin' | 'keyring' | 'limits'>
type Change = { currentPassword: string; email: string; code?: string | undefined }

const mailsAnHour = 5
const hourMs = 3_600_000

/**
 * Asks for another address. Nothing changes before the link in the mail to it is followed. An address
 * that somebody else has gets a mail too, another one: the answer tells nothing.
 */
export async function askForNewEmail(
  ctx: Needs,
  userId: string,
  { currentPassword, email, code }: Change,
): Promise<void> {
  const user = await getUser(ctx.em, userId)
  if (email === user.email) throw invalidField('/email', 'is your address already')
  await confirmIdentity(ctx, user, { password: currentPassword, code })
  await ctx.em.transactional(async (tx) => {
    const inside = { ...ctx, em: tx as EntityManager }
    await writeTo(inside, user, email)
    await noteAccount(inside, userId, 'email.change_requested', { email })
  })
}

async function writeTo(ctx: Needs, user: User, email: string): Promise<void> {
  const owner = await ctx.em.findOne(UserEntity, { email })
  const since = new Date(ctx.clock.now().getTime() - hourMs)
  const template = owner ? 'already_registered' : 'change_email'
  if ((await countMails(ctx.em, { to: email, template, since })) >= mailsAnHour) return
  if (owner) {
    const data = { name: owner.displayName ?? null }
    await queueMail(ctx, { userId: owner.id, to: email, template: 'already_registered', data })
    return
  }
  // Not by name: this address may be a stranger's.
  const data = { name: null, newEmail: email }
  await queueMail(ctx, { userId: user.id, to: email, template: 'change_email', data })
}
