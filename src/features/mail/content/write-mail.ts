import type { MailData, MailTemplate } from '../mail-templates.ts'
import { alreadyRegistered, changeEmail, invitation, verifyEmail } from './joining.content.ts'
import { accountDeleted, accountDisabled } from './leaving.content.ts'
import type { ContentOf, MailContent, Surroundings } from './mail-content.ts'
import { securityAlert } from './operators.content.ts'
import { renderHtml } from './render-html.ts'
import { renderText } from './render-text.ts'
import { instantInWords } from './safe-text.ts'
import {
  emailChanged,
  lockedOut,
  passwordChanged,
  recoveryCodeUsed,
  resetPassword,
  secondFactorChanged,
  sessionReused,
} from './security.content.ts'

const contents: { [Template in MailTemplate]: ContentOf<Template> } = {
  verify_email: verifyEmail,
  already_registered: alreadyRegistered,
  reset_password: resetPassword,
  password_changed: passwordChanged,
  change_email: changeEmail,
  email_changed: emailChanged,
  session_reused: sessionReused,
  second_factor_changed: secondFactorChanged,
  recovery_code_used: recoveryCodeUsed,
  locked_out: lockedOut,
  security_alert: securityAlert,
  account_disabled: accountDisabled,
  account_deleted: accountDeleted,
  invitation,
}

export const mailTemplates = Object.keys(contents) as MailTemplate[]

export type WrittenMail = {
  id: string
  /** The same each time this mail is tried: who gets it twice can tell. */
  messageId: string
  from: string
  to: string
  at: Date
  subject: string
  text: string
  html: string
}

type ToWrite = { id: string; template: MailTemplate; data: unknown; to: string; createdAt: Date }
type Around = {
  link: { url: string; expiresAt: Date } | null
  from: string
  publicUrl: string
  now: Date
}

const contentOf = <Template extends MailTemplate>(
  template: Template,
  data: MailData[Template],
  surroundings: Surroundings,
): MailContent => (contents[template] as ContentOf<Template>)(data, surroundings)

/** The mail in both its forms, ready to go. */
export function writeMail(mail: ToWrite, { link, from, publicUrl, now }: Around): WrittenMail {
  const resetUrl = `${publicUrl}/account/reset-password`
  const content = contentOf(mail.template, mail.data as MailData[MailTemplate], { resetUrl })
  const input = {
    content,
    link,
    validity: link && `The link works once, until ${instantInWords(link.expiresAt)}.`,
    footer: [`Sent by Earshot at ${publicUrl}`, 'Nobody reads answers to this address.'],
  }
  return {
    id: mail.id,
    messageId: `<mail-${mail.id}.${mail.createdAt.getTime()}@${new URL(publicUrl).hostname}>`,
    from,
    to: mail.to,
    at: now,
    subject: content.subject,
    text: renderText(input),
    html: renderHtml(input),
  }
}
