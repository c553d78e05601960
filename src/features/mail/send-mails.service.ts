import type { EntityManager } from '@mikro-orm/postgresql'
import type { Context } from '../../context.ts'
import { type WrittenMail, writeMail } from './content/write-mail.ts'
import { DeliveryError } from './delivery-error.ts'
import { type DueMail, giveUp, markSent, takeDueMail, tryLater } from './mail.repository.ts'
import { isLinkTemplate, type LinkTemplate } from './mail-templates.ts'
import { nextTryAt } from './retry-schedule.ts'

/** A link with its secret behind the '#', where no server logs it; made for this very mail. */
export type MailLink = { url: string; expiresAt: Date }
/** null: nobody waits for it any more (a known address, an invitation taken back). */
export type MintLink = (ctx: Context, mail: DueMail) => Promise<MailLink | null>
export type LinkMinters = Record<LinkTemplate, MintLink>

export type MailTransport = {
  /** Resolves when the mail is in other hands. Throws DeliveryError. */
  deliver: (mail: WrittenMail) => Promise<void>
  close: () => void
}

export type MailSending = { transport: MailTransport; minters: LinkMinters }

/** Longer than a delivery may take (15 s), so that two rounds rarely hold one mail. */
const leaseMs = 60_000
const mostInRound = 500

type Outcome = 'sent' | 'not wanted' | 'failed' | 'away'

/**
 * Sends the mails that are due, one after the other, until the server is away. A mail counts as sent
 * only when the server has taken it: whoever is killed between that and our note sends it a second
 * time, under the same Message-ID, and never not at all. Returns how many went out.
 */
export async function sendDueMails(ctx: Context, sending: MailSending): Promise<number> {
  let sent = 0
  for (let tried = 0; tried < mostInRound && !ctx.signal.aborted; tried += 1) {
    const mail = await takeDueMail(ctx, leaseMs)
    if (!mail) break
    const outcome = await sendOne(ctx, mail, sending)
    if (outcome === 'sent') sent += 1
    if (outcome === 'away') break
  }
  return sent
}

async function sendOne(ctx: Context, mail: DueMail, sending: MailSending): Promise<Outcome> {
  try {
    const link = isLinkTemplate(mail.template)
      ? await sending.minters[mail.template](freshly(ctx), mail)
      : null
    if (isLinkTemplate(mail.template) && !link) {
      await giveUp(ctx, mail, null)
      return 'not wanted'
    }
    const { from } = ctx.config.mail
    const { publicUrl } = ctx.config.http
    const written = writeMail(mail, { link, from, publicUrl, now: ctx.clock.now() })
    await sending.transport.deliver(written)
  } catch (error) {
    return noteFailure(ctx, mail, error)
  }
  await markSent(ctx, mail)
  ctx.log.info({ mailId: mail.id, template: mail.template }, 'a mail went out')
  return 'sent'
}

/** What one mail has read is not what the next one should see. */
const freshly = (ctx: Context): Context => ({ ...ctx, em: ctx.em.fork() as EntityManager })

async function noteFailure(ctx: Context, mail: DueMail, error: unknown): Promise<Outcome> {
  const known = error instanceof DeliveryError ? error : null
  const problem = known?.problem ?? 'deferred'
  const reason = known?.message ?? 'It could not be written: the worker log says why.'
  const told = { mailId: mail.id, template: mail.template, tries: mail.tries, reason }
  if (!known) ctx.log.error({ ...told, err: error }, 'a mail could not be written')
  else if (known.isForOperator) ctx.log.error(told, 'the mail server does not take our mails')
  const next = nextTryAt({ ...mail, problem, now: ctx.clock.now() })
  if (next) {
    await tryLater(ctx.em, mail, next, reason)
    ctx.log.warn({ ...told, nextTryAt: next }, 'a mail waits')
  } else {
    await giveUp(ctx, mail, reason)
    ctx.log.warn(told, 'a mail was given up')
  }
  return problem === 'away' ? 'away' : 'failed'
}
