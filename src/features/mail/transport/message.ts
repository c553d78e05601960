import type { WrittenMail } from '../content/write-mail.ts'
import { DeliveryError } from '../delivery-error.ts'

/** One address and nothing else: no list, no name, no second header. */
const oneAddress = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/u

/** The mail in nodemailer's words. The address stands alone, so nobody's name reaches a header. */
export function messageOf(mail: WrittenMail) {
  if (!oneAddress.test(mail.to)) {
    throw new DeliveryError('rejected', 'The address is not one that a mail can be sent to.')
  }
  return {
    from: mail.from,
    to: { name: '', address: mail.to },
    date: mail.at,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: mail.messageId,
    xMailer: false as const,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  }
}
